import { sql } from 'kysely'
import type { RevealField } from '../../shared/reveal'
import { passerId } from '../db/handover'
import type { Db, Tx } from '../db/open'

/** Held until the end of the transaction: of two looks at once the second counts the first. */
export const holdMember = (tx: Tx, id: string) =>
  tx.selectFrom('member').select('id').where('id', '=', id).forNoKeyUpdate().executeTakeFirst()

export const revealsSince = async (db: Db, memberId: string, since: Date): Promise<number> => {
  const { count } = await db
    .selectFrom('reveal')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('memberId', '=', memberId)
    .where('at', '>=', since)
    .executeTakeFirstOrThrow()
  return count
}

export const addReveal = (
  tx: Tx,
  reveal: {
    id: string
    memberId: string
    customerId: string
    field: RevealField
    reason: string
    words: string | null
    at: Date
  },
) => tx.insertInto('reveal').values(reveal).execute()

/** What the leaver of this handover kept about the customer. */
export const leftOf = (db: Db, handoverId: string) =>
  db
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('relation', (join) =>
      join.on('relation.memberId', '=', passerId).onRef('relation.customerId', '=', 'handover.customerId'),
    )
    .select(['relation.mobiles', 'relation.remark', 'relation.description'])
    .where('handover.id', '=', handoverId)
    .executeTakeFirst()

export const promiseText = (db: Db, customerId: string, id: string) =>
  db.selectFrom('promise').select('text').where('customerId', '=', customerId).where('id', '=', id).executeTakeFirst()

const revealable = [
  ...['remark.changed', 'description.changed', 'promise.made', 'promise.kept', 'promise.moved'],
  ...['note.written', 'note.corrected', 'memo.written'],
]

/** What was written, before and after, of an entry that holds what people wrote. */
export const writtenIn = async (db: Db, customerId: string, id: string): Promise<string[]> => {
  const row = await db
    .selectFrom('history')
    .select(sql<(string | null)[]>`array[body->>'before', body->>'after', body->>'text']`.as('texts'))
    .where('customerId', '=', customerId)
    .where('id', '=', id)
    .where('kind', 'in', revealable)
    .where(sql<boolean>`not exists (select 1 from note where note.id = history.id and note.withdrawn_at is not null)`)
    .executeTakeFirst()
  return (row?.texts ?? []).filter((text): text is string => Boolean(text))
}
