import type { Device } from '../../shared/session'

const families: readonly [Device, RegExp][] = [
  ['ios', /iphone|ipad|ipod/i],
  ['android', /android|harmony/i],
  ['windows', /windows/i],
  ['mac', /macintosh|mac os/i],
]

/** Which family of device a browser says it is. Enough to recognise one's own phone; nothing finer is kept of anybody. */
export const deviceOf = (agent = ''): Device => families.find(([, says]) => says.test(agent))?.[0] ?? 'other'
