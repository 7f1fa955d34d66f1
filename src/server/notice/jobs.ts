import { SILENCE_MS } from '../../shared/notice'
import type { Deps } from '../deps'
import { act } from '../db/act'
import { moveNotice } from '../db/notice'
import { silentSince } from './rows'

const BATCH = 200

/** A week without an answer is "no response": told, and served as before. Silence is never an agreement (DESIGN 4.3). */
export async function noticesJob({ db, now }: Deps): Promise<void> {
  for (;;) {
    const at = now()
    const silent = await silentSince(db, new Date(at.getTime() - SILENCE_MS), BATCH)
    if (silent.length)
      await act(db, at, 'system', async (tx, audit) => {
        for (const { handoverId } of silent) await moveNotice(tx, audit, { handoverId, event: 'silence', at })
      })
    if (silent.length < BATCH) return
  }
}
