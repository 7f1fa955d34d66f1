import { createHash } from 'node:crypto'
import { canonical } from '../../shared/canonical'
import { Failure } from '../../shared/failure'
import { stageOf } from '../../shared/handover'
import type { OpenCall } from '../../shared/settle'
import { DOUBT_MS, UNANSWERED_MS, type TransferEvent, type TransferState } from '../../shared/transfer'
import { act } from '../db/act'
import { moveTransfers, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { seenBy } from '../lib/cut'
import type { Caller } from '../lib/serve'
import { failureOf } from '../wecom/failure'
import { inTurn } from '../wecom/turn'
import { askPair } from './ask'
import { openCall, type OpenCallRow } from './call-rows'
import { pairOf } from './ask-rows'
import * as rows from './rows'
import { unassignedReader } from './unassigned'

type Asking = OpenCall & { event: Record<'under_way' | 'not_assigned', TransferEvent | null>; row: OpenCallRow }

/** What there is to say about a call, and what each answer does; a call that is settled or too young has nothing. */
function asking(row: OpenCallRow | undefined, now: Date): Asking {
  if (!row) throw new Failure('not_found')
  const { handover, state, batchId, sentAt, answeredAt, submittedAt } = row
  const age = (at: Date) => now.getTime() - at.getTime()
  const lost = state === 'approved' && sentAt && !answeredAt && age(sentAt) > UNANSWERED_MS
  const silent = (state === 'submitted' || state === 'waiting') && submittedAt && age(submittedAt) > DOUBT_MS
  if (!sentAt || !(lost || silent)) throw new Failure('stale')
  const kind = lost ? 'checking' : 'unconfirmed'
  const call = { handover, kind, call: batchId, sentAt: sentAt.toISOString(), successor: row.successorId }
  return {
    handover,
    kind,
    shortName: row.name,
    leaver: row.leaver,
    successor: row.successor ?? '',
    sentAt: sentAt.toISOString(),
    digest: createHash('sha256').update(canonical(call)).digest('hex'),
    event: lost
      ? { under_way: 'accepted_by_wecom', not_assigned: 'cancel' }
      : { under_way: null, not_assigned: 'result_void' },
    row,
  }
}

export function showCall(row: OpenCallRow | undefined, now: Date): OpenCall {
  const { event: _, row: r, ...shown } = asking(row, now)
  const stage = stageOf({ transfer: r.state as TransferState, notice: 'due', objectionOpen: false })
  return seenBy({ who: 'manager', stage }, shown)
}

/**
 * Believes a person only after having asked WeCom once more, in the successor's turn, so that no job looks or sends
 * meanwhile. What WeCom itself says by then counts, and the answer is refused as stale.
 */
export async function answerCall(
  deps: Deps,
  caller: Caller,
  given: { handover: string; digest: string; answer: 'under_way' | 'not_assigned' },
): Promise<void> {
  const look = async () => asking(await openCall(deps.db, given.handover, caller), deps.now())
  const { row, digest } = await look()
  if (digest !== given.digest || !row.successorId) throw new Failure('stale')
  let done = false
  await inTurn(deps.db, row.successorId, async () => {
    await askOnceMore(deps, given.handover)
    await take(deps, caller, given, await look())
    done = true
  })
  if (!done) throw new Failure('busy')
}

async function askOnceMore(deps: Deps, handoverId: string): Promise<void> {
  const pair = await pairOf(deps.db, handoverId)
  if (!pair) throw new Failure('stale')
  const whole = await askPair(deps, pair, unassignedReader(deps.wecom)).catch((error: unknown) => {
    throw failureOf(error)
  })
  if (!whole) throw new Failure('wecom_unreachable')
}

const take = (
  deps: Deps,
  caller: Caller,
  { digest, answer, handover }: { handover: string; digest: string; answer: 'under_way' | 'not_assigned' },
  now: Asking,
): Promise<void> => {
  const at = deps.now()
  const event = now.event[answer]
  if (now.digest !== digest || !event) throw new Failure('stale')
  const set = {
    accepted_by_wecom: { submittedAt: now.row.sentAt, errcode: null },
    result_void: { settledAt: at, errcode: null },
  }
  const move: TransferMove = { handoverId: handover, event, set: set[event as keyof typeof set] ?? {} }
  return act(deps.db, at, caller.id, async (tx, audit) => {
    const { refused } = await moveTransfers(tx, audit, { at, id: deps.id, author: caller.id }, [move])
    if (refused.length) throw new Failure('stale')
    await rows.closeBatches(tx, now.row.batchId ? [now.row.batchId] : [], at)
    audit('transfer.looked', handover, { answer, digest })
  })
}
