import { sql } from 'kysely'
import type { Match } from '../../shared/allocation'
import { addWorkingDays } from '../../shared/calendar'
import { chinaDay } from '../../shared/day'
import {
  ANSWER_DAYS,
  isEnough,
  nextRequestState,
  type IdentityLevel,
  type RequestEvent,
  type RequestKind,
  type RequestState,
} from '../../shared/request'
import type { Audit } from './act'
import { calendarOf } from './calendar'
import type { Db, Tx } from './open'
import { keyedHash } from './person'

/** The same once more so soon is one request sent twice. */
const TWICE_MS = 10 * 60_000

interface NewRequest {
  id: string
  customer: string
  handover: string
  /** Of the link it came by. */
  tokenHash: string | null
  kind: RequestKind
  language: 'zh-CN' | 'en'
  about: string
  text: string
  contact: string | null
  level: IdentityLevel
  /** The complaint it was found in, and since when it therefore lies here. */
  within?: { complaint: string; since: Date }
}

/** Files a request: its number (`QQ-20261201-0001`, without a gap within the Beijing day) and its day. */
export async function fileRequest(
  tx: Tx,
  audit: Audit,
  at: Date,
  secret: string,
  given: NewRequest,
): Promise<{ id: string; number: string; fresh: boolean }> {
  const today = chinaDay(at)
  await holdDay(tx, today)
  const earlier = given.within
    ? await inComplaint(tx, given.within.complaint, given.kind)
    : await same(tx, given, new Date(at.getTime() - TWICE_MS))
  if (earlier) return { ...earlier, fresh: false }
  const { last } = await countOne(tx, today)
  const number = `QQ-${today.replaceAll('-', '')}-${String(last).padStart(4, '0')}`
  const came = given.within?.since ?? at
  const due = addWorkingDays(came, ANSWER_DAYS, await calendarOf(tx))
  const { customer: customerId, handover: handoverId, level: ial, within, ...rest } = given
  const complaint = within?.complaint ?? null
  const clock = { due: due.day, dueAt: due.at, calendar: due.calendar }
  await tx
    .insertInto('rightsRequest')
    .values({ ...rest, ...clock, customerId, handoverId, ial, complaint, number, at: came, state: 'received' })
    .execute()
  const text = given.text && (await keyedHash(tx, secret, customerId, given.text))
  audit('request.received', number, {
    ...{ kind: given.kind, handover: handoverId, level: ial },
    ...(text && { text }),
    ...(complaint && { complaint }),
  })
  if (isEnough(ial, given.kind))
    await moveRequest(tx, audit, given.id, 'check', { identifiedHow: 'page', identifiedAt: at })
  return { id: given.id, number, fresh: true }
}

const holdDay = (tx: Tx, today: string) =>
  tx
    .insertInto('requestDay')
    .values({ day: today, last: 0 })
    .onConflict((conflict) => conflict.column('day').doUpdateSet({ last: (eb) => eb.ref('requestDay.last') }))
    .execute()

const countOne = (tx: Tx, today: string) =>
  tx
    .updateTable('requestDay')
    .set((eb) => ({ last: eb('last', '+', 1) }))
    .where('day', '=', today)
    .returning('last')
    .executeTakeFirstOrThrow()

const same = (tx: Tx, { customer, kind, about, text }: NewRequest, since: Date) =>
  tx
    .selectFrom('rightsRequest')
    .select(['id', 'number'])
    .where('customerId', '=', customer)
    .where('at', '>', since)
    .where('kind', '=', kind)
    .where('about', '=', about)
    .where('text', '=', text)
    .executeTakeFirst()

/** One of a kind in each complaint: who comes second is shown the first. */
const inComplaint = (tx: Tx, complaint: string, kind: RequestKind) =>
  tx
    .selectFrom('rightsRequest')
    .select(['id', 'number'])
    .where('complaint', '=', complaint)
    .where('kind', '=', kind)
    .executeTakeFirst()

/** What was opened out of a complaint. */
export const requestsIn = (db: Db, complaint: string) =>
  db
    .selectFrom('rightsRequest')
    .select(['id', 'number', 'kind'])
    .where('complaint', '=', complaint)
    .orderBy('id')
    .execute()

interface Facts {
  identifiedHow?: string
  identifiedBy?: string
  identifiedAt?: Date
  decidedBy?: string
  decidedAt?: Date
  reason?: string
  executedBy?: string
  executedAt?: Date
  outcome?: string
  informedHow?: string
  informedAt?: Date
}

/** Moves one by its machine, under its row's lock. null: the event means nothing there, and nothing is written. */
export async function moveRequest(
  tx: Tx,
  audit: Audit,
  id: string,
  event: RequestEvent,
  facts: Facts,
): Promise<RequestState | null> {
  const row = await tx
    .selectFrom('rightsRequest')
    .select(['state', 'number', 'kind'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const from = row?.state as RequestState | undefined
  const to = from ? nextRequestState(from, event) : null
  if (!row || !from || !to) return null
  await tx
    .updateTable('rightsRequest')
    .set({ ...facts, state: to })
    .where('id', '=', id)
    .execute()
  audit('request.moved', row.number, { kind: row.kind, event, from, to })
  return to
}

/** A customer's own, newest first. */
export const requestsOf = (db: Db, customerId: string) =>
  db
    .selectFrom('rightsRequest')
    .selectAll()
    .where('customerId', '=', customerId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
export type RequestRow = Awaited<ReturnType<typeof requestsOf>>[number]

/** The copy is given to the customer once: whoever comes second finds it taken. */
export const takeOnce = (tx: Tx, id: string, at: Date) =>
  tx
    .updateTable('rightsRequest')
    .set({ takenAt: at })
    .where('id', '=', id)
    .where('takenAt', 'is', null)
    .returning('id')
    .executeTakeFirst()

/** Why a planned colleague stands where they stand: what was frozen with the plan (compliance 7.4). */
export async function allocationOf(db: Db, handoverId: string) {
  const { rows } = await sql<{
    successors: number
    customers: number
    decidedAt: Date | null
    wish: boolean
    matched: Match[] | null
    ruled: boolean
  }>`
    select (select count(distinct i.successor_id) from plan_item i where i.plan_id = p.id) as successors,
           (select count(*) from plan_item i where i.plan_id = p.id) as customers,
           p.decided_at, h.from_id is not null as wish, n.why->'matched' as matched,
           exists (select 1 from plan_run u where u.plan_id = p.id) as ruled
      from handover h join transfer t on t.handover_id = h.id left join plan p on p.id = t.plan_id
      left join plan_reason n on n.plan_id = p.id and n.handover_id = h.id and n.chosen = t.successor_id
     where h.id = ${handoverId}`.execute(db)
  return rows[0]
}

/** A link whose customer was deleted at their own request. */
export const erasedBy = (db: Db, tokenHash: string) =>
  db
    .selectFrom('rightsRequest')
    .select(['number', 'executedAt'])
    .where('tokenHash', '=', tokenHash)
    .where('customerId', 'is', null)
    .where('executedAt', 'is not', null)
    .where('kind', 'in', ['delete', 'close_account'])
    .orderBy('executedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
