import { UNANSWERED_MS, type AskablePurpose, type ConsentEvent } from '../../shared/consent'
import type { Deps } from '../deps'
import { act } from '../db/act'
import { moveConsent, type Proof } from '../db/consent'
import { DELETE_DAYS } from '../lib/question'
import * as rows from './rows'

const BATCH = 200
const proof: Proof = { entity: 'system', channel: 'system' }

/**
 * What time does to consents: two weeks without an answer are no answer, a yes that is over is expired (nobody saw anything by it
 * since: access looks at the day itself), and what was kept only for an answer that is no yes any more is deleted.
 */
export async function consentsJob(deps: Deps): Promise<void> {
  await moveAll(deps, 'silence', (at) => rows.silentSince(deps.db, new Date(at.getTime() - UNANSWERED_MS), BATCH))
  await moveAll(deps, 'expire', (at) => rows.overSince(deps.db, at, BATCH))
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    const gone = await rows.dropRaw(tx, new Date(at.getTime() - DELETE_DAYS * 86_400_000))
    for (const customer of new Set(gone))
      audit('consent.raw_deleted', customer, { count: gone.filter((one) => one === customer).length })
  })
}

interface Due {
  customerId: string
  purpose: string
  recordId: string | null
}

async function moveAll({ db, now, id }: Deps, event: ConsentEvent, due: (at: Date) => Promise<Due[]>): Promise<void> {
  for (;;) {
    const at = now()
    const found = await due(at)
    if (found.length)
      await act(db, at, 'system', async (tx, audit) => {
        for (const { customerId, purpose, recordId } of found)
          await moveConsent(tx, audit, {
            customerId,
            purpose: purpose as AskablePurpose,
            event,
            recordId: recordId!,
            at,
            proof,
            id,
          })
      })
    if (found.length < BATCH) return
  }
}
