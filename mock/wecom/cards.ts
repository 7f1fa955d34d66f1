import { randomBytes } from 'node:crypto'
import type { Call, Family } from './api'
import { someone } from './console'
import { Refusal } from './envelope'
import { events } from './events'
import type { Inside } from './inside'
import { integer, text, texts } from './params'
import type { AppMessage } from './state'
import { checkCard, isBody, isInteractive } from './templatecard'
import type { CardDeeds } from './world'

/** Interactive cards after they were sent (facts 8.2): a button tells the app, a code changes what the card shows, once. */
const LIFE_MS = 72 * 3600_000
/** The pages do not name the codes of a wrong or used response_code, nor of a task_id that is taken. */
const WRONG_CODE = 42014
const TASK_TAKEN = 42015

/** A card needs a task_id of its own and an app that can be told about its buttons. */
export function beginCard(inside: Inside, card: Record<string, unknown>): void {
  if (!isInteractive(card)) return
  if (!inside.cast.app.callback.url) throw new Refusal(43012)
  const task = String(card['task_id'])
  if (inside.state.tasks.has(task)) throw new Refusal(TASK_TAKEN, 'task_id exists')
  inside.state.tasks.add(task)
}

export function codeFor({ state, clock }: Inside, task: string, userids: string[]): string {
  const code = randomBytes(24).toString('base64url')
  state.cardCodes.set(code, { task, userids, expiresMs: clock.now() + LIFE_MS, used: false })
  return code
}

/** message/update_template_card [D:94888]. */
export const cards: Family = {
  'message/update_template_card': { method: 'POST', access: 'app', empty: { invaliduser: [] }, answer: update },
}

function update(inside: Inside, { path, id, body }: Call): Record<string, unknown> {
  const { state, clock, cast } = inside
  if (body['agentid'] === undefined) throw new Refusal(41011)
  if (integer(body['agentid'], 'agentid', { min: 0, max: 2 ** 31 }) !== cast.app.agentId) throw new Refusal(301002)
  const code = state.cardCodes.get(text(body['response_code'], 'response_code'))
  if (!code || code.used || clock.now() >= code.expiresMs) throw new Refusal(WRONG_CODE, 'invalid response_code')
  const asked = body['atall'] === 1 ? code.userids : texts(body['userids'], 'userids', 1000).map((u) => u.toLowerCase())
  const change = changeOf(body)
  code.used = true
  const reached = state.messages.filter((m) => taskOf(m) === code.task && asked.includes(m.userid.toLowerCase()))
  for (const message of reached) {
    message.body = change(message.body)
    inside.record({ api: path, requestId: id, kind: 'card_updated', userid: message.userid })
  }
  inside.changed()
  const found = reached.map((m) => m.userid.toLowerCase())
  return { invaliduser: asked.filter((u) => !found.includes(u)) }
}

/** Either the buttons get another word and stop working, or the whole card is another one. */
function changeOf(body: Record<string, unknown>): (card: Record<string, unknown>) => Record<string, unknown> {
  const { button, template_card: card } = body
  if (isBody(card)) {
    checkCard(card)
    return () => card
  }
  if (!isBody(button)) throw new Refusal(40058, "missing field 'template_card'")
  const name = text(button['replace_name'], 'replace_name')
  return (before) => ({ ...before, replace_text: name })
}

const taskOf = ({ body }: AppMessage): string | null => (typeof body['task_id'] === 'string' ? body['task_id'] : null)

/** In the member's client. A card that was replaced has grey buttons. */
export function createCardDeeds(inside: Inside): CardDeeds {
  return {
    memberPressesCard(userid, task, key) {
      const { userid: own } = someone(inside, userid)
      const message = inside.state.messages.find((m) => m.userid === own && taskOf(m) === task)
      if (!message) throw new Error(`${userid} has no card ${task}.`)
      const { button_list: buttons, replace_text: grey, card_type: type } = message.body
      const there = (buttons as { key?: string; type?: number }[]).some((b) => b.key === key && (b.type ?? 0) === 0)
      if (!there || grey) throw new Error(`${task} has no button ${key} that works.`)
      events.cardPressed(inside, own, { task, key, type: String(type), code: codeFor(inside, task, [own]) })
      inside.changed()
    },
  }
}
