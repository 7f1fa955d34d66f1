import type { Tx } from '../db/open'
import type { RelationRow } from './relation-rows'

export type Written = Partial<Pick<RelationRow, 'remark' | 'description' | 'company' | 'mobiles' | 'tagIds'>>

/**
 * What we ourselves wrote into somebody's relation: WeCom sends no event of it (facts gotcha 18). Written down at once, so
 * that the next reading does not tell it a second time, as if the member had typed it. A relation that the mirror has not
 * seen yet is left to the reading that follows.
 */
export async function noteWritten(tx: Tx, memberId: string, customerId: string, written: Written): Promise<void> {
  const row = { ...written, ...(written.mobiles ? { mobiles: [...written.mobiles].sort() } : {}) }
  if (!Object.keys(row).length) return
  await tx.selectFrom('customer').select('id').where('id', '=', customerId).forNoKeyUpdate().execute()
  await tx
    .updateTable('relation')
    .set(row)
    .where('memberId', '=', memberId)
    .where('customerId', '=', customerId)
    .where('endedAt', 'is', null)
    .execute()
}
