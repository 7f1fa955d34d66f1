import { nextTransferState, resultEvent, type TransferState } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import { tellOfInherited } from '../db/told'
import { moveTransfers, type NotMoved, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { transferResult, unassignedList } from '../wecom/apis'
import { WeComError, type AnswerOf, type WeCom } from '../wecom/client'
import { externalUseridsOf } from '../wecom/contacts'
import { walkPages } from '../wecom/pages'
import { factsOf, resultsOf, type Result } from './answer'
import * as rows from './rows'
import { eachInTurn } from '../wecom/turn'

/** So long WeCom may still be working on a call whose answer did not come; until then "not there" proves nothing. */
const STILL_WORKING_MS = 30_000

type Pair = Awaited<ReturnType<typeof rows.pairsToAsk>>[number]
type Open = Awaited<ReturnType<typeof openOf>>[number]

/**
 * Asks WeCom what became of the customers, pair by pair of leaver and successor. The same question answers two things:
 * how the waiting ones stand, and whether a call whose answer was lost has happened.
 *
 * A lost call is resolved by reading only. Its customer stands in the pair's results: it happened, and the state follows.
 * It does not, and it is still in WeCom's list of unassigned customers: it did not happen, and it is written anew. Neither:
 * nobody knows. It stays as it is, shown as 待核对 to a person, and is asked about less and less often.
 */
export async function askResults(deps: Deps): Promise<void> {
  const unassigned = unassignedReader(deps.wecom)
  const doneBy = deps.now().getTime() - STILL_WORKING_MS
  await eachInTurn(deps, await rows.pairsToAsk(deps.db, deps.now()), async (pair) => {
    const open = await openOf(deps, pair)
    const { results, whole } = await readResults(deps, pair)
    await takeResults(deps, pair, open, results)
    if (!whole) return
    const lost = open.filter(
      (o) => o.state === 'approved' && !eventOf(results, o) && (o.sentAt?.getTime() ?? 0) <= doneBy,
    )
    if (lost.length) await releaseUnsent(deps, lost, await unassigned(pair.leaver))
  })
}

async function openOf({ db }: Deps, pair: Pair) {
  const open = await rows.openTransfers(db, pair.leaverId, pair.successorId)
  const externals = await externalUseridsOf(
    db,
    open.map((o) => o.customerId),
  )
  return open.map((o) => ({ ...o, externalUserid: externals.get(o.customerId) ?? '' }))
}

const eventOf = (results: Map<string, Result>, open: Open) => resultEvent(results.get(open.externalUserid)?.status ?? 0)

/**
 * All pages; `whole` when they were. The pair's rows may be fewer than were sent, or none (facts 4.4): who is missing is
 * unknown, not done.
 */
async function readResults(
  { wecom, log }: Deps,
  pair: Pair,
): Promise<{ results: Map<string, Result>; whole: boolean }> {
  try {
    const params = { handover_userid: pair.leaver, takeover_userid: pair.successor }
    const read: AnswerOf<typeof transferResult>['customer'] = []
    const whole = await walkPages(
      (cursor) => wecom.ask(transferResult, { ...params, cursor }),
      ({ customer }) => read.push(...customer) && customer.length,
    )
    return { results: resultsOf(read), whole }
  } catch (error) {
    if (!(error instanceof WeComError)) throw error
    log.warn({ path: error.path, errcode: error.errcode }, 'results not readable')
    return { results: new Map(), whole: false }
  }
}

async function takeResults(deps: Deps, pair: Pair, open: readonly Open[], results: Map<string, Result>): Promise<void> {
  const at = deps.now()
  const told = await act(deps.db, at, 'wecom', async (tx, audit) => {
    const moves = open.flatMap((o): TransferMove[] => {
      const result = results.get(o.externalUserid)
      const event = eventOf(results, o)
      if (!result || !event) return []
      const moved = { handoverId: o.handoverId, event, set: factsOf(event, result, at) }
      if (o.state !== 'approved') return [moved]
      // The lost call is in the results: it was accepted when it was sent.
      return [
        { handoverId: o.handoverId, event: 'accepted_by_wecom', set: { submittedAt: o.sentAt, errcode: null } },
        moved,
      ]
    })
    const { moved, refused } = await moveTransfers(tx, audit, { at, id: deps.id }, moves)
    auditContradictions(audit, refused)
    const gone = moved.filter((m) => m.to === 'taken_over')
    await tellOfInherited(tx, { id: deps.id(), memberId: pair.successorId, at }, gone)
    await rows.markAsked(
      tx,
      open.map((o) => o.handoverId),
      at,
    )
    await rows.closeBatches(tx, batchesOf(open), at)
    return gone.length > 0
  })
  if (told) deps.wake('letters')
}

/** A result that says what we know already is no event. One that says otherwise changes nothing, but leaves a trace. */
function auditContradictions(audit: Audit, refused: readonly NotMoved[]): void {
  for (const { handoverId, event, state } of refused)
    if (state && !says(event, state)) audit('transfer.answered', handoverId, { ignored: event, state })
}

const says = (event: NotMoved['event'], state: TransferState): boolean =>
  (['approved', 'submitted', 'waiting'] as const).some((from) => nextTransferState(from, event) === state)

/** Those that WeCom still lists as unassigned were never sent, as far as WeCom knows: they get a new call. */
const releaseUnsent = (deps: Deps, lost: readonly Open[], listed: ReadonlySet<string>): Promise<void> => {
  const at = deps.now()
  const unsent = lost.filter((o) => listed.has(o.externalUserid))
  return act(deps.db, at, 'system', async (tx, audit) => {
    await rows.detach(
      tx,
      unsent.map((o) => o.handoverId),
    )
    await rows.closeBatches(tx, batchesOf(lost), at)
    for (const batch of batchesOf(unsent))
      audit('transfer.answered', batch, { noEffect: unsent.filter((o) => o.batchId === batch).length })
  })
}

const batchesOf = (open: readonly Open[]): string[] => [...new Set(open.flatMap((o) => o.batchId ?? []))]

/** WeCom's whole list (it has no filter, facts 4.2), read at most once a run and only when somebody asks. */
function unassignedReader(wecom: WeCom): (leaver: string) => Promise<ReadonlySet<string>> {
  let reading: Promise<Map<string, Set<string>>> | null = null
  const read = async () => {
    const lists = new Map<string, Set<string>>()
    await walkPages(
      (cursor) => wecom.ask(unassignedList, { cursor, page_size: 1000 }),
      ({ info }) => {
        for (const { handover_userid, external_userid } of info)
          lists.set(handover_userid, (lists.get(handover_userid) ?? new Set()).add(external_userid))
        return info.length
      },
    )
    return lists
  }
  return async (leaver) => (await (reading ??= read())).get(leaver) ?? new Set()
}
