import { sql } from 'kysely'
import type { ExportState } from '../../shared/export'
import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'
import { objectionOpen } from '../db/standing'
import type { ExportRequest } from '../db/tables'
import type { Insertable, Updateable } from 'kysely'

const handovers = sql`handover
  join departure on departure.id = handover.departure_id
  join member leaver on leaver.id = departure.member_id
  join transfer t on t.handover_id = handover.id
  join notice n on n.handover_id = handover.id
  join customer c on c.id = handover.customer_id
  left join transfer_batch b on b.id = t.batch_id
  left join member s on s.id = t.successor_id`

/** In the order they were made. `departureId` null: of everybody the reader looks after. */
export async function handoverKeys(db: Db, reader: Reader, departureId: string | null, limit: number) {
  const { rows } = await sql<{ key: string }>`
    select handover.id as key from ${handovers}
    where c.restricted_at is null and ${leaverFor(reader)} and ${departureId === null ? sql`true` : sql`departure.id = ${departureId}`}
    order by handover.id limit ${limit}`.execute(db)
  return rows.map(({ key }) => key)
}

/** Everything a file could hold of these customers; what of it leaves is decided by the access table (content.ts). */
export async function handoverFacts(db: Db, reader: Reader, keys: readonly string[]) {
  const { rows } = await sql<HandoverFacts>`
    select handover.id as key, handover.id as handover, c.name, c.kind, c.company, c.title, leaver.name as leaver, s.name as successor,
      t.state as transfer, t.submitted_at, t.takeover_at, t.settled_at, t.errcode, n.state as notice, n.sent_at, n.opened_at,
      n.answered_at, ${objectionOpen} as objection_open, case when b.answered_at is null then b.sent_at end as called_at,
      r.since, r.remark, r.description, r.mobiles,
      (select count(*) from promise p where p.customer_id = c.id and p.kept_at is null) as open_promises,
      (select string_agg(concat_ws(' ', p.due::text, p.text), E'\n' order by p.due nulls last, p.id)
         from promise p where p.customer_id = c.id and p.kept_at is null) as promises,
      (select string_agg(concat_ws('/', nullif(tag.group_name, ''), tag.name), '，' order by tag.group_name, tag.name)
         from tag where tag.id = any(r.tag_ids) and not tag.deleted) as tags,
      (select max(h.at) from history h where h.customer_id = c.id) as last_entry
    from ${handovers}
    left join relation r on r.member_id = leaver.id and r.customer_id = c.id
    where ${leaverFor(reader)} and handover.id = any(${sql.val([...keys])}::text[])
    order by handover.id`.execute(db)
  return rows
}
export interface HandoverFacts {
  key: string
  handover: string
  name: string
  kind: string
  company: string | null
  title: string | null
  leaver: string
  successor: string | null
  transfer: string
  submittedAt: Date | null
  takeoverAt: Date | null
  settledAt: Date | null
  errcode: number | null
  notice: string
  sentAt: Date | null
  openedAt: Date | null
  answeredAt: Date | null
  objectionOpen: boolean
  calledAt: Date | null
  since: Date | null
  remark: string | null
  description: string | null
  mobiles: string[] | null
  openPromises: number
  promises: string | null
  tags: string | null
  lastEntry: Date | null
}

export const complaintKeys = async (db: Db, limit: number) =>
  (await db.selectFrom('complaint').select('number').orderBy('number').limit(limit).execute()).map((r) => r.number)

export const complaintFacts = (db: Db, keys: readonly string[]) =>
  db
    .selectFrom('complaint')
    .leftJoin('handover', 'handover.id', 'complaint.handoverId')
    .leftJoin('departure', 'departure.id', 'handover.departureId')
    .leftJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('transfer', 'transfer.handoverId', 'handover.id')
    .leftJoin('member as successor', 'successor.id', 'transfer.successorId')
    .select(['complaint.number as key', 'complaint.at', 'complaint.contact'])
    .select(['successor.name as about', 'leaver.name as leaver'])
    .where('complaint.number', 'in', keys)
    .orderBy('complaint.number')
    .execute()

/** Every look somebody took and every export of theirs, as the audit log has them. */
export async function lookKeys(db: Db, memberId: string, since: Date, until: Date, limit: number) {
  const rows = await db
    .selectFrom('audit')
    .select('seq')
    .where('actor', '=', memberId)
    .where('at', '>=', since)
    .where('at', '<=', until)
    .where(sql<boolean>`(action like 'look.%' or action like 'export.%')`)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq }) => String(seq))
}

export const lookFacts = (db: Db, memberId: string, keys: readonly string[]) =>
  db
    .selectFrom('audit')
    .leftJoin('customer', 'customer.id', 'audit.subject')
    .select(['audit.seq', 'audit.at', 'audit.action', 'audit.subject', 'audit.detail', 'customer.name'])
    .where('audit.actor', '=', memberId)
    .where('audit.seq', 'in', keys.map(Number))
    .orderBy('audit.seq')
    .execute()

/** The departures somebody may know of, those who left or leave last first. */
export const departuresFor = (db: Db, reader: Reader) =>
  db
    .selectFrom('departure')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select(['departure.id', 'departure.leftAt', 'departure.gone', 'departure.memberId', 'leaver.name'])
    .where(leaverFor(reader))
    .where((eb) => eb.or([eb('departure.gone', '=', true), eb('departure.endedAt', 'is', null)]))
    .orderBy('departure.leftAt', 'desc')
    .orderBy('departure.id', 'desc')

export const insertRequest = (tx: Tx, row: Insertable<ExportRequest>) =>
  tx.insertInto('exportRequest').values(row).execute()

/** With the names a reader sees. */
const requests = (db: Db) =>
  db
    .selectFrom('exportRequest as request')
    .innerJoin('member as asker', 'asker.id', 'request.askedBy')
    .leftJoin('member as approver', 'approver.id', 'request.approvedBy')
    .leftJoin('member as clearer', 'clearer.id', 'request.clearedBy')
    .leftJoin('departure', 'departure.id', 'request.departureId')
    .leftJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .selectAll('request')
    .select(['asker.name as asker', 'approver.name as approver', 'clearer.name as clearer', 'leaver.name as leaver'])
export type RequestRow = NonNullable<Awaited<ReturnType<typeof requestById>>>

/**
 * Own ones; all, for compliance; and for a manager those of departures in their scope, or everything if they manage
 * everybody.
 */
const visibleTo = (reader: Reader, seesAll: boolean) =>
  seesAll
    ? sql<boolean>`(leaver.id is null or leaver.id <> ${reader.id} or request.asked_by = ${reader.id})`
    : sql<boolean>`(request.asked_by = ${reader.id} or (request.kind = 'departure' and ${leaverFor(reader)})
        or (${reader.manages === null}::boolean and request.kind <> 'view_log' and leaver.id is distinct from ${reader.id}))`

export const requestById = (db: Db, id: string, reader: Reader, seesAll: boolean) =>
  requests(db).where('request.id', '=', id).where(visibleTo(reader, seesAll)).executeTakeFirst()

/** Holds the row, so that of two who decide, take or end it at once one comes after the other. */
export const holdRequest = (tx: Tx, id: string) =>
  tx.selectFrom('exportRequest').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export const listRequests = (
  db: Db,
  reader: Reader,
  seesAll: boolean,
  view: 'mine' | 'decide' | 'all',
  after: string | null,
  limit: number,
) =>
  requests(db)
    .where(visibleTo(reader, seesAll))
    .$if(view === 'mine', (q) => q.where('request.askedBy', '=', reader.id))
    .$if(view === 'decide', (q) =>
      q
        .where('request.state', '=', 'pending' satisfies ExportState)
        .where('request.askedBy', '<>', reader.id)
        .where(sql<boolean>`request.approved_by is distinct from ${reader.id}`)
        .where(sql<boolean>`request.cleared_by is distinct from ${reader.id}`),
    )
    .$if(after !== null, (q) => q.where('request.id', '<', after ?? ''))
    .orderBy('request.id', 'desc')
    .limit(limit)
    .execute()

export const setRequest = (tx: Tx, id: string, change: Updateable<ExportRequest>) =>
  tx.updateTable('exportRequest').set(change).where('id', '=', id).execute()

export const keepFile = (tx: Tx, exportId: string, sealed: string) =>
  tx.insertInto('exportFile').values({ exportId, sealed }).execute()

export const sealedFile = (db: Db, exportId: string) =>
  db.selectFrom('exportFile').select('sealed').where('exportId', '=', exportId).executeTakeFirst()

/** Whose time is over, by what each waits for. */
export const overdue = (db: Db, now: Date, approvalMs: number) =>
  db
    .selectFrom('exportRequest')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('state', '=', 'ready').and('expiresAt', '<=', now),
        eb('state', '=', 'pending').and('askedAt', '<=', new Date(now.getTime() - approvalMs)),
        eb('state', '=', 'approved').and('approvedAt', '<=', new Date(now.getTime() - approvalMs)),
      ]),
    )
    .execute()

export const toMake = (db: Db) =>
  db
    .selectFrom('exportRequest')
    .select('id')
    .where('state', '=', 'approved' satisfies ExportState)
    .orderBy('approvedAt')
    .limit(20)
    .execute()

/** Who could decide it: managers named in the configuration, leaders above the leaver, compliance. */
export const membersByUserid = (db: Db, userids: readonly string[]) =>
  db
    .selectFrom('member')
    .select('id')
    .where('status', '=', 'active')
    .where('userid', 'in', userids.length ? userids : [''])
    .execute()
