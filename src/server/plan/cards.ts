import { act } from '../db/act'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import { sealer } from '../lib/seal'
import { sendCard, updateCard } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { CARD_SEAL } from '../db/card'
import { doneCard, openCard, type Face } from './card-face'
import * as rows from './card-rows'

/** WeCom's own word for "nobody there could receive it" (facts 8.2). */
const NOT_RECEIVED = 81013
/** The app has no callback address, so it may not send cards with buttons; a plain message goes. */
const NO_CALLBACK = 43012
/** A code is good for so long after the message or the press it came with (facts 8.2). */
const CODE_MS = 72 * 3600_000
const MOST_WAIT_MS = 3600_000

/**
 * Asks approvers in WeCom. Like a letter, a card counts as sent before it is sent and is never sent twice. Where cards are
 * refused (the app has no callback address: 43012), a plain message says the same.
 */
export async function sendCards(deps: Deps): Promise<void> {
  for (const card of await rows.cardsToSend(deps.db)) if ((await take(deps, card)) && !(await send(deps, card))) return
}

/** Asking again would say the same. */
const ends: readonly string[] = ['final', 'person']

const take = ({ db, now }: Deps, card: rows.CardToSend) =>
  act(db, now(), 'system', async (tx, audit) => {
    const taken = await rows.takeCard(tx, card.id, now())
    if (taken) audit('member.told', card.memberId, { card: card.id, plan: card.plan })
    return taken
  })

/** False: it surely was not sent, and neither would be the others; they wait for the next run. */
async function send(deps: Deps, card: rows.CardToSend): Promise<boolean> {
  const { wecom, log, config, db } = deps
  const message = {
    ...{ touser: card.userid, msgtype: 'template_card', agentid: Number(config.WECOM_AGENT_ID) },
    template_card: openCard(config.PUBLIC_URL, card),
  }
  try {
    const { invaliduser, response_code: code } = await wecom.ask(sendCard, message)
    if (invaliduser) await refused(deps, card, NOT_RECEIVED)
    else if (code) await rows.setCard(db, card.id, { sealedCode: sealed(deps).seal(code, card.id) })
    return true
  } catch (error) {
    log.warn({ err: error, card: card.id }, 'card not sent')
    if (error instanceof AnswerLost && !error.notSent) return true
    const final = error instanceof WeComError && (error.errcode === NO_CALLBACK || ends.includes(error.kind))
    if (final) await refused(deps, card, error.errcode)
    else await rows.setCard(db, card.id, { sentAt: null })
    return final
  }
}

/** The card did not arrive. Whoever may still be reached by a plain message gets one. */
const refused = (deps: Deps, card: rows.CardToSend, errcode: number) =>
  act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    await rows.setCard(tx, card.id, { errcode, sentAt: null })
    audit('member.told', card.memberId, { card: card.id, notReceived: true, errcode })
    if (errcode === NOT_RECEIVED) return
    const { customers, groups } = card.size
    const params = { plan: card.plan, leaver: card.leaver, planner: card.planner, customers, ...(groups && { groups }) }
    const letter = { id: deps.id(), memberId: card.memberId, kind: 'plan' as const, subject: card.approvalId }
    await writeLetters(tx, [{ ...letter, params, writtenAt: deps.now() }])
    deps.wake('letters')
  })

const sealed = ({ config }: Deps) => sealer(config.SECRET, CARD_SEAL)

/**
 * Nobody sees an open card of a plan that is decided. Saying it again does no harm, so a lost answer is simply tried again; a
 * code that was used after all is refused, and then the card shows it already.
 */
export async function updateCards(deps: Deps): Promise<void> {
  for (const card of await rows.cardsToUpdate(deps.db, deps.now())) await update(deps, card)
}

async function update(deps: Deps, card: rows.CardToUpdate): Promise<void> {
  const { db, now, wecom, log, config } = deps
  const pressed = card.sealedPress !== null
  const used = pressed ? { sealedPress: null } : { sealedCode: null }
  const code = sealed(deps).unseal((pressed ? card.sealedPress : card.sealedCode) ?? '', card.id)
  const since = (pressed ? card.pressedAt : card.sentAt) ?? new Date(0)
  if (code === null || now().getTime() - since.getTime() >= CODE_MS) return void (await rows.setCard(db, card.id, used))
  // Pressed without having changed anything: it shows again what it showed.
  const face = card.want
  const tries = card.tries + 1
  const nextTryAt = new Date(now().getTime() + Math.min(1000 * 2 ** tries, MOST_WAIT_MS))
  await act(db, now(), 'system', async (tx, audit) => {
    await rows.setCard(tx, card.id, { tries, nextTryAt })
    audit('plan.card_updated', card.plan, { card: card.id, member: card.memberId, face })
  })
  try {
    await wecom.ask(updateCard, {
      ...{ userids: [card.userid], agentid: Number(config.WECOM_AGENT_ID), response_code: code },
      template_card: doneCard(config.PUBLIC_URL, { ...card, at: card.endedAt }, face as Face),
    })
    await rows.setCard(db, card.id, { ...used, face, tries: 0, nextTryAt: null })
  } catch (error) {
    log.warn({ err: error, card: card.id }, 'card not updated')
    if (!(error instanceof WeComError) || error.kind !== 'final') return
    // Another code may still be there, of the message or of a press.
    await rows.setCard(db, card.id, { ...used, tries: 0, nextTryAt: null })
  }
}
