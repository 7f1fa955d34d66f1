import { sql } from 'kysely'
import type { Db } from '../db/open'

/**
 * Who reads. Nobody reads what is asked about themselves (signals, stops), and whoever will leave reads nothing of the time since
 * that was announced (`until`): it may be about their own leaving.
 */
export interface LogReader {
  id: string
  until: Date | undefined
}

interface Wish {
  by: string | undefined
  about: string | undefined
  kind: string | undefined
  since: Date | undefined
  until: Date | undefined
  before: number | undefined
  limit: number
}

const log = (db: Db, { id, until }: LogReader) =>
  db
    .selectFrom('audit')
    .where(
      sql<boolean>`audit.subject not in (
        select id from signal where member_id = ${id} union all select id from member_block where member_id = ${id})`,
    )
    .$if(until !== undefined, (q) => q.where('audit.at', '<', until ?? new Date(0)))

/** Newest first, one more than asked for. */
export const entriesBefore = (db: Db, reader: LogReader, wish: Wish) =>
  log(db, reader)
    .leftJoin('member as doer', 'doer.id', 'audit.actor')
    .leftJoin('member as of', 'of.id', 'audit.subject')
    .leftJoin('customer', 'customer.id', 'audit.subject')
    .select(['audit.seq', 'audit.at', 'audit.actor', 'audit.action', 'audit.subject', 'audit.detail'])
    .select(['doer.name as by', 'of.name as member', 'customer.name as customer'])
    .$if(wish.by !== undefined, (q) => q.where('audit.actor', '=', wish.by ?? ''))
    .$if(wish.about !== undefined, (q) => q.where('audit.subject', '=', wish.about ?? ''))
    .$if(wish.kind !== undefined, (q) => q.where(sql<boolean>`split_part(audit.action, '.', 1) = ${wish.kind}`))
    .$if(wish.since !== undefined, (q) => q.where('audit.at', '>=', wish.since ?? new Date(0)))
    .$if(wish.until !== undefined, (q) => q.where('audit.at', '<=', wish.until ?? new Date(0)))
    .$if(wish.before !== undefined, (q) => q.where('audit.seq', '<', wish.before ?? 0))
    .orderBy('audit.seq', 'desc')
    .limit(wish.limit + 1)
    .execute()
export type EntryRow = Awaited<ReturnType<typeof entriesBefore>>[number]

export const readable = async (db: Db, reader: LogReader, seq: number): Promise<boolean> =>
  (await log(db, reader).select('audit.seq').where('audit.seq', '=', seq).executeTakeFirst()) !== undefined

export const announcedAt = async (db: Db, memberId: string): Promise<Date | undefined> =>
  (
    await db
      .selectFrom('departure')
      .select('announcedAt')
      .where('memberId', '=', memberId)
      .where('gone', '=', false)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
  )?.announcedAt ?? undefined

/** A list names a customer by the handover. */
export const customerOf = async (db: Db, handover: string): Promise<string | undefined> =>
  (await db.selectFrom('handover').select('customerId').where('id', '=', handover).executeTakeFirst())?.customerId
