import { dueBefore, retentionNames, type RetentionClass } from '../../shared/retention'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { purgeHistory, removeCustomers } from '../db/erase'
import { forget } from '../db/person'
import type { Deps, Job } from '../deps'
import { periodOf } from './periods'
import * as rows from './rows'

const BATCH = 100

/**
 * Deletes what has been kept long enough, class by class, in batches of their own transactions: whatever stops it, the next
 * run finds what is left. Each batch has its entry in the audit log: how many, never what. Complaints go before customers,
 * because a customer is kept as long as their complaint, and customers before departures.
 */
export const retentionJob: Job = async (deps) => {
  const at = deps.now()
  const order: readonly RetentionClass[] = [
    'complaint',
    'reveal',
    'export',
    'customer',
    ...retentionNames.filter((name) => !['complaint', 'reveal', 'export', 'customer'].includes(name)),
  ]
  for (const name of order) {
    await act(deps.db, at, 'system', (tx) => rows.noteRun(tx, name, at, 0))
    while ((await purge(deps, name, at)) === BATCH);
  }
}

/** Answers how many were due; fewer than a batch is the end. */
const purge = (deps: Deps, name: RetentionClass, at: Date): Promise<number> =>
  act(deps.db, at, 'system', async (tx, audit) => {
    const cutoff = dueBefore(at, await periodOf(tx, name))
    if (name === 'log') return ageLog(tx, audit, cutoff, at)
    const keys = await rows.holdDue(tx, name, cutoff, BATCH)
    if (!keys.length) return 0
    const removed = await carryOut(tx, audit, name, keys, at)
    await rows.noteRun(tx, name, at, removed)
    audit('retention.purged', name, { removed })
    return keys.length
  })

async function ageLog(tx: Tx, audit: Audit, cutoff: Date, at: Date): Promise<number> {
  const removed = await rows.ageLog(tx, cutoff, at, BATCH)
  if (!removed) return 0
  await rows.noteRun(tx, 'log', at, removed)
  audit('retention.purged', 'log', { removed })
  return removed
}

async function carryOut(
  tx: Tx,
  audit: Audit,
  name: RetentionClass,
  keys: readonly string[],
  at: Date,
): Promise<number> {
  if (name === 'departure') return rows.removeDepartures(tx, keys)
  if (name !== 'customer' && name !== 'staff') return rows.removeRows(tx, name, keys)
  const removed = name === 'customer' ? await customers(tx, keys, at) : await rows.shortenMembers(tx, keys)
  // What the audit log holds of them is told from chance no more.
  for (const id of keys) await forget(tx, audit, id)
  return removed
}

async function customers(tx: Tx, keys: readonly string[], at: Date): Promise<number> {
  await purgeHistory(tx, keys, at)
  return removeCustomers(tx, keys)
}
