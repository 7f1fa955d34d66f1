import * as z from 'zod/mini'
import { guardianRelations } from '../../shared/asking'
import {
  askable,
  consentPurposes,
  mayAnswer,
  nextConsentState,
  type AskablePurpose,
  type ConsentAnswer,
} from '../../shared/consent'
import { putQuestion, recordById } from '../db/asking'
import { holdConsent, moveConsent, type Proof } from '../db/consent'
import { consentFile, attached } from '../db/receipt'
import { textInUse } from '../db/text'
import { hashToken } from '../lib/id'
import { questionOf } from '../lib/question'
import { choicePage, receiptPage, type Open } from './choice-pages'
import { answerOf, choicesOf, copyRecord, questionByLink, receiptOf, wasShown, type Choice } from './choice-rows'
import { fields, home, look, page, type Door, type Visit } from './doors'
import { identifyPath, identityOf, inWeChat, type Reader } from './identity'
import { proofOf, type Pressed } from './pressed'
import { to } from './sheet'

const form = z.object({
  answer: z.enum(['agree', 'refuse', 'withdraw', 'start']),
  guardian: z.optional(z.enum(guardianRelations)),
})

/** One purpose, one question, one page; the answer is a form, and what it does is said by the machine (compliance 3.4, 5.3). */
export function choiceDoors(door: Door): void {
  for (const purpose of askable) {
    door('GET', `/choice/${purpose}`, async (v) => {
      const open = await openChoice(v, purpose)
      if (!open) return home(v)
      const reader = await identityOf(v)
      // WeChat can say who reads, and asks nothing of them: so they need no tap for it. Once; whoever stays unknown reads all the same.
      if (reader.identity === 'IAL0' && inWeChat(v.c) && !v.c.req.query('known'))
        return v.c.redirect(to(v.sheet, identifyPath(v.base, `choice/${purpose}`)), 302)
      look(v, `choice.${purpose}`)
      return page(v.c, choicePage(v, open, reader))
    })
    door('POST', `/choice/${purpose}`, async (v) => {
      const given = await fields(v.c)
      if (!(await openChoice(v, purpose))) return home(v)
      const pressed = z.safeParse(form, given)
      if (!pressed.success) return v.c.redirect(to(v.sheet, `${v.base}/choice/${purpose}`), 303)
      // Held before it is read again: of two presses at once the second sees what the first has done.
      await holdConsent(v.tx, v.letter.customer, purpose, v.at)
      const open = await openChoice(v, purpose)
      if (!open) return home(v)
      const reader = await identityOf(v)
      const { answer, guardian } = pressed.data
      if (answer === 'agree' && consentPurposes[purpose].guardian && !guardian)
        return page(v.c, choicePage(v, open, reader, true), 400)
      const receipt = await press(v, open, reader, { answer, guardian, facts: given })
      const next = receipt ? `${v.base}/receipt/${receipt}` : `${v.base}/choice/${purpose}`
      return v.c.redirect(to(v.sheet, next), 303)
    })
    door('POST', `/choice/${purpose}/seen`, async (v) => {
      if ((await openChoice(v, purpose))?.may.answer) await noteShown(v, purpose)
      return v.c.body(null, 204)
    })
  }
  door('GET', '/receipt/:number', async (v) => {
    const found = await receiptOf(v.tx, v.letter.customer, v.c.req.param('number') ?? '')
    if (!found) return home(v)
    const reader = await identityOf(v)
    look(v, 'receipt')
    const name = follows[answerOf(found.type)]
    const said = name && (await textInUse(v.tx, v.audit, v.at, name)).words[v.sheet.language]['text']
    return page(v.c, receiptPage(v.sheet, found, reader, said || null))
  })
  door('GET', '/receipt/:number/file', async (v) => {
    const found = await receiptOf(v.tx, v.letter.customer, v.c.req.param('number') ?? '')
    // Whole records are for the customer themselves; whoever else holds the link sees the receipt.
    if (!found || (await identityOf(v)).identity !== 'IAL2') return home(v)
    const file = await consentFile(v.tx, v.sheet.config, found.recordId)
    v.audit('consent.exported', v.letter.customer, { record: found.recordId, by: 'customer' })
    v.c.header('cache-control', 'no-store')
    v.c.header('content-disposition', attached(found.recordId))
    return v.c.json(file)
  })
}

/** What a receipt says after an answer; of an agreement the page itself says it. */
const follows = { agree: null, refuse: 'M4', withdraw: 'M5' } as const

/** How a purpose stands before the reader. A question that came with this link is open even before we heard that it was sent. */
async function openChoice(v: Visit, purpose: AskablePurpose): Promise<Open | null> {
  const standing = (await choicesOf(v.tx, v.letter.customer)).find((one) => one.purpose === purpose)
  const linked = await questionByLink(v.tx, hashToken(v.c.req.param('token') ?? ''))
  const fresh = linked?.purpose === purpose && (!standing || standing.recordId < linked.recordId) ? linked : null
  if (fresh && (!standing || nextConsentState(standing.state, 'ask')))
    return { choice: { ...fresh, state: 'requested', receipt: null }, put: true, may: mayOf(v, fresh, 'requested') }
  return standing ? { choice: standing, put: false, may: mayOf(v, standing, standing.state) } : null
}

/** Everything that stands before this reader, the question of their own link among it. */
export async function openChoices(v: Visit): Promise<Choice[]> {
  const all = await Promise.all([...askable].map((purpose) => openChoice(v, purpose)))
  return all.flatMap((open) => (open && (open.may.answer || open.may.withdraw) ? [open.choice] : []))
}

/** Buttons of a link end after 90 days and with its colleague; a withdrawal only protects and never ends. */
function mayOf(v: Visit, choice: Pick<Choice, 'subjectId'>, state: Choice['state']): Open['may'] {
  const live = !v.letter.expired && v.letter.since === null && choice.subjectId === v.letter.successor
  return {
    answer: live && (state === 'requested' || state === 'unanswered'),
    withdraw: state === 'given',
    start: live && state !== 'unanswered' && nextConsentState(state, 'start') !== null,
  }
}

/** Two seconds before somebody's eyes (4.3): once for each way of being known. It moves nothing. */
async function noteShown(v: Visit, purpose: AskablePurpose): Promise<void> {
  const customerId = v.letter.customer
  await holdConsent(v.tx, customerId, purpose, v.at)
  const open = await openChoice(v, purpose)
  const reader = await identityOf(v)
  // What was not heard of as sent is not asked yet.
  if (!open?.may.answer || open.put || (await wasShown(v.tx, open.choice.recordId, reader.identity))) return
  const { recordId } = open.choice
  const proof = proofOf(v, reader, open.choice, {}, undefined)
  await moveConsent(v.tx, v.audit, { customerId, purpose, event: 'show', recordId, at: v.at, proof, id: v.id })
}

interface Press {
  answer: ConsentAnswer | 'start'
  guardian: (typeof guardianRelations)[number] | undefined
  facts: Pressed
}

/** Answers the receipt's number, or null where the press means nothing: a replay, an old page, somebody who may not. */
async function press(v: Visit, open: Open, reader: Reader, { answer, guardian, facts }: Press): Promise<string | null> {
  const { choice, may, put } = open
  const { purpose } = choice
  const asking = answer === 'agree' || answer === 'refuse'
  const allowed = answer === 'start' ? may.start : asking ? may.answer : may.withdraw
  if (!allowed || !mayAnswer(answer === 'start' ? 'refuse' : answer, reader.identity)) return null
  const proof: Proof = proofOf(v, reader, choice, facts, guardian)
  const move = (event: ConsentAnswer | 'start', recordId: string) =>
    moveConsent(v.tx, v.audit, { customerId: v.letter.customer, purpose, event, recordId, at: v.at, proof, id: v.id })
  if (answer === 'start') return await startAgain(v, choice, (recordId) => move('start', recordId))
  if (put) {
    const record = await recordById(v.tx, choice.recordId)
    if (record)
      await putQuestion(v.tx, v.audit, record, { at: v.at, id: v.id, proof: { entity: 'system', channel: 'web_page' } })
  } else if (asking && choice.state === 'unanswered') await move('start', choice.recordId)
  return (await move(answer, choice.recordId)).receipt
}

async function startAgain(v: Visit, choice: Choice, start: (record: string) => Promise<unknown>): Promise<null> {
  const until = new Date(v.at.getTime() + consentPurposes[choice.purpose].days * 86_400_000)
  const { text, sha256 } = questionOf(v.sheet.language, choice.purpose, { who: choice.subject, until })
  const id = v.id()
  await copyRecord(v.tx, choice.recordId, { id, at: v.at, language: v.sheet.language, text, sha256, until })
  await start(id)
  return null
}
