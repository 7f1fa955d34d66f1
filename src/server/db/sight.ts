import type { Sight } from '../lib/cut'
import type { Db } from './open'
import { handoversIn, stageOfRow } from './standing'

/** With whose eyes somebody who manages looks at a customer: by their newest handover; before there is one, as before any approval. */
export async function sightOver(db: Db, customerId: string, now: Date): Promise<Sight> {
  const newest = await handoversIn(db)
    .where('handover.customerId', '=', customerId)
    .orderBy('handover.createdAt', 'desc')
    .orderBy('handover.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { who: 'manager', stage: newest ? stageOfRow(newest, now) : 'V0' }
}
