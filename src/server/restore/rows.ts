import { sql } from 'kysely'
import type { RestoreField, RestorePart } from '../../shared/restore'
import { passerId } from '../db/handover'
import type { Db, Tx } from '../db/open'
import type { Left } from './merge'

export type Outcome = Partial<Record<RestoreField, { is: string; shown: string[]; cut: boolean; out: unknown[] }>>

const tagsOf = sql<Left['tags'][number][]>`(
  select coalesce(json_agg(json_build_object('id', t.id, 'name', tag.name, 'deleted', coalesce(tag.deleted, false))
                           order by tag.group_name, tag.name, t.id), '[]')
    from unnest(old.tag_ids) t (id) left join tag on tag.id = t.id)`

/** Both relations of one handover, the predecessor's and the successor's, as our copy has them. */
export const groundOf = (db: Db, handoverId: string) =>
  db
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('customer', 'customer.id', 'handover.customerId')
    .innerJoin('member as leaver', (join) => join.on('leaver.id', '=', passerId))
    .innerJoin('member as successor', 'successor.id', 'transfer.successorId')
    .leftJoin('relation as old', (join) =>
      join.onRef('old.memberId', '=', 'leaver.id').onRef('old.customerId', '=', 'customer.id'),
    )
    .leftJoin('relation as own', (join) =>
      join
        .onRef('own.memberId', '=', 'successor.id')
        .onRef('own.customerId', '=', 'customer.id')
        .on('own.endedAt', 'is', null),
    )
    .select(['handover.id as handover', 'customer.id as customerId', 'customer.name', 'customer.kind'])
    .select(['leaver.name as from', 'successor.id as successorId', 'successor.userid', 'successor.name as successor'])
    .select(['old.remark', 'old.description', 'old.company', 'old.mobiles', 'old.personalTags', tagsOf.as('tags')])
    .select(['own.remark as ownRemark', 'own.description as ownDescription', 'own.company as ownCompany'])
    .select(['own.mobiles as ownMobiles', 'own.tagIds as ownTagIds'])
    .where('handover.id', '=', handoverId)
    .executeTakeFirstOrThrow()
export type Ground = Awaited<ReturnType<typeof groundOf>>

const restores = (db: Db, handoverId: string) =>
  db
    .selectFrom('restore')
    .innerJoin('member', 'member.id', 'restore.askedBy')
    .selectAll('restore')
    .select('member.name as by')
    .where('handoverId', '=', handoverId)
    .orderBy('part', 'desc')
    .execute()

export type RestoreRow = Omit<Awaited<ReturnType<typeof restores>>[number], 'part' | 'fields' | 'outcome'> & {
  part: RestorePart
  fields: RestoreField[]
  outcome: Outcome
}

/** What was asked for, by part. */
export const restoresOf = async (db: Db, handoverId: string): Promise<RestoreRow[]> =>
  (await restores(db, handoverId)) as unknown as RestoreRow[]

/** One at a time decides about a handover, so that two taps are one wish. */
export const holdHandover = (tx: Tx, handoverId: string) =>
  tx.selectFrom('handover').select('id').where('id', '=', handoverId).forNoKeyUpdate().executeTakeFirstOrThrow()

interface Wish {
  handoverId: string
  part: RestorePart
  successorId: string
  fields: RestoreField[]
  askedBy: string
  at: Date
}

export const ask = (tx: Tx, { at, ...wish }: Wish) => {
  const asked = { ...wish, state: 'asked', askedAt: at, nextAt: at, tries: 0, errcode: null, doneAt: null }
  return tx
    .insertInto('restore')
    .values(asked)
    .onConflict((conflict) => conflict.columns(['handoverId', 'part']).doUpdateSet(asked))
    .execute()
}

/** Taken over, told, nothing against it, and the newest handover of this customer: the stage V2 of shared/access.ts. */
const open = sql`
  select h.id, t.successor_id
    from handover h join transfer t on t.handover_id = h.id join notice n on n.handover_id = h.id
   where t.state = 'taken_over' and n.state not in ('due', 'prompted', 'unreachable', 'alt_channel')
     and not exists (select 1 from customer c where c.id = h.customer_id and c.restricted_at is not null)
     and not exists (select 1 from objection o where o.handover_id = h.id and o.handled_at is null)
     and not exists (select 1 from handover later
                      where later.customer_id = h.customer_id and (later.created_at, later.id) > (h.created_at, h.id))`

/** Every part of every open handover that nobody has asked for, and once more what failed. Answers the handovers. */
export async function askAll(tx: Tx, departureId: string, by: string, at: Date): Promise<string[]> {
  const { rows } = await sql<{ handoverId: string }>`
    insert into restore as r (handover_id, part, successor_id, state, fields, asked_by, asked_at, next_at)
    select o.id, p.part, o.successor_id, 'asked', p.fields, ${by}, ${at}::timestamptz, ${at}::timestamptz
      from (${open} and h.departure_id = ${departureId}) o
     cross join (values ('tags', array['tags']),
                        ('note', array['remark', 'description', 'personal', 'company', 'mobiles'])) p (part, fields)
     order by o.id, p.part
        on conflict (handover_id, part) do update
           set state = 'asked', asked_by = excluded.asked_by, asked_at = excluded.asked_at, next_at = excluded.next_at,
               tries = 0, errcode = null
         where r.state = 'failed'
    returning handover_id`.execute(tx)
  return [...new Set(rows.map((r) => r.handoverId))]
}

export async function progressOf(db: Db, departureId: string) {
  const { rows } = await sql<{
    ready: number
    waiting: number
    done: number
    failed: number
    errcode: number | null
    nextAt: Date | null
  }>`
    with mine as (
      select h.id,
             o.id is not null as open,
             count(r.part) as parts,
             bool_or(r.state in ('asked', 'sent')) as waiting,
             bool_or(r.state = 'failed') as failed,
             max(r.errcode) filter (where r.state in ('asked', 'sent')) as errcode,
             min(r.next_at) filter (where r.state in ('asked', 'sent')) as next_at
        from handover h
        left join (${open}) o on o.id = h.id
        left join restore r on r.handover_id = h.id
       where h.departure_id = ${departureId}
       group by h.id, o.id)
    select count(*) filter (where open and parts < 2 and not coalesce(waiting or failed, false)) as ready,
           count(*) filter (where waiting) as waiting,
           count(*) filter (where parts = 2 and not waiting and not failed) as done,
           count(*) filter (where failed and not waiting) as failed,
           max(errcode) as errcode,
           min(next_at) as next_at
      from mine`.execute(db)
  return rows[0]!
}

const due = (db: Db, now: Date) =>
  db.selectFrom('restore').where('state', 'in', ['asked', 'sent']).where('nextAt', '<=', now)

/** What somebody asked for beside a chat comes before what was asked for a whole departure. */
const own = sql<boolean>`asked_by = successor_id`

export const nextSuccessor = (db: Db, now: Date, but: readonly string[]) =>
  due(db, now)
    .select('successorId')
    .where('successorId', '!=', sql<string>`all(${sql.val(but)}::text[])`)
    .orderBy(own, 'desc')
    .orderBy('nextAt')
    .limit(1)
    .executeTakeFirst()

export const dueOf = (db: Db, successorId: string, now: Date, limit: number) =>
  due(db, now)
    .select('handoverId')
    .where('successorId', '=', successorId)
    .groupBy('handoverId')
    .orderBy(sql`bool_or(asked_by = successor_id)`, 'desc')
    .orderBy(sql`min(next_at)`)
    .orderBy('handoverId')
    .limit(limit)
    .execute()

export type Change = Partial<{
  state: string
  nextAt: Date
  sentAt: Date
  doneAt: Date
  errcode: number | null
  tries: number
  value: unknown
  outcome: Outcome
}>

const json = (value: unknown) => sql<string>`${JSON.stringify(value)}::jsonb`

/** Only what is still open changes; what is done stays done. */
export const change = (tx: Tx, handoverId: string, part: RestorePart, { value, outcome, ...set }: Change) =>
  tx
    .updateTable('restore')
    .set({ ...set, ...(value ? { value: json(value) } : {}), ...(outcome ? { outcome: json(outcome) } : {}) })
    .where('handoverId', '=', handoverId)
    .where('part', '=', part)
    .where('state', 'in', ['asked', 'sent'])
    .execute()

export const forgetTags = (tx: Tx, ids: readonly string[]) =>
  tx
    .updateTable('tag')
    .set({ deleted: true })
    .where('id', '=', sql<string>`any(${sql.val(ids)}::text[])`)
    .execute()
