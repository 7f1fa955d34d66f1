import { version } from '../../../package.json'
import { asFailure } from '../lib/api'
import { traced, type Traced } from '../lib/trace'
import { classify, context, isInWeCom } from '../lib/wecom'

const FAILED = 10
const CALLS = 12

/**
 * What is copied for whoever helps: versions, the device, how calls ended. Every line is made of what we name ourselves, of
 * numbers and of the browser's name; no address beyond which page, no question, no answer, nobody's name.
 */
export async function report(differenceMs: number): Promise<string> {
  const failed = traced.filter(({ how }) => typeof how === 'number' && how >= 400).slice(-FAILED)
  const calls = traced.filter(({ what }) => !what.includes(' ')).slice(-CALLS)
  return [
    `Jiebang ${version} · ${buildOf()}`,
    `${new Date().toISOString()} · clock ${seconds(differenceMs)}`,
    navigator.userAgent.slice(0, 300),
    `WeCom ${/wxwork\/([\d.]{1,20})/i.exec(navigator.userAgent)?.[1] ?? 'no'} · entry ${await entry()}`,
    device(),
    `failed requests: ${failed.length}`,
    ...failed.map(line),
    `client calls: ${calls.length}`,
    ...calls.map(line),
  ].join('\n')
}

/** All calls, for the panel. */
export const everyCall = (): string => traced.map(line).reverse().join('\n') || '–'

const line = ({ what, how, ms, at, number }: Traced): string =>
  [what, how, `${ms} ms`, `${Math.round((Date.now() - at) / 1000)} s ago`, safeNumber(number)]
    .filter(Boolean)
    .join(' · ')

/** A proxy in between may say what it likes. */
const safeNumber = (number: string): string => (/^[\w-]{1,64}$/.test(number) ? number : '')

const seconds = (ms: number): string => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(1)} s`

/** The name of the first file has a hash of what is in it. */
const buildOf = (): string =>
  /[\w.-]{1,80}\.js$/.exec(document.querySelector('script[type=module][src]')?.getAttribute('src') ?? '')?.[0] ??
  'unbuilt'

/** Where in WeCom the page stands, as the client says now. */
async function entry(): Promise<string> {
  if (!isInWeCom()) return 'outside'
  try {
    const said = await context()
    return /^\w{1,40}$/.test(said) ? said : 'unreadable'
  } catch (thrown) {
    const refusal = classify(thrown)
    return 'why' in refusal ? refusal.why : asFailure(refusal).code
  }
}

function device(): string {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const where = location.pathname.startsWith('/sidebar') ? '/sidebar' : '/workbench'
  return [
    where,
    `window ${innerWidth}×${innerHeight}`,
    `screen ${screen.width}×${screen.height}@${devicePixelRatio}`,
    `${document.documentElement.lang} (${navigator.language.slice(0, 12)})`,
    dark ? 'dark' : 'light',
    navigator.onLine ? 'online' : 'offline',
  ].join(' · ')
}
