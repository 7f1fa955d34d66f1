import { sql } from 'kysely'
import * as z from 'zod/mini'
import { planningDefaults, planningRules, type RoundOutcome } from '../../shared/approval'
import type { Db, Tx } from './open'
import { readSetting } from './setting'

/** Where the house's rules for planning and approving stand. */
export const PLANNING = 'planning'
/** `since`: when drafting by itself was switched on; who had left before is nobody's surprise. */
const kept = z.object({ ...planningRules.shape, since: z.nullable(z.string()) })
export const readPlanning = (db: Db) => readSetting(db, PLANNING, kept, { ...planningDefaults, since: null })

/** The round that is open ends with its plan, however that ends; the cards in WeCom follow by themselves. */
export const endRounds = (tx: Tx, planIds: readonly string[], outcome: RoundOutcome, at: Date) =>
  tx
    .updateTable('approval')
    .set({ outcome, endedAt: at })
    .where('planId', '=', sql<string>`any(${sql.val([...planIds])}::text[])`)
    .where('outcome', 'is', null)
    .execute()
