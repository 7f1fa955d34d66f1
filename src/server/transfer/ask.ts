import { nextTransferState, resultEvent, type TransferState } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import { tellOfInherited } from '../db/told'
import { moveTransfers, type NotMoved, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { resultOnJob, transferResult } from '../wecom/apis'
import { WeComError, type AnswerOf } from '../wecom/client'
import { walkPages } from '../wecom/pages'
import { eachInTurn } from '../wecom/turn'
import { eventIn, factsOf, resultsOf, type Result } from './answer'
import { acceptance, batchesOf, openOf, type Open } from './open'
import * as asking from './ask-rows'
import * as rows from './rows'
import { settleSilent } from './settle'
import { unassignedReader, type Unassigned } from './unassigned'

/** Asks WeCom what became of the customers that are due, pair by pair of leaver and successor. */
export async function askResults(deps: Deps): Promise<void> {
  const unassigned = unassignedReader(deps.wecom)
  await eachInTurn(deps, await asking.pairsToAsk(deps.db, deps.now()), async (pair) => {
    await askPair(deps, pair, unassigned)
  })
}

/**
 * One question answers two things: how the waiting ones stand, and whether a call whose answer was lost has happened. Of
 * whom the results say nothing, `settleSilent` finds out otherwise where it can. In the successor's turn. False: WeCom's
 * results could not be read to their end.
 */
export async function askPair(deps: Deps, pair: asking.Pair, unassigned: Unassigned): Promise<boolean> {
  const open = await openOf(deps.db, pair)
  const { results, whole } = await readResults(deps, pair)
  await takeResults(deps, pair, open, results)
  if (!whole) return false
  const silent = open.filter((o) => !eventOf(deps, results, o))
  try {
    await settleSilent(deps, pair, silent, results, unassigned)
  } catch (error) {
    if (!(error instanceof WeComError)) throw error
    deps.log.warn({ path: error.path, errcode: error.errcode }, 'silent transfers not settled')
    return false
  }
  return true
}

const eventOf = ({ now }: Deps, results: Map<string, Result>, open: Open) =>
  eventIn(results.get(open.externalUserid), open, now())

/**
 * All pages; `whole` when they were. The pair's rows may be fewer than were sent, or none (facts 4.4): who is missing is
 * unknown, not done. Status 5 and numbers that nobody knows change nothing; the log names them.
 */
async function readResults(
  { wecom, log }: Deps,
  pair: asking.Pair,
): Promise<{ results: Map<string, Result>; whole: boolean }> {
  const api = pair.flow === 'onjob' ? resultOnJob : transferResult
  try {
    const params = { handover_userid: pair.leaver, takeover_userid: pair.successor }
    const read: AnswerOf<typeof transferResult>['customer'] = []
    const whole = await walkPages(
      (cursor) => wecom.ask(api, { ...params, cursor }),
      ({ customer }) => read.push(...customer) && customer.length,
    )
    const odd = [...new Set(read.map((r) => r.status))].filter((status) => !resultEvent(status))
    if (odd.length) log.warn({ api: api.path, statuses: odd }, 'results of unknown meaning')
    return { results: resultsOf(read), whole }
  } catch (error) {
    if (!(error instanceof WeComError)) throw error
    log.warn({ path: error.path, errcode: error.errcode }, 'results not readable')
    return { results: new Map(), whole: false }
  }
}

async function takeResults(
  deps: Deps,
  pair: asking.Pair,
  open: readonly Open[],
  results: Map<string, Result>,
): Promise<void> {
  const at = deps.now()
  const told = await act(deps.db, at, 'wecom', async (tx, audit) => {
    const moves = open.flatMap((o): TransferMove[] => {
      const event = eventOf(deps, results, o)
      if (!event) return []
      const set = factsOf(event, results.get(o.externalUserid)?.takeoverAt ?? null, at)
      return [...acceptance(o), { handoverId: o.handoverId, event, set }]
    })
    const { moved, refused } = await moveTransfers(tx, audit, { at, id: deps.id }, moves)
    auditContradictions(audit, refused)
    await asking.markAsked(
      tx,
      open.map((o) => o.handoverId),
      at,
    )
    await rows.closeBatches(tx, batchesOf(open), at)
    const gone = moved.filter((m) => m.to === 'taken_over')
    await tellOfInherited(tx, { id: deps.id(), memberId: pair.successorId, at }, gone)
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
