import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { RequestRow } from '../db/request'

/** The customer's present colleague stands beside it, for who must be told. */
const successor = sql<string | null>`(
  select s.name from handover h join transfer t on t.handover_id = h.id join member s on s.id = t.successor_id
   where h.customer_id = rights_request.customer_id and t.state = 'taken_over'
   order by h.created_at desc, h.id desc limit 1)`

const requests = (db: Db) =>
  db
    .selectFrom('rightsRequest')
    .leftJoin('customer', 'customer.id', 'rightsRequest.customerId')
    .selectAll('rightsRequest')
    .select(['customer.name', 'customer.restrictedAt', successor.as('successor')])

export type ListedRow = RequestRow & { name: string | null; restrictedAt: Date | null; successor: string | null }

/** Open: what is due first stands first. Done: the last first. */
export const listed = (db: Db, open: boolean, after: { at: string; id: string } | null, limit: number) =>
  requests(db)
    .where('informedAt', open ? 'is' : 'is not', null)
    .$if(after !== null, (q) =>
      q.where(
        open
          ? sql<boolean>`(due_at, rights_request.id) > (${after?.at}::timestamptz, ${after?.id})`
          : sql<boolean>`(informed_at, rights_request.id) < (${after?.at}::timestamptz, ${after?.id})`,
      ),
    )
    .orderBy(open ? 'dueAt' : 'informedAt', open ? 'asc' : 'desc')
    .orderBy('rightsRequest.id', open ? 'asc' : 'desc')
    .limit(limit)
    .execute()

export const requestById = (db: Db, id: string) =>
  requests(db)
    .leftJoin('member as identifier', 'identifier.id', 'rightsRequest.identifiedBy')
    .leftJoin('member as decider', 'decider.id', 'rightsRequest.decidedBy')
    .leftJoin('member as executor', 'executor.id', 'rightsRequest.executedBy')
    .leftJoin('member as lifter', 'lifter.id', 'rightsRequest.liftedBy')
    .select(['lifter.name as lifter'])
    .select(['identifier.name as identifier', 'decider.name as decider', 'executor.name as executor'])
    .where('rightsRequest.id', '=', id)
    .executeTakeFirst()
export type FoundRow = NonNullable<Awaited<ReturnType<typeof requestById>>>

/** Held until the end of the transaction: of two who act, the second sees what the first has done. */
export const holdRequest = (tx: Tx, id: string) =>
  tx.selectFrom('rightsRequest').select('id').where('id', '=', id).forUpdate().executeTakeFirst()

export async function openCounts(db: Db, now: Date): Promise<{ open: number; late: number }> {
  const { rows } = await sql<{ open: number; late: number }>`
    select count(*) as open, count(*) filter (where due_at < ${now}) as late
      from rights_request where informed_at is null`.execute(db)
  return rows[0] ?? { open: 0, late: 0 }
}

/** What we have of a field that the customer corrects; their last correction counts as ours. */
export async function presentValue(db: Db, customerId: string, field: string): Promise<string> {
  const { rows } = await sql<{ value: string | null }>`
    select coalesce(
      (select value from customer_correction c where c.customer_id = ${customerId} and c.field = ${field}
        order by at desc, id desc limit 1),
      (select case ${field} when 'name' then name when 'company' then company when 'title' then title end
         from customer where id = ${customerId}),
      (select mobiles[1] from relation where customer_id = ${customerId} and ${field} = 'phone'
        order by since desc limit 1)) as value`.execute(db)
  return rows[0]?.value ?? ''
}

export const addCorrection = (
  tx: Tx,
  row: { id: string; customerId: string; requestId: string; at: Date; field: string; before: string; value: string },
) => tx.insertInto('customerCorrection').values(row).execute()

export const setLifted = (tx: Tx, id: string, lift: { liftedBy: string; liftedAt: Date; liftedReason: string }) =>
  tx.updateTable('rightsRequest').set(lift).where('id', '=', id).execute()

export const setRestricted = (tx: Tx, customerId: string, at: Date | null) =>
  tx.updateTable('customer').set({ restrictedAt: at }).where('id', '=', customerId).execute()

export async function setUnscored(tx: Tx, customerId: string, { by, at }: { by: string; at: Date }): Promise<void> {
  const row = { value: sql<string>`'true'::jsonb`, writtenBy: by, writtenAt: at }
  await tx
    .insertInto('customerFact')
    .values({ customerId, field: 'unscored', source: 'hand', ...row })
    .onConflict((conflict) => conflict.columns(['customerId', 'field', 'source']).doUpdateSet(row))
    .execute()
}
