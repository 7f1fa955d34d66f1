import { act } from '../db/act'
import type { Audit } from '../db/act'
import { addHistory } from '../db/history'
import { holdNotice, moveNotice } from '../db/notice'
import type { Tx } from '../db/open'
import { inheritedHandover } from '../db/standing'
import type { Deps } from '../deps'
import type { Language } from '../../shared/lang/fill'
import type { UnreachableReason } from '../../shared/notice'
import { sha256 } from '../lib/id'
import { addMassMessage, massMessages, massResult } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { walkPages } from '../wecom/pages'
import { writeAttempt } from './attempt'
import * as rows from './mass-rows'
import { settleAttempt, toldWith } from './rows'

const LOOK_UP_MS = 2 * 60_000
const POLL_MS = 5 * 60_000
/** WeCom still dispatches the message (facts 1.4). */
const TOO_EARLY = 41063
const NO_RECEIVER = 41048

/** What was called without an answer is looked up before anything new is called; then what waits is asked for. */
export async function sendMass(deps: Deps): Promise<void> {
  const ago = (ms: number) => new Date(deps.now().getTime() - ms)
  for (const mass of await rows.unanswered(deps.db, ago(LOOK_UP_MS))) if (!(await lookUp(deps, mass))) return
  for (const mass of await rows.asked(deps.db, 50)) if (!(await send(deps, mass))) return
  for (const mass of await rows.toPoll(deps.db, ago(POLL_MS))) if (!(await poll(deps, mass))) return
}

/** False: WeCom does not answer now, and the rest waits for the next run. */
async function send(deps: Deps, mass: rows.Mass): Promise<boolean> {
  const call = await takeCall(deps, mass)
  if (!call) return true
  try {
    const { fail_list, msgid } = await deps.wecom.ask(addMassMessage, {
      chat_type: 'single',
      external_userid: [mass.externalUserid],
      sender: mass.userid,
      text: { content: call.text },
    })
    if (fail_list.includes(mass.externalUserid ?? '')) await fail(deps, mass, call.attempt, 'not_friend', null)
    else await change(deps, mass, 'calling', (tx) => rows.setMass(tx, mass.id, { state: 'waiting', msgid }))
    return true
  } catch (error) {
    if (error instanceof WeComError && error.kind === 'final') {
      await fail(deps, mass, call.attempt, error.errcode === NO_RECEIVER ? 'not_friend' : 'refused', error.errcode)
      return true
    }
    // WeCom said no for now, or never heard of it: nothing happened there. Of a lost answer nobody knows; it is looked up.
    if (error instanceof WeComError || (error instanceof AnswerLost && error.notSent))
      await change(deps, mass, 'calling', (tx) => rows.setMass(tx, mass.id, { state: 'asked', calledAt: null }))
    deps.log.warn({ err: error, mass: mass.id }, 'mass message not created')
    return false
  }
}

/** That it is called, with which exact text, is committed first. null: there is nothing to tell any more. */
function takeCall(deps: Deps, mass: rows.Mass): Promise<{ text: string; attempt: string } | null> {
  return change(deps, mass, 'asked', async (tx, audit) => {
    const state = await holdNotice(tx, mass.handoverId)
    const mine = await inheritedHandover(tx, mass.memberId, mass.handoverId)
    const open = mine?.transfer === 'taken_over' && !mine.objectionOpen && rows.mayAsk.includes(state)
    if (!mine?.settledAt || !open || !mass.externalUserid) {
      await rows.setMass(tx, mass.id, { state: 'failed', settledAt: deps.now() })
      return null
    }
    const { name } = await tx
      .selectFrom('member')
      .select('name')
      .where('id', '=', mass.memberId)
      .executeTakeFirstOrThrow()
    const telling = {
      ...{ handover: mass.handoverId, state, toldWith: await toldWith(tx, mass.handoverId), old: mine.from, new: name },
      ...{ effective: mine.settledAt, by: mass.memberId, as: 'successor' as const },
    }
    const { id: attempt, text } = await writeAttempt(deps, tx, audit, telling, mass.language as Language)
    await rows.setMass(tx, mass.id, { state: 'calling', calledAt: deps.now(), attemptId: attempt })
    return { text, attempt }
  })
}

/** The same text stands in WeCom's list, or the call was never heard of; then a person may ask for it again. */
async function lookUp(deps: Deps, mass: rows.Mass): Promise<boolean> {
  const from = Math.floor((mass.calledAt?.getTime() ?? 0) / 1000)
  const question = { chat_type: 'single', creator: mass.userid, filter_type: 2, limit: 100 }
  try {
    let msgid: string | null = null
    const whole = await walkPages(
      (cursor) => deps.wecom.ask(massMessages, { ...question, start_time: from - 60, end_time: from + 3600, cursor }),
      ({ group_msg_list: listed }) => {
        msgid ??= listed.find(({ text }) => sha256(text?.content ?? '') === mass.textSha256)?.msgid ?? null
        return listed.length
      },
    )
    if (msgid) await change(deps, mass, 'calling', (tx) => rows.setMass(tx, mass.id, { state: 'waiting', msgid }))
    else if (whole) await give(deps, mass)
    return true
  } catch (error) {
    deps.log.warn({ err: error, mass: mass.id }, 'mass message not found out')
    return false
  }
}

async function poll(deps: Deps, mass: rows.Mass): Promise<boolean> {
  try {
    const { send_list } = await deps.wecom.ask(massResult, {
      msgid: mass.msgid,
      userid: mass.userid,
      limit: 1000,
      cursor: '',
    })
    const row = send_list.find((one) => one.external_userid === mass.externalUserid)
    if (row?.status === 1) await told(deps, mass)
    else if (row?.status === 2) await fail(deps, mass, mass.attemptId, 'not_friend', null, 'waiting')
    else if (row?.status === 3) await fail(deps, mass, mass.attemptId, 'cap', null, 'waiting')
    else await change(deps, mass, 'waiting', (tx) => rows.setMass(tx, mass.id, { polledAt: deps.now() }))
    return true
  } catch (error) {
    if (error instanceof WeComError && (error.errcode === TOO_EARLY || error.kind === 'final')) {
      const over = error.errcode !== TOO_EARLY
      if (over) await fail(deps, mass, mass.attemptId, 'refused', error.errcode, 'waiting')
      else await change(deps, mass, 'waiting', (tx) => rows.setMass(tx, mass.id, { polledAt: deps.now() }))
      return true
    }
    deps.log.warn({ err: error, mass: mass.id }, 'mass message not polled')
    return false
  }
}

/** WeCom's own result: E3. */
const told = (deps: Deps, mass: rows.Mass) =>
  change(deps, mass, 'waiting', async (tx, audit) => {
    const at = deps.now()
    const { handoverId, attemptId, pageVersion: version, memberId: by } = mass
    if (attemptId) await settleAttempt(tx, attemptId, { outcome: 'sent', form: 'mass', outcomeAt: at, detail: null })
    await rows.setMass(tx, mass.id, { state: 'sent', settledAt: at, polledAt: at })
    await moveNotice(tx, audit, { handoverId, event: 'deliver', at, by, version })
    const entry = { id: deps.id(), customerId: mass.customerId, at, authorId: by, source: 'member' as const }
    await addHistory(tx, [{ ...entry, kind: 'notice.sent', body: { form: 'mass' } }])
  })

const fail = (
  deps: Deps,
  mass: rows.Mass,
  attempt: string | null,
  why: UnreachableReason,
  errcode: number | null,
  state = 'calling',
) =>
  change(deps, mass, state, async (tx, audit) => {
    const at = deps.now()
    if (attempt) await settleAttempt(tx, attempt, { outcome: 'failed', form: 'mass', outcomeAt: at, detail: why })
    await rows.setMass(tx, mass.id, { state: 'not_sent', errcode, settledAt: at })
    await moveNotice(tx, audit, { handoverId: mass.handoverId, event: 'fail', at, why })
  })

/** WeCom never had it. */
const give = (deps: Deps, mass: rows.Mass) =>
  change(deps, mass, 'calling', async (tx) => {
    const at = deps.now()
    if (mass.attemptId)
      await settleAttempt(tx, mass.attemptId, { outcome: 'failed', form: 'mass', outcomeAt: at, detail: 'lost' })
    await rows.setMass(tx, mass.id, { state: 'failed', settledAt: at })
  })

/** Under the row's lock, and only from the state it was read in: two runs never do the same twice. */
function change<T>(
  { db, now }: Deps,
  { id, handoverId }: rows.Mass,
  from: string,
  work: (tx: Tx, audit: Audit) => Promise<T>,
): Promise<T | null> {
  return act(db, now(), 'wecom', async (tx, audit) => {
    if (!(await rows.holdMass(tx, id, from))) return null
    const done = await work(tx, audit)
    audit('notice.mass', handoverId, { mass: id, from })
    return done
  })
}
