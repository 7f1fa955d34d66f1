import { nextNoticeState, type NoticeEvent, type NoticeState } from '../../shared/notice'
import type { Audit } from './act'
import type { Tx } from './open'

/** Holds a notice until the end of the transaction: whoever else would move it waits. It began with its handover. */
export async function holdNotice(tx: Tx, handoverId: string): Promise<NoticeState> {
  const row = await tx
    .selectFrom('notice')
    .select('state')
    .where('handoverId', '=', handoverId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.state as NoticeState
}

/**
 * Moves one notice by an event of its own machine; where the event means nothing, nothing moves and nothing is written.
 * The times are of the first such event: sending a second time does not make the customer told later.
 */
export async function moveNotice(
  tx: Tx,
  audit: Audit,
  move: { handoverId: string; event: NoticeEvent; at: Date; by?: string },
): Promise<{ state: NoticeState; moved: boolean }> {
  const { handoverId, event, at } = move
  const from = await holdNotice(tx, handoverId)
  const state = nextNoticeState(from, event)
  if (!state) return { state: from, moved: false }
  await tx
    .updateTable('notice')
    .set({ state })
    .$if(event === 'prompt', (q) => q.set({ promptedAt: at }))
    .$if(event === 'sent', (q) => q.set({ sentAt: at, sentBy: move.by ?? null }))
    .$if(event === 'open', (q) => q.set({ openedAt: at }))
    .$if(event === 'acknowledge' || event === 'object', (q) =>
      q.set((eb) => ({ answeredAt: eb.fn.coalesce('answeredAt', eb.val(at)) })),
    )
    .where('handoverId', '=', handoverId)
    .execute()
  audit('notice.moved', handoverId, { event, from, to: state })
  return { state, moved: true }
}
