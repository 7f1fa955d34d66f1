import { nextDay, type GroupEvent } from '../../shared/group'
import type { GroupFacts } from '../db/group'
import { BLOCKED, kindOf, notAGroup } from '../wecom/errcodes'

/** "Unchanged", "in progress", "done": what became of it stands with the owner, who is read next (facts 4.6). */
const underWay = [90504, 90507, 90508]
/** The owner has not left, or has: by what we know then, the next call is the other one. */
export const OTHER_API: readonly number[] = [90500, 90502]

const SOON_MS = 50_000
const LATER_MS = 5 * 60_000

/** What WeCom's answer means for one group. */
export interface Fate {
  event: Extract<GroupEvent, 'accepted' | 'refused' | 'taken_back' | 'not_a_group'>
  set: Partial<GroupFacts>
}

/** The call had no effect; it is made again, not before then. */
export const again = (errcode: number | null, nextTryAt: Date, wait: 'day' | 'wecom' = 'wecom'): Fate => ({
  event: 'taken_back',
  set: { sentAt: null, flow: null, errcode, nextTryAt, wait },
})

export function fateOf(errcode: number, now: Date): Fate {
  const inMs = (ms: number) => new Date(now.getTime() + ms)
  if (errcode === 0) return { event: 'accepted', set: { errcode: null } }
  if (underWay.includes(errcode)) return { event: 'accepted', set: { errcode } }
  if (notAGroup.includes(errcode)) return { event: 'not_a_group', set: { errcode, settledAt: now } }
  if (errcode === BLOCKED) return again(errcode, nextDay(now), 'day')
  if (OTHER_API.includes(errcode)) return again(errcode, inMs(SOON_MS))
  const kind = kindOf(errcode)
  // Where a person must act first they do so, or plan another owner: nothing is tried again behind their back.
  if (kind === 'final' || kind === 'person') return { event: 'refused', set: { errcode, settledAt: now } }
  return again(errcode, inMs(kind === 'retry' ? SOON_MS : LATER_MS))
}

/** The whole call refused. Here 45009 is the rate of calls, not the day's number of groups. */
export const fateOfAll = (errcode: number, now: Date): Fate =>
  errcode === BLOCKED ? again(errcode, new Date(now.getTime() + SOON_MS)) : fateOf(errcode, now)

const hope = ['accepted', 'taken_back', 'not_a_group', 'refused']

/**
 * The fate of every group that was asked for; one that WeCom does not name was accepted. Of several answers for one the
 * most hopeful holds: its owner can still say no to it.
 */
export function fatesOf(
  asked: readonly string[],
  failed: readonly { chat_id: string; errcode: number }[],
  now: Date,
): Map<string, Fate> {
  const fates = new Map<string, Fate>()
  for (const { chat_id, errcode } of failed) {
    const [fate, before] = [fateOf(errcode, now), fates.get(chat_id)]
    if (!before || hope.indexOf(fate.event) < hope.indexOf(before.event)) fates.set(chat_id, fate)
  }
  return new Map(asked.map((chatId) => [chatId, fates.get(chatId) ?? fateOf(0, now)]))
}
