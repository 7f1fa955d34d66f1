import type { Knock } from '../../shared/probe'
import type { App, Door } from '../lib/serve'

/** What a door must do with whoever has nothing. A kind of door that is not here does not compile. */
type Duty = 'refuse' | 'as_anybody'
const dutyOf = ({ access }: Door): Duty => {
  if (Array.isArray(access)) return 'refuse'
  const duties: Record<Extract<Door['access'], string>, Duty> = {
    'signed-in': 'refuse',
    anyone: 'as_anybody',
    'customer-link': 'as_anybody',
    wecom: 'as_anybody',
  }
  return duties[access as keyof typeof duties]
}

/**
 * Knocks at every door with a session, and says what came back. Nothing can happen by it even where a door opens: a POST
 * carries a body that no endpoint reads, and the app behind it stands on a database that refuses to write (jobs.ts).
 */
export async function knockAt(
  app: App,
  doors: readonly Door[],
  { origin, cookieName }: { origin: string; cookieName: string },
  { credential, token }: { credential: Knock['credential']; token: string },
): Promise<Knock[]> {
  const knocks: Knock[] = []
  for (const door of doors) {
    const began = performance.now()
    const answer = await call(app, door, origin, `${cookieName}=${token}`)
    const ms = Math.round(performance.now() - began)
    const shut = dutyOf(door) === 'refuse' ? isRefusal(answer) : alike(answer, await call(app, door, origin, undefined))
    const bytes = shut ? 0 : Buffer.byteLength(answer.body)
    knocks.push({ door: `${door.method} ${door.path}`, credential, status: answer.status, bytes, ms, shut })
  }
  return knocks
}

interface Answer {
  status: number
  body: string
}

async function call(app: App, { method, path }: Door, origin: string, cookie: string | undefined): Promise<Answer> {
  const post = { 'content-type': 'text/plain', 'x-jiebang': '1', origin }
  const headers = { ...(cookie === undefined ? {} : { cookie }), ...(method === 'POST' ? post : {}) }
  const address = origin + path.replace(/:\w+/g, 'nobody')
  const answer = await app.request(address, { method, headers, ...(method === 'POST' ? { body: '-' } : {}) })
  return { status: answer.status, body: await answer.text() }
}

/** 401 and the failure's own words, nothing beside them. 403 would mean that the door knew who was there. */
function isRefusal({ status, body }: Answer): boolean {
  if (status !== 401) return false
  try {
    const said = JSON.parse(body) as Record<string, unknown>
    return said['code'] === 'signed_out' && Object.keys(said).sort().join() === 'code,message,requestId'
  } catch {
    return false
  }
}

/** A door without a login knows nobody: with the leaver's session it answers what it answers without, but for the number. */
const alike = (one: Answer, other: Answer): boolean =>
  one.status === other.status && withoutNumber(one.body) === withoutNumber(other.body)
const withoutNumber = (body: string): string => body.replace(/[0-9a-f]{32}/g, '')
