import { resultEvent, type TransferEvent } from '../../shared/transfer'
import { wholeSecond } from '../wecom/assigned'
import { kindOf } from '../wecom/errcodes'

/** Somebody else, or an earlier call of ours, has started it already: the result will tell (facts 4.3, 4.9). */
const underWay = [40100, 40129]
/** The leaver does not follow this customer any more: somebody has moved it already, or it ended (facts 4.9). */
export const NOT_FOLLOWED = 40131

/** What WeCom's answer means for one customer. `again`: it was too busy for this one. `ask`: look who follows it now. */
export type Fate = { event: 'accepted_by_wecom' | 'refused_by_wecom' | 'again' | 'ask'; errcode: number | null }

const rank = { accepted_by_wecom: 0, again: 1, ask: 2, refused_by_wecom: 3 } as const

/**
 * One fate for each customer the answer speaks of, whatever its order and however often it names one: of several answers
 * the most hopeful holds, because the result can still say no to it, while a wrong no would let us send it twice.
 */
export function fatesOf(answered: readonly { external_userid: string; errcode: number }[]): Map<string, Fate> {
  const fates = new Map<string, Fate>()
  for (const { external_userid, errcode } of answered) {
    const fate = fateOf(errcode)
    const before = fates.get(external_userid)
    if (!before || rank[fate.event] < rank[before.event]) fates.set(external_userid, fate)
  }
  return fates
}

function fateOf(errcode: number): Fate {
  if (errcode === 0) return { event: 'accepted_by_wecom', errcode: null }
  if (underWay.includes(errcode)) return { event: 'accepted_by_wecom', errcode }
  if (errcode === NOT_FOLLOWED) return { event: 'ask', errcode }
  return { event: kindOf(errcode) === 'retry' ? 'again' : 'refused_by_wecom', errcode }
}

export interface Result {
  status: number
  takeoverAt: Date | null
}

/** The rows of a pair pile up over the attempts (facts 12): what has happened outweighs what has not. */
const order = [1, 2, 3, 4]

export function resultsOf(
  read: readonly { external_userid: string; status: number; takeover_time: Date | null }[],
): Map<string, Result> {
  const place = (status: number) => (order.includes(status) ? order.indexOf(status) : order.length)
  const results = new Map<string, Result>()
  for (const { external_userid, status, takeover_time } of read) {
    const before = results.get(external_userid)
    if (!before || place(status) < place(before.status))
      results.set(external_userid, { status, takeoverAt: takeover_time })
  }
  return results
}

/** What must be known of a customer to tell whether a row of the pair speaks of this attempt. */
export interface Asked {
  /** When the departure began that this handover belongs to. */
  since: Date
  successorId: string
  /** Whose limit ended an earlier attempt. */
  fullBefore: string | null
  /** When the takeover should have happened at the latest. */
  endsAt: Date
}

/**
 * The event in a customer's row. A row of an earlier time is none: a takeover from before this departure, or the limit
 * that ended the attempt before (until the new attempt's own 24 hours are over, the two look the same).
 */
export function eventIn(result: Result | undefined, asked: Asked, now: Date): TransferEvent | null {
  if (!result) return null
  const event = resultEvent(result.status)
  if (result.takeoverAt && event !== 'result_refused' && event !== 'result_limit')
    if (result.takeoverAt < wholeSecond(asked.since)) return null
  if (event === 'result_limit' && asked.fullBefore === asked.successorId && now < asked.endsAt) return null
  return event
}

/** What is written beside the state when a result comes in. */
export const factsOf = (event: TransferEvent, takeoverAt: Date | null, now: Date) =>
  event === 'result_waiting'
    ? takeoverAt
      ? { takeoverAt }
      : {}
    : event === 'result_taken_over'
      ? { settledAt: takeoverAt ?? now }
      : { settledAt: now }
