import { dayBegan, GROUPS_A_DAY, nextDay } from '../../shared/group'
import { act } from '../db/act'
import { moveGroups } from '../db/group'
import type { Deps } from '../deps'
import { groupTransfer, groupTransferOnJob } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { eachInTurn } from '../wecom/turn'
import { again, fateOfAll, fatesOf, OTHER_API, type Fate } from './answer'
import * as rows from './rows'

/** WeCom takes at most this many groups a call (facts 4.6). */
const MAX_GROUPS = 100

export async function sendGroups(deps: Deps): Promise<void> {
  await eachInTurn(deps, await rows.successorsToServe(deps.db, deps.now()), async ({ successorId }) => {
    for (;;) {
      const call = await writeCall(deps, successorId)
      if (!call || !(await makeCall(deps, call))) return
    }
  })
}

interface Call {
  departureId: string
  leaverId: string
  successor: string
  flow: 'resigned' | 'onjob'
  chatIds: string[]
}

/**
 * Writes down the next call for this successor: one leaver, at most a hundred groups, no more than are left of the
 * leaver's day. The rest of them waits until WeCom's next day. Null: nothing to be called.
 */
function writeCall({ db, now }: Deps, successorId: string): Promise<Call | null> {
  const at = now()
  return act(db, at, 'system', async (tx, audit) => {
    for (;;) {
      const next = await rows.nextLeaver(tx, successorId, at)
      if (!next) return null
      const { departureId, leaverId, successor } = next
      await rows.holdLeaver(tx, leaverId)
      const room = GROUPS_A_DAY - (await rows.sentSince(tx, leaverId, dayBegan(at)))
      if (room <= 0) {
        const waiting = await rows.putOff(tx, leaverId, nextDay(at))
        audit('group.answered', departureId, { dayIsFull: true, waiting, until: nextDay(at).toISOString() })
        continue
      }
      const chatIds = await rows.chatsToSend(tx, departureId, successorId, at, Math.min(room, MAX_GROUPS))
      const flow = next.gone ? 'resigned' : 'onjob'
      const set = { sentAt: at, askedAt: null, flow, nextTryAt: null, wait: null, errcode: null } as const
      const { moved } = await moveGroups(
        tx,
        audit,
        chatIds.map((chatId) => ({ departureId, chatId, event: 'send', set })),
      )
      if (!moved.length) return null
      audit('group.sent', departureId, { successor: successorId, groups: moved.length, flow })
      return { departureId, leaverId, successor, flow, chatIds: moved.map((m) => m.chatId) }
    }
  })
}

/**
 * That it is made is committed already: whatever happens between here and the answer, the groups are found as `sent`, and
 * who owns them is read. False: no more calls for now.
 */
async function makeCall(deps: Deps, call: Call): Promise<boolean> {
  const { wecom, now } = deps
  const all = (fate: Fate) => new Map(call.chatIds.map((chatId) => [chatId, fate]))
  const api = call.flow === 'resigned' ? groupTransfer : groupTransferOnJob
  try {
    const { failed_chat_list } = await wecom.ask(api, { chat_id_list: call.chatIds, new_owner: call.successor })
    await takeAnswer(deps, call, fatesOf(call.chatIds, failed_chat_list, now()))
    return true
  } catch (error) {
    if (error instanceof WeComError) {
      const fate = fateOfAll(error.errcode, now())
      await takeAnswer(deps, call, all(fate))
      return fate.event !== 'taken_back'
    }
    if (error instanceof AnswerLost && error.notSent) await takeAnswer(deps, call, all(again(null, now())))
    throw error
  }
}

const takeAnswer = async (deps: Deps, call: Call, fates: Map<string, Fate>): Promise<void> => {
  const at = deps.now()
  const { departureId, leaverId } = call
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    const moves = [...fates].map(([chatId, fate]) => ({ departureId, chatId, ...fate }))
    await moveGroups(tx, audit, moves)
    // What WeCom says of one group's owner holds for the others of the same owner.
    if (moves.some((m) => m.set.wait === 'day')) await rows.putOff(tx, leaverId, nextDay(at))
    const count = (event: Fate['event']) => moves.filter((m) => m.event === event).length
    audit('group.answered', departureId, {
      accepted: count('accepted'),
      refused: count('refused'),
      again: count('taken_back'),
      noGroup: count('not_a_group'),
    })
  })
  // WeCom knows otherwise than we whether the leaver is still here.
  if ([...fates.values()].some((f) => OTHER_API.includes(f.set.errcode ?? 0))) deps.wake('departures')
}
