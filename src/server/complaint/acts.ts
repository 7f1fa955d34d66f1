import { needsSecond, nextComplaintState } from '../../shared/complaint'
import {
  answerFor,
  askCustomer,
  assignComplaint,
  beginComplaint,
  confirmDecision,
  contactCustomer,
  decideComplaint,
  escalateComplaint,
  noteComplaint,
  openRequest,
  reopenFor,
  triageComplaint,
} from '../../shared/complaintdesk'
import { OK } from '../../shared/endpoint'
import { isCorrection } from '../../shared/request'
import { Failure } from '../../shared/failure'
import { fileRequest } from '../db/request'
import { disagree, hearMore, informed } from '../db/complaint-hear'
import { changeComplaint, moveComplaint, stateOf, tellEvent } from '../db/complaint-move'
import type { House } from '../lib/serve'
import { actsOf } from './act'
import { conflictOf, holdFor, holdOwn } from './guard'
import { tellByMail } from './mail-out'
import * as rows from './rows'

/** What compliance does with a complaint, one step of the machine at a time. */
export function complaintActs(house: House): void {
  const { config, id } = house.deps
  const on = actsOf(house)

  on(triageComplaint, async ({ tx, audit, me, now, input }) => {
    const { number, kind, severity, about: aboutId, owner: ownerId } = input
    const held = await holdFor(tx, number, me)
    if (aboutId && !(await rows.memberKnown(tx, aboutId))) throw new Failure('invalid', { fields: 'about' })
    await checkOwner(tx, { ...held, aboutId }, ownerId)
    const set = { kind, severity, aboutId, ownerId }
    await moveComplaint(tx, audit, held, 'triage', { at: now, actor: me, set, detail: set })
    return OK
  })

  on(assignComplaint, async ({ tx, audit, me, now, input }) => {
    const held = await holdFor(tx, input.number, me)
    const state = stateOf(held)
    if (['received', 'acknowledged', 'closed', 'result_informed'].includes(state)) throw new Failure('complaint_step')
    await checkOwner(tx, held, input.owner)
    await changeComplaint(tx, held, { ownerId: input.owner, toldOfAt: null })
    await tellEvent(tx, held.number, { at: now, actor: me, what: 'assigned', words: input.reason })
    audit('complaint.owned', held.number, { from: held.ownerId, to: input.owner })
    return OK
  })

  on(beginComplaint, async ({ tx, audit, me, now, input }) => {
    const held = await holdFor(tx, input.number, me)
    if (held.ownerId && held.ownerId !== me) throw new Failure('complaint_not_mine')
    await moveComplaint(tx, audit, held, 'begin', { at: now, actor: me, set: { ownerId: me } })
    return OK
  })

  on(askCustomer, async ({ tx, audit, me, now, input }) => {
    const held = await holdOwn(tx, input.number, me)
    if (held.askedAt) throw new Failure('complaint_asked')
    const set = { askedAt: now, respondedAt: held.respondedAt ?? now }
    await moveComplaint(tx, audit, held, 'ask', { at: now, actor: me, words: input.text, set })
    await tellByMail(tx, audit, { config, id: id(), at: now }, held, 'ask', input.text)
    return OK
  })

  on(answerFor, async ({ tx, audit, me, now, input }) => {
    const held = await holdFor(tx, input.number, me)
    if (stateOf(held) !== 'pending_customer') throw new Failure('complaint_step')
    await hearMore(tx, audit, held, { at: now, actor: me, words: input.text })
    audit('complaint.contacted', held.number, { what: 'answer', how: input.how })
    return OK
  })

  on(decideComplaint, async ({ tx, audit, me, now, input: { number, ...found } }) => {
    const held = await holdOwn(tx, number, me)
    if (!nextComplaintState(stateOf(held), 'decide')) throw new Failure('complaint_step')
    const last = await rows.lastDecision(tx, number)
    if (last?.state === 'proposed') throw new Failure('stale')
    // What somebody complained of as an act of an employee cannot be upheld against nobody.
    const againstStaff = found.againstStaff || (held.kind === 'employee' && found.outcome !== 'answered')
    const second = needsSecond({ ...found, againstStaff })
    const made = { number, ...found, againstStaff, decidedBy: me, decidedAt: now }
    const state = second ? 'proposed' : 'standing'
    await rows.addDecision(tx, { ...made, seq: (last?.seq ?? 0) + 1, round: held.round, state })
    audit('complaint.decided', number, { outcome: found.outcome, againstStaff, state })
    if (second) await tellEvent(tx, number, { at: now, actor: me, what: 'proposed', words: found.reasons })
    else await stand(tx, audit, held, { at: now, actor: me, summary: found.summary, reasons: found.reasons })
    return OK
  })

  on(confirmDecision, async ({ tx, audit, me, now, input: { number, seq, agree, words } }) => {
    const held = await holdFor(tx, number, me)
    const last = await rows.lastDecision(tx, number)
    if (last?.seq !== seq || last.state !== 'proposed') throw new Failure('stale')
    if (last.decidedBy === me) throw new Failure('complaint_second')
    if (!agree && !words) throw new Failure('invalid', { fields: 'words' })
    const state = agree ? 'standing' : 'returned'
    await rows.settleDecision(tx, number, seq, { state, secondBy: me, secondAt: now, secondWords: words })
    audit('complaint.decided', number, { outcome: last.outcome, againstStaff: last.againstStaff, state })
    if (agree) await stand(tx, audit, held, { at: now, actor: me, summary: last.summary, reasons: last.reasons })
    else {
      await changeComplaint(tx, held, { toldOfAt: null })
      await tellEvent(tx, number, { at: now, actor: me, what: 'returned', words })
    }
    return OK
  })

  on(contactCustomer, async ({ tx, audit, me, now, input: { number, how, what, words } }) => {
    const held = await holdFor(tx, number, me)
    const state = stateOf(held)
    audit('complaint.contacted', number, { what, how })
    if (what === 'result') {
      if (state !== 'resolved') throw new Failure('complaint_told')
      await informed(tx, audit, held, { at: now, actor: me, by: how, words })
    } else if (what === 'acknowledge') {
      const set = { acknowledgedAt: now }
      await moveComplaint(tx, audit, held, 'acknowledge', { at: now, actor: me, words, set, detail: { how } })
    } else {
      await changeComplaint(tx, held, { respondedAt: held.respondedAt ?? now })
      await tellEvent(tx, number, { at: now, actor: me, what: 'responded', words })
    }
    return OK
  })

  on(reopenFor, async ({ tx, audit, me, now, input: { number, how, text } }) => {
    const held = await holdFor(tx, number, me)
    await disagree(tx, audit, held, { at: now, actor: me, words: text })
    audit('complaint.contacted', number, { what: 'reopen', how })
    return OK
  })

  on(escalateComplaint, async ({ tx, audit, me, now, input: { number, to, words } }) => {
    const held = await holdOwn(tx, number, me)
    await moveComplaint(tx, audit, held, 'escalate', { at: now, actor: me, words: `${to}\n${words}` })
    return OK
  })

  on(noteComplaint, async ({ tx, audit, me, now, input: { number, text } }) => {
    const held = await holdFor(tx, number, me)
    await tellEvent(tx, held.number, { at: now, actor: me, what: 'note', words: text })
    audit('complaint.noted', held.number)
    return OK
  })

  on(openRequest, async ({ tx, audit, me, now, input: { number, kind, text } }) => {
    const held = await holdFor(tx, number, me)
    const customer = (await rows.complaintByNumber(tx, number, me))?.customer
    if (!customer || !held.handoverId || stateOf(held) === 'closed') throw new Failure('complaint_step')
    const filed = await fileRequest(tx, audit, now, config.SECRET, {
      ...{ id: id(), customer, handover: held.handoverId, kind, text, contact: held.contact },
      language: held.language === 'en' ? 'en' : 'zh-CN',
      tokenHash: await rows.linkOf(tx, held.handoverId),
      // Which field and which line the customer means, their words say.
      about: isCorrection(kind) ? 'other' : '',
      // Whoever wrote a complaint has shown nothing of who they are; what shows and changes nothing needs nobody.
      level: 'IAL0',
      within: { complaint: number, since: held.at },
    })
    if (filed.fresh) await tellEvent(tx, number, { at: now, actor: me, what: 'request', words: filed.number })
    return { id: filed.id, number: filed.number }
  })

  async function checkOwner(...[tx, row, owner]: [...Parameters<typeof conflictOf>]): Promise<void> {
    const known = await rows.handlers(tx, config.COMPLIANCE, house.deps.now())
    if (!known.some((h) => h.id === owner)) throw new Failure('invalid', { fields: 'owner' })
    if (await conflictOf(tx, row, owner)) throw new Failure('complaint_conflict')
  }

  /** The decision counts from here: the customer is told. */
  async function stand(
    ...[tx, audit, held, { summary, reasons, ...by }]: [
      Parameters<typeof moveComplaint>[0],
      Parameters<typeof moveComplaint>[1],
      Parameters<typeof moveComplaint>[2],
      { at: Date; actor: string; summary: string; reasons: string },
    ]
  ): Promise<void> {
    const set = { decidedAt: by.at, respondedAt: held.respondedAt ?? by.at }
    await moveComplaint(tx, audit, held, 'decide', { ...by, words: reasons, set })
    await tellByMail(tx, audit, { config, id: id(), at: by.at }, held, 'm7', summary)
  }
}
