import {
  countComplaints,
  getComplaint,
  listAbout,
  listComplaints,
  listHandlers,
  recordComplaint,
  type ComplaintDetail,
} from '../../shared/complaintdesk'
import { yearsMissing } from '../../shared/calendar'
import { chinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import type { RequestKind } from '../../shared/request'
import { act, type Audit } from '../db/act'
import { calendarOf } from '../db/calendar'
import { fileComplaint } from '../db/complaint'
import { stateOf } from '../db/complaint-move'
import { look } from '../db/look'
import type { Tx } from '../db/open'
import { requestsIn } from '../db/request'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, upTo, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import { complaintActs } from './acts'
import { conflictOf } from './guard'
import { readPlace as mailBox } from './mail-rows'
import { complaintMessage } from './message'
import * as rows from './rows'
import { clocksOf, decisionShown, eventShown, headOf, mailShown, mayOf, unsureOf } from './shown'

/** Whatever stage a handover is at: who complains is heard as one who objects (compliance 6.2, VO). */
const sight = { who: 'compliance', stage: 'VO' } as const
const EXCERPT = 60

/** What customers wrote, for compliance alone: neither the successor nor their managers read it (class F6). */
export function complaint(house: House): void {
  const { deps } = house
  const { db, config } = deps

  serve(house, listComplaints, ({ input, caller }) =>
    act(db, deps.now(), caller.id, async (tx, audit) => {
      const now = deps.now()
      const calendar = await calendarOf(tx)
      const ask = { reader: caller.id, view: input.view, today: chinaDay(now), after: placeIn(input.after) }
      const found = await rows.complaintQueue(tx, { ...ask, limit: input.limit + 1 })
      const shown = found.slice(0, input.limit)
      audit('look.complaints', 'complaints', { numbers: shown.map((r) => r.number) })
      for (const { customer, number } of shown)
        if (customer) look(audit, 'look.complaint', customer, { sight, door: listComplaints, only: ['F6'] }, { number })
      const page = pageOf(
        found,
        input.limit,
        (r) => placeOf(String(r.rank), r.by, r.number),
        (r) => seenBy(sight, { ...headOf(r, caller.id, now, calendar), excerpt: excerptOf(r.text) }),
      )
      const box = await mailBox(tx)
      const mailTrouble = box?.troubleSince?.toISOString() ?? null
      return { ...page, yearsMissing: yearsMissing(now, calendar), mailTrouble }
    }),
  )

  serve(house, countComplaints, async ({ caller }) => ({
    ...(await rows.countOpen(db, caller.id, chinaDay(deps.now()))),
    yearsMissing: yearsMissing(deps.now(), await calendarOf(db)),
  }))

  serve(house, getComplaint, ({ input, caller }) =>
    act(db, deps.now(), caller.id, async (tx, audit) => {
      const row = await rows.complaintByNumber(tx, input.number, caller.id)
      if (!row) throw new Failure('not_found')
      audit('look.complaints', row.number, { numbers: [row.number] })
      if (row.customer)
        look(audit, 'look.complaint', row.customer, { sight, door: getComplaint }, { number: row.number })
      return seenBy(sight, await detailOf(tx, audit, row, caller.id))
    }),
  )

  serve(house, listHandlers, ({ input, caller }) =>
    act(db, deps.now(), caller.id, async (tx) => {
      const row = await rows.complaintByNumber(tx, input.number, caller.id)
      if (!row) throw new Failure('not_found')
      const items = []
      for (const one of await rows.handlers(tx, config.COMPLIANCE, deps.now()))
        items.push({ ...one, me: one.id === caller.id, conflict: await conflictOf(tx, row, one.id) })
      return { items }
    }),
  )

  serve(house, listAbout, ({ input, caller }) =>
    act(db, deps.now(), caller.id, async (tx) => {
      const row = await rows.complaintByNumber(tx, input.number, caller.id)
      if (!row) throw new Failure('not_found')
      return { items: await rows.membersAbout(tx, row.handoverId, input.name.trim()) }
    }),
  )

  serve(house, recordComplaint, ({ input, caller }) =>
    act(db, deps.now(), caller.id, async (tx, audit) => ({
      number: await fileComplaint(tx, audit, deps.now(), { handoverId: null, ...input, recordedBy: caller.id }, null),
    })),
  )

  complaintActs(house)

  async function detailOf(
    tx: Tx,
    audit: Audit,
    row: NonNullable<Awaited<ReturnType<typeof rows.complaintByNumber>>>,
    me: string,
  ): Promise<ComplaintDetail> {
    const now = deps.now()
    const decisions = await rows.decisionsOf(tx, row.number)
    const conflict = await conflictOf(tx, row, me)
    return {
      ...headOf(row, me, now, await calendarOf(tx)),
      language: row.language === 'en' ? 'en' : 'zh-CN',
      round: row.round,
      follows: row.follows,
      aboutId: row.aboutId,
      clocks: clocksOf(row, now),
      stopBy: row.stopBy,
      calendar: row.calendar ?? '',
      unsure: unsureOf(row.calendar),
      conflict,
      may: mayOf(row, decisions, me, conflict),
      asked: row.askedAt !== null,
      informedBy: row.informedBy as ComplaintDetail['informedBy'],
      ways: ['page', ...(row.channel === 'mail' ? (['mail'] as const) : [])],
      customer: row.customer,
      requests: (await requestsIn(tx, row.number)).map((r) => ({ ...r, kind: r.kind as RequestKind })),
      text: row.text,
      contact: row.contact,
      events: (await rows.eventsOf(tx, row.number)).map(eventShown),
      decisions: decisions.map((d) => decisionShown(d, me)),
      mails: (await rows.mailsOf(tx, row.number)).map(mailShown),
      message: await messageFor(
        { tx, audit, at: now, config },
        row,
        decisions.findLast((d) => d.state === 'standing')?.summary,
      ),
    }
  }

  /** Before anything was decided the customer is to know that it came; afterwards, what came of it. */
  function messageFor(
    desk: Parameters<typeof complaintMessage>[0],
    row: Parameters<typeof complaintMessage>[1] & { state: string },
    summary?: string,
  ): Promise<string | null> {
    const state = stateOf(row)
    if (state === 'received' || state === 'acknowledged') return complaintMessage(desk, row, 'm6')
    return state === 'resolved' && summary ? complaintMessage(desk, row, 'm7', summary) : Promise.resolve(null)
  }
}

const excerptOf = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return [...line].length > EXCERPT ? `${[...line].slice(0, EXCERPT).join('')}…` : line
}

function placeIn(after: string | undefined): rows.Place | null {
  const place = readPlace(after, upTo(2), word, word)
  return place && { rank: place[0], by: place[1], number: place[2] }
}
