import { nextNoticeState, type NoticeEvent, type NoticeState, type UnreachableReason } from '../../shared/notice'
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
 * The times are of the first such event: sending a second time does not make the customer told later. `version`: of the
 * page the customer is told with.
 */
export async function moveNotice(
  tx: Tx,
  audit: Audit,
  move: {
    handoverId: string
    event: NoticeEvent
    at: Date
    by?: string
    version?: number | null
    why?: UnreachableReason
  },
): Promise<{ state: NoticeState; moved: boolean }> {
  const { handoverId, event, at, version, why } = move
  const from = await holdNotice(tx, handoverId)
  const state = nextNoticeState(from, event)
  if (!state) return { state: from, moved: false }
  const told = event === 'sent' || event === 'deliver'
  await tx
    .updateTable('notice')
    .set({ state, stateSince: at, why: why ?? null })
    .$if(event === 'prompt', (q) => q.set({ promptedAt: at }))
    .$if(told, (q) =>
      q.set((eb) => ({
        sentAt: from === 'changed' ? at : eb.fn.coalesce('sentAt', eb.val(at)),
        sentBy: eb.fn.coalesce('sentBy', eb.val(move.by ?? null)),
      })),
    )
    .$if(version !== undefined && version !== null, (q) => q.set({ pageVersion: version ?? null }))
    .$if(event === 'open', (q) => q.set({ openedAt: at }))
    .$if(event === 'acknowledge' || event === 'object', (q) =>
      q.set((eb) => ({ answeredAt: eb.fn.coalesce('answeredAt', eb.val(at)) })),
    )
    .where('handoverId', '=', handoverId)
    .execute()
  audit('notice.moved', handoverId, {
    ...{ event, from, to: state },
    ...(version ? { page: `page@${version}` } : {}),
    ...(why ? { why } : {}),
  })
  return { state, moved: true }
}
