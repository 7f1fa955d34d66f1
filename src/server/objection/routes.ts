import { workingDaysBetween, type Calendar } from '../../shared/calendar'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  answerObjection,
  getObjection,
  listObjections,
  objectionMoves,
  passingOf,
  passOn,
  type Objection,
  type ObjectionKind,
  type ObjectionOutcome,
} from '../../shared/objection'
import type { TransferState } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import { calendarOf } from '../db/calendar'
import { addHandovers } from '../db/handover'
import { look } from '../db/look'
import { settleObjection } from '../db/objection'
import type { Tx } from '../db/open'
import { stageOfRow, standingOf } from '../db/standing'
import { moveTransfers } from '../db/transfer'
import { seenBy } from '../lib/cut'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import * as rows from './rows'

/** 我想换人 as a task: which are open, passing the customer on, or answering why not. */
export function objection(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, listObjections, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [at, id] = readPlace(input.after, instant, word) ?? []
      const after = at && id ? { at: at, id } : null
      const open = input.view === 'open'
      const found = await rows.listed(tx, caller, open, after, input.limit + 1)
      const calendar = await calendarOf(tx)
      audit('look.list', 'objections', { shown: Math.min(found.length, input.limit) })
      const list = pageOf(
        found,
        input.limit,
        (r) => placeOf((open ? dueAt(r) : r.handledAt!).toISOString(), r.id),
        (r) => shown({ ...r, text: '' }, caller, calendar, now()),
      )
      return { ...list, ...(await rows.openCounts(tx, caller, now())) }
    }),
  )

  serve(house, getObjection, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await theirs(tx, caller, input.objection)
      const sight = sightOf(found, caller, now())
      const { handover, customer } = found
      look(audit, 'look.objection', customer, { sight, door: getObjection, handover, only: ['F1', 'F6'] })
      return shown(found, caller, await calendarOf(tx), now())
    }),
  )

  serve(house, passOn, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await held(tx, caller, input.objection)
      const { departure, passing } = found
      if (passing && passingOf(passing.transfer as TransferState) === 'free' && mayOf(found).pass)
        return begun(tx, caller, departure, passing.handover)
      if (!mayOf(found).pass || !found.successorId) throw new Failure('stale')
      const id = deps.id()
      const one = {
        id,
        departureId: departure,
        customerId: found.customer,
        createdAt: now(),
        fromId: found.successorId,
      }
      await addHandovers(tx, [one], { state: 'unassigned', settledAt: null })
      audit('handover.created', id, { departure, customer: found.customer, from: found.successorId, wish: found.id })
      return begun(tx, caller, departure, id)
    }),
  )

  serve(house, answerObjection, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { outcome, answer } = input
      const found = await held(tx, caller, input.objection)
      if (!mayOf(found)[outcome === 'kept' ? 'keep' : 'other']) throw new Failure('stale')
      await callOff(tx, audit, found)
      await settleObjection(tx, audit, found.id, { outcome, answer, by: caller.id, at: now() })
      return OK
    }),
  )

  /** What was begun for the wish and nobody has decided on. */
  async function callOff(tx: Tx, audit: Audit, { passing }: rows.ObjectionRow): Promise<void> {
    if (!passing || passingOf(passing.transfer as TransferState) !== 'free') return
    const move = { handoverId: passing.handover, event: 'call_off' as const, set: { settledAt: now() } }
    const { refused } = await moveTransfers(tx, audit, { at: now(), id: deps.id }, [move])
    if (refused.length) throw new Failure('stale')
  }
}

async function begun(tx: Tx, caller: Caller, departure: string, handover: string) {
  const plan = await rows.livingPlan(tx, departure)
  const shown = plan && { id: plan.id, pending: plan.state === 'pending', mine: plan.draftedBy === caller.id }
  return { departure, handover, plan: shown ?? null }
}

/** Somebody else's, one about the reader, and none are alike. */
async function theirs(tx: Tx, caller: Caller, id: string): Promise<rows.ObjectionRow> {
  const found = await rows.objectionById(tx, caller, id)
  if (!found) throw new Failure('not_found')
  return found
}

async function held(tx: Tx, caller: Caller, id: string): Promise<rows.ObjectionRow> {
  await theirs(tx, caller, id)
  await rows.holdObjection(tx, id)
  return theirs(tx, caller, id)
}

const dueAt = (r: rows.ObjectionRow): Date => new Date(`${r.due}T23:59:59.999+08:00`)

const sightOf = (r: rows.ObjectionRow, caller: Caller, now: Date) => ({
  who: caller.roles.includes('compliance') ? ('compliance' as const) : ('manager' as const),
  stage: r.restricted ? ('VX' as const) : r.handledAt ? stageOfRow(r, now) : ('VO' as const),
})

const mayOf = (r: rows.ObjectionRow) =>
  objectionMoves({
    open: r.handledAt === null,
    origin: r.origin,
    serves: r.transfer === 'taken_over' && r.successorHere,
    passing: r.passing && passingOf(r.passing.transfer as TransferState),
  })

function shown(r: rows.ObjectionRow, caller: Caller, calendar: Calendar, now: Date): Objection {
  const none = { pass: false, keep: false, other: false }
  return seenBy(sightOf(r, caller, now), {
    ...{ id: r.id, handover: r.handover, departure: r.departure, origin: r.origin, at: r.at.toISOString(), due: r.due },
    about: r.about as ObjectionKind | null,
    left: workingDaysBetween(now, dueAt(r), calendar),
    ...{ shortName: r.name, company: r.company, leaver: r.leaver, text: r.text || null },
    successor: r.successorId && r.successorName ? { id: r.successorId, name: r.successorName } : null,
    passing: r.passing && passingShown(r.passing, now),
    may: caller.roles.includes('manager') ? mayOf(r) : none,
    outcome: r.outcome as ObjectionOutcome | null,
    handledAt: r.handledAt?.toISOString() ?? null,
    ...{ handledBy: r.handledBy, answer: r.answer },
    toldAt: r.toldAt?.toISOString() ?? null,
  })
}

const nothingYet = {
  ...{ notice: 'due', submittedAt: null, takeoverAt: null, settledAt: null, sentAt: null, openedAt: null },
  ...{ answeredAt: null, errcode: null, calledAt: null, objectionOpen: false },
}

const passingShown = (p: NonNullable<rows.ObjectionRow['passing']>, now: Date) => ({
  handover: p.handover,
  label: standingOf({ ...nothingYet, handover: p.handover, transfer: p.transfer }, now).label,
  successor: p.successor,
  plan: p.plan,
})
