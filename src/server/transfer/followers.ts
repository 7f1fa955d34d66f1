import type { Deps } from '../deps'
import { WeComError } from '../wecom/client'
import { assignedSince } from '../wecom/assigned'
import { memberGone } from '../wecom/errcodes'
import { rereadContact } from '../wecom/relations'
import type { Seen } from '../wecom/seen'
import * as asking from './ask-rows'

export type Follower = Pick<Seen, 'userid' | 'addWay' | 'since'>

/** Where a customer is, by those who follow them now. `nobody` says little: a leaver is not shown (facts 5.3). */
export type Place =
  { at: 'successor'; since: Date } | { at: 'elsewhere'; userid: string } | { at: 'leaver' } | { at: 'nobody' }

/**
 * Reads it out of the relations: by whom and since when they were handed over, never by who else is a friend. `explained`
 * are members who took this customer over in another handover of ours; their relation says nothing about this one.
 */
export function placeOf(
  followers: readonly Follower[],
  of: {
    leaver: string
    successor: string
    /** The successor's relation counts from here on: our call. */
    calledAt: Date
    /** Anybody else's counts from here on: the departure. */
    since: Date
    explained: readonly string[]
  },
): Place {
  const successor = followers.find((f) => f.userid === of.successor && assignedSince(f, of.calledAt))
  if (successor?.since) return { at: 'successor', since: successor.since }
  if (followers.some((f) => f.userid === of.leaver)) return { at: 'leaver' }
  const known = [of.leaver, of.successor, ...of.explained]
  const other = followers.find((f) => !known.includes(f.userid) && assignedSince(f, of.since))
  return other ? { at: 'elsewhere', userid: other.userid } : { at: 'nobody' }
}

/** Asks WeCom who follows them, one by one; what is new about the relations is written down on the way. */
export async function followersOf(deps: Deps, externalUserid: string): Promise<Seen[]> {
  try {
    return await rereadContact(deps, externalUserid)
  } catch (error) {
    // Of somebody whom only a leaver follows WeCom may also say that the member is gone (facts 14, U2).
    if (error instanceof WeComError && memberGone.includes(error.errcode)) return []
    throw error
  }
}

/** Where each of these customers is now. `leaverGone`: a relation of the leaver's that WeCom still shows is history (U3). */
export async function placesOf(
  deps: Deps,
  pair: { leaver: string; successor: string; leaverGone: boolean },
  open: readonly { handoverId: string; customerId: string; externalUserid: string; calledAt: Date; since: Date }[],
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  for (const { handoverId, customerId, externalUserid, calledAt, since } of open) {
    const seen = await followersOf(deps, externalUserid)
    const left = await asking.leftAmong(
      deps.db,
      seen.map((s) => s.userid),
    )
    const followers = seen.filter((s) => !left.includes(s.userid) && !(pair.leaverGone && s.userid === pair.leaver))
    const explained = await asking.tookOver(deps.db, customerId, handoverId)
    places.set(handoverId, placeOf(followers, { ...pair, calledAt, since, explained }))
  }
  return places
}
