import { DOUBT_MS, resultEvent } from '../../shared/transfer'
import { act } from '../db/act'
import { tellOfInherited } from '../db/told'
import { moveTransfers, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { NOT_FOLLOWED, type Result } from './answer'
import { placesOf, type Place } from './followers'
import { acceptance, batchesOf, type Open } from './open'
import * as asking from './ask-rows'
import * as rows from './rows'
import type { Unassigned } from './unassigned'

/**
 * So long after a call "not in the results" proves nothing: WeCom may still be working on it, and shows fresh flows late
 * (facts 4.4). It must be well below the ten minutes after which a person is asked.
 */
const SURE_MS = 6 * 60_000

/** What an open transfer turns out to be. `unsent`: the call had no effect and may be made again. */
type Verdict = 'unsent' | { moves: TransferMove[] }

/**
 * Those of whom the pair's results say nothing. A lost call is never repeated because nothing was heard: only when the
 * results have had time to show it, and WeCom still shows the customer with the leaver. For some rows stay listed while
 * they wait, or come back after a refusal (U10): "still listed" alone could mean a second request to somebody who has
 * just said no. With the results silent and no sign of the customer anywhere it stays open, for a person to look at.
 */
export async function settleSilent(
  deps: Deps,
  pair: asking.Pair,
  silent: readonly Open[],
  results: ReadonlyMap<string, Result>,
  unassigned: Unassigned,
): Promise<void> {
  const now = deps.now().getTime()
  const notFollowed = silent.filter((o) => isLost(o) && o.errcode === NOT_FOLLOWED)
  const old = silent.filter((o) => {
    if (isLost(o)) return o.errcode !== NOT_FOLLOWED && now - o.sentAt.getTime() >= SURE_MS
    const row = results.get(o.externalUserid)
    // A row whose number nobody knows may mean anything: then nothing is concluded from elsewhere either.
    const unknown = row !== undefined && !resultEvent(row.status)
    return !unknown && now - (o.submittedAt ?? o.sentAt).getTime() >= DOUBT_MS
  })
  if (!notFollowed.length && !old.length) return
  const leaverGone = silent.every((o) => o.gone)
  const listed = old.length && leaverGone ? await unassigned(pair.leaver) : new Set<string>()
  const isListed = (o: Open) => old.includes(o) && listed.has(o.externalUserid)
  const unlisted = [...notFollowed, ...old.filter((o) => !isListed(o))]
  const places = await placesOf(
    deps,
    { ...pair, leaverGone },
    // WeCom says itself that the leaver has lost these: then it does not matter whether it was before our call.
    unlisted.map((o) => ({ ...o, calledAt: o.errcode === NOT_FOLLOWED ? o.since : o.sentAt })),
  )
  const ids = await asking.memberIds(
    deps.db,
    [...places.values()].flatMap((p) => (p.at === 'elsewhere' ? p.userid : [])),
  )
  const verdicts = [...notFollowed, ...old].map((o) => {
    const place: Place = isListed(o) ? { at: 'leaver' } : (places.get(o.handoverId) ?? { at: 'nobody' })
    return [o, verdictOf(o, place, ids, deps.now())] as const
  })
  await takeVerdicts(deps, pair, verdicts)
}

const isLost = (o: Open): boolean => o.state === 'approved'

function verdictOf(o: Open, place: Place, ids: ReadonlyMap<string, string>, at: Date): Verdict {
  const { handoverId } = o
  if (place.at === 'successor')
    return { moves: [...acceptance(o), { handoverId, event: 'result_taken_over', set: { settledAt: place.since } }] }
  if (place.at === 'elsewhere')
    return {
      moves: [{ handoverId, event: 'moved_elsewhere', by: ids.get(place.userid) ?? null, set: { settledAt: at } }],
    }
  if (isLost(o) && o.errcode === NOT_FOLLOWED)
    return { moves: [{ handoverId, event: 'refused_by_wecom', set: { settledAt: at } }] }
  if (place.at === 'nobody') return { moves: [] }
  return isLost(o) ? 'unsent' : { moves: [{ handoverId, event: 'result_void', set: { settledAt: at, errcode: null } }] }
}

async function takeVerdicts(
  deps: Deps,
  pair: asking.Pair,
  verdicts: readonly (readonly [Open, Verdict])[],
): Promise<void> {
  const at = deps.now()
  const moves = verdicts.flatMap(([, verdict]) => (verdict === 'unsent' ? [] : verdict.moves))
  const unsent = verdicts.flatMap(([open, verdict]) => (verdict === 'unsent' ? [open] : []))
  const told = await act(deps.db, at, 'wecom', async (tx, audit) => {
    const { moved } = await moveTransfers(tx, audit, { at, id: deps.id }, moves)
    await rows.detach(
      tx,
      unsent.map((o) => o.handoverId),
    )
    const touched = verdicts.map(([open]) => open)
    await rows.closeBatches(tx, batchesOf(touched), at)
    for (const batch of batchesOf(unsent))
      audit('transfer.answered', batch, { noEffect: unsent.filter((o) => o.batchId === batch).length })
    const gone = moved.filter((m) => m.to === 'taken_over')
    await tellOfInherited(tx, { id: deps.id(), memberId: pair.successorId, at }, gone)
    return gone.length > 0
  })
  if (told) deps.wake('letters')
}
