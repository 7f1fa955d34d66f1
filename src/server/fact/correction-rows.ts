import type { Db, Tx } from '../db/open'
import { leaverFor, type Reader } from '../db/scope'

export const correctionsOf = (db: Db, memberId: string) =>
  db
    .selectFrom('factCorrection as c')
    .leftJoin('member as by', 'by.id', 'c.answeredBy')
    .selectAll('c')
    .select('by.name as answerer')
    .where('c.memberId', '=', memberId)
    .orderBy('c.askedAt', 'desc')
    .orderBy('c.id', 'desc')
    .limit(20)
    .execute()

/** Answers whether it was added: of one field one waits at most. */
export async function addCorrection(
  tx: Tx,
  row: { id: string; memberId: string; field: string; said: string; askedAt: Date },
): Promise<boolean> {
  const added = await tx
    .insertInto('factCorrection')
    .values(row)
    .onConflict((conflict) => conflict.columns(['memberId', 'field']).where('answeredAt', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

/** Of members in the reader's scope, never their own. */
const open = (db: Db, reader: Reader) =>
  db
    .selectFrom('factCorrection as c')
    .innerJoin('member as leaver', 'leaver.id', 'c.memberId')
    .select(['c.id', 'c.field', 'c.said', 'c.askedAt', 'leaver.id as member', 'leaver.name'])
    .where('c.answeredAt', 'is', null)
    .where(leaverFor(reader))

export const openAfter = (
  db: Db,
  reader: Reader,
  member: string | undefined,
  after: readonly [Date, string] | null,
  limit: number,
) =>
  open(db, reader)
    .$if(member !== undefined, (q) => q.where('c.memberId', '=', member ?? ''))
    .$if(after !== null, (q) =>
      q.where((eb) =>
        eb.or([eb('c.askedAt', '>', after![0]), eb.and([eb('c.askedAt', '=', after![0]), eb('c.id', '>', after![1])])]),
      ),
    )
    .orderBy('c.askedAt')
    .orderBy('c.id')
    .limit(limit)
    .execute()

/** Held until the end of the transaction: of two who answer, the second sees what the first has said. */
export const holdCorrection = (tx: Tx, reader: Reader, id: string) =>
  tx
    .selectFrom('factCorrection as c')
    .innerJoin('member as leaver', 'leaver.id', 'c.memberId')
    .select(['c.id', 'c.memberId', 'c.field', 'c.answeredAt'])
    .where('c.id', '=', id)
    .where(leaverFor(reader))
    .forNoKeyUpdate('c')
    .executeTakeFirst()

export const setAnswer = (
  tx: Tx,
  id: string,
  answer: { answeredBy: string; answeredAt: Date; changed: boolean; answer: string },
) => tx.updateTable('factCorrection').set(answer).where('id', '=', id).execute()
