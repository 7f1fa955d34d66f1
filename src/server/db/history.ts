import { sql } from 'kysely'
import type { HistoryBody, HistoryEntry, HistoryKind, historySources } from '../../shared/history'
import type { Db, Tx } from './open'

export interface NewHistory<K extends HistoryKind = HistoryKind> {
  id: string
  customerId: string
  at: Date
  authorId: string | null
  source: (typeof historySources)[number]
  kind: K
  body: HistoryBody<K>
}

/**
 * Adds to customers' histories. There is no way to change or remove an entry: the table refuses (DESIGN 4.7). All of them
 * are one parameter: the mirror adds thousands at a time, and a parameter for each value costs more than the rows.
 */
export async function addHistory(tx: Tx, entries: readonly NewHistory[]): Promise<void> {
  for (let i = 0; i < entries.length; i += 5000)
    await sql`
      insert into history (id, customer_id, at, author_id, source, kind, body)
      select * from json_to_recordset(${JSON.stringify(entries.slice(i, i + 5000))}::json)
        as h("id" text, "customerId" text, "at" timestamptz, "authorId" text, "source" text, "kind" text, "body" jsonb)`.execute(
      tx,
    )
}

/**
 * An announced leaver reads on, but not that their own leaving was announced, nor what was planned and done about it since: all
 * that happened to a customer of theirs then, save what made them its successor.
 */
const hidden = (readerId: string) => sql<boolean>`(
  case when history.kind in ('departure.announced', 'departure.withdrawn') then history.body->>'member' = ${readerId}
    when history.kind = 'plan.approved' or history.kind like 'transfer.%' then exists (
      select 1 from departure d
        join handover h on h.departure_id = d.id
        join member reader on reader.id = d.member_id
       where d.member_id = ${readerId} and not d.gone and h.customer_id = history.customer_id
         and history.at >= d.announced_at and history.body->>'successor' is distinct from reader.name)
    else false end)`

/** Of these kinds only; where the stored words or the author's name hold this. */
export interface HistoryWish {
  kinds?: readonly HistoryKind[]
  words?: string
}

const likeOf = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`
/** As the database writes a text inside JSON. */
const inJson = (words: string): string => JSON.stringify(words).slice(1, -1)

/** Newest first, one more than asked for; `after` is the `next` of the page before. */
export function historyAfter(
  db: Db,
  customerId: string,
  readerId: string,
  after: string | undefined,
  limit: number,
  { kinds, words }: HistoryWish = {},
) {
  const [at, id] = after?.split('|') ?? []
  return db
    .selectFrom('history')
    .leftJoin('member', 'member.id', 'history.authorId')
    .select(['history.id', 'history.at', 'member.name as author', 'history.source', 'history.kind', 'history.body'])
    .where('history.customerId', '=', customerId)
    .where((eb) => eb.not(hidden(readerId)))
    .$if(Boolean(at && id), (q) => q.where(sql<boolean>`(history.at, history.id) < (${at}::timestamptz, ${id})`))
    .$if(kinds !== undefined, (q) => q.where('history.kind', 'in', kinds ?? []))
    .$if(words !== undefined, (q) =>
      q.where(
        sql<boolean>`(history.body::text ilike ${likeOf(inJson(words ?? ''))} or member.name ilike ${likeOf(words ?? '')})`,
      ),
    )
    .orderBy('history.at', 'desc')
    .orderBy('history.id', 'desc')
    .limit(limit + 1)
}

/** As it is read from the database, or from JSON that the database wrote. */
export interface HistoryRow {
  id: string
  at: Date | string
  author: string | null
  source: string
  kind: string
  body: unknown
}

export function historyPage(
  rows: readonly HistoryRow[],
  limit: number,
): { items: HistoryEntry[]; next: string | null } {
  const items = rows.slice(0, limit).map(entryOf)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? historyPlace(last) : null }
}

export const entryOf = (row: HistoryRow): HistoryEntry => ({
  ...row,
  at: new Date(row.at).toISOString(),
  source: row.source as HistoryEntry['source'],
  body: row.body as HistoryEntry['body'],
})

export const historyPlace = ({ at, id }: Pick<HistoryEntry, 'at' | 'id'>): string => `${at}|${id}`
