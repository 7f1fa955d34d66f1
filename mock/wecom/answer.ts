import type { Api, Call } from './api'
import { apis } from './apis'
import { accepted, refused, Refusal, type Answer } from './envelope'
import type { CallStrike } from './faults'
import type { Inside } from './inside'
import { tampered, unmarked } from './tamper'
import { readToken } from './tokens'
import { pause } from './wire'

interface Asked {
  id: string
  path: string
  request: Request
  query: URLSearchParams
  body: Record<string, unknown> | null
  fault: CallStrike
}

/** Path, then token, then parameters: a bad token hides what else is wrong (facts 0). */
export async function answer(inside: Inside, asked: Asked): Promise<Answer> {
  const { path, request, query, fault } = asked
  const api = apis[path]
  if (!api) throw new Error(`no API ${path}`)
  const badJson = asked.body === null
  try {
    inside.limits.count(path, inside.clock.now())
    const secret = api.access === 'anyone' ? null : readToken(inside, { query, fault })
    if (fault.errcode && !fault.effect) throw new Refusal(fault.errcode)
    permit(inside, api, secret)
    if (fault.meanwhile) inside.act(fault.meanwhile.deed, fault.meanwhile.with)
    // GET where POST is needed: there is no body, and what is missing first is the userid (facts 1.4).
    if (request.method !== api.method) throw new Refusal(api.method === 'POST' ? 40003 : 40058)
    const sent = asked.body?.['cursor']
    const body = sent === undefined ? (asked.body ?? {}) : { ...asked.body, cursor: unmarked(sent) }
    const payload = await guarded(inside, api, { id: asked.id, path, query, body, secret, fault })
    if (fault.errcode) throw new Refusal(fault.errcode)
    return tampered(fault, accepted(payload, badJson), sent, () => inside.faults.random())
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refused(error, api.empty ?? {}, { seconds: inside.clock.seconds(), serial: inside.state.serial, badJson })
  }
}

/** Facts 1.2. */
function permit({ cast }: Inside, api: Api, secret: Call['secret']): void {
  if (api.access === 'customer contact' && (secret !== 'app' || !cast.app.mayCallContacts)) throw new Refusal(48002)
  if (api.access === 'app' && secret !== 'app') throw new Refusal(48001)
  if (api.access === 'contacts' && secret !== 'contacts') throw new Refusal(48001)
}

/** Holds the places of facts 1.3 while WeCom is at work, so that parallel calls really meet. */
async function guarded(inside: Inside, api: Api, call: Call): Promise<Record<string, unknown>> {
  const { limits } = inside
  const free: (() => void)[] = []
  try {
    if (api.stored) free.push(limits.hold(call.path, limits.numbers.parallel, 45033))
    if (api.alone) free.push(limits.hold(api.alone(call), 1, 45035))
    if (free.length) await pause(api.alone ? limits.numbers.writeMillis : limits.numbers.workMillis)
    return api.answer(inside, call)
  } finally {
    for (const give of free) give()
  }
}
