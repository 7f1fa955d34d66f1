import { endOfChinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { askWaiver, decideWaiver, WAIVER_DAYS } from '../../shared/untold'
import { act } from '../db/act'
import { holdNotice, moveNotice } from '../db/notice'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import { reachOf } from '../lib/reach'
import { serve, type House } from '../lib/serve'
import { handoverInScope } from './other-rows'

const DAY_MS = 86_400_000

/**
 * Not to be told for now (PIPL 18): by a law's secrecy, or in an emergency, then told afterwards. With a citation and a last
 * day, asked for by one and decided by another; when it is over the notice is due again (T-60).
 */
export function waiverDoors(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, askWaiver, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { handover, kind, citation, reason } = input
      if (!(await handoverInScope(tx, reachOf(caller, 'compliance'), handover))) throw new Failure('not_found')
      const until = endOfChinaDay(input.until)
      const days = WAIVER_DAYS[kind]
      if (until <= now() || until.getTime() - now().getTime() > days * DAY_MS)
        throw new Failure('waiver_until', { days })
      if (!['due', 'prompted', 'unreachable', 'alt_channel'].includes(await holdNotice(tx, handover)))
        throw new Failure('not_untold')
      const id = deps.id()
      const row = { id, handoverId: handover, kind, citation, reason, until, askedBy: caller.id, askedAt: now() }
      if (!(await addWaiver(tx, row))) throw new Failure('waiver_open')
      audit('waiver.asked', handover, { waiver: id, kind })
      return { waiver: id }
    }),
  )

  serve(house, decideWaiver, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const waiver = await tx
        .selectFrom('noticeWaiver')
        .selectAll()
        .where('id', '=', input.waiver)
        .forUpdate()
        .executeTakeFirst()
      if (!waiver) throw new Failure('not_found')
      if (waiver.decidedBy || waiver.endedAt || waiver.until <= now()) throw new Failure('stale')
      if (waiver.askedBy === caller.id) throw new Failure('own_waiver')
      const { id, handoverId } = waiver
      const { approve } = input
      const decided = { decidedBy: caller.id, decidedAt: now(), approved: approve, endedAt: approve ? null : now() }
      await tx.updateTable('noticeWaiver').set(decided).where('id', '=', id).execute()
      audit('waiver.decided', handoverId, { waiver: id, approved: approve })
      const move = { handoverId, event: 'waive' as const, at: now(), by: caller.id }
      if (approve && !(await moveNotice(tx, audit, move)).moved) throw new Failure('stale')
      return OK
    }),
  )
}

const addWaiver = async (
  tx: Tx,
  row: {
    id: string
    handoverId: string
    kind: string
    citation: string
    reason: string
    until: Date
    askedBy: string
    askedAt: Date
  },
): Promise<boolean> =>
  (
    await tx
      .insertInto('noticeWaiver')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute()
  ).length > 0

/** What is over is over by itself: the notice is due, and its successor is shown so. One nobody decided lapses. */
export async function endWaivers({ db, now }: Deps): Promise<void> {
  const over = await db
    .selectFrom('noticeWaiver')
    .select(['id', 'handoverId'])
    .where('endedAt', 'is', null)
    .where('until', '<=', now())
    .execute()
  if (!over.length) return
  await act(db, now(), 'system', async (tx, audit) => {
    for (const { id, handoverId } of over) {
      const { numUpdatedRows } = await tx
        .updateTable('noticeWaiver')
        .set({ endedAt: now() })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .executeTakeFirst()
      if (!numUpdatedRows) continue
      audit('waiver.over', handoverId, { waiver: id })
      await moveNotice(tx, audit, { handoverId, event: 'waiver_over', at: now() })
    }
  })
}
