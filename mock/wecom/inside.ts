import type { CallbackDesk } from './callbacks'
import type { Cast } from './cast'
import type { Clock } from './clock'
import type { FaultDial } from './faults'
import type { Effect } from './ledger'
import type { LimitKeeper } from './limits'
import type { Pairs } from './pairs'
import type { Group, Member, Relation, State } from './state'
import type { Switches } from './switches'

/** What every part of the simulator works with. */
export interface Inside {
  /** Settings of corp and app; the living part is `state`. */
  cast: Cast
  state: State
  clock: Clock
  switches: Switches
  limits: LimitKeeper
  faults: FaultDial
  callbacks: CallbackDesk
  pairs: Pairs
  /** Nothing happens by itself before this moment (seconds). */
  agenda: { at: number }
  record(effect: Omit<Effect, 'at'> & { at?: number }): void
  /** As the console has them now. */
  secrets: Record<'app' | 'contacts', string>
  /** A deed of `world` by its name. */
  act(deed: string, given: unknown[]): unknown
  changed(): void
}

/** Something will happen by itself then (seconds). */
export function soon({ agenda }: Inside, at: number): void {
  agenda.at = Math.min(agenda.at, at)
}

export const memberOf = ({ state }: Inside, userid: string): Member | undefined =>
  state.members.get(userid.toLowerCase())

export const departedOf = ({ state }: Inside, userid: string): Member | undefined =>
  state.departed.get(userid.toLowerCase())

/** The app's visible range (可见范围) is about ids: somebody who left was or was not in it. */
export function inRange({ cast }: Inside, userid: string): boolean {
  const { visible } = cast.app
  return visible === 'all' || visible.some((v) => v.toLowerCase() === userid.toLowerCase())
}

/** In the corp and in the app's range. */
export const visibleMembers = (inside: Inside): Member[] =>
  [...inside.state.members.values()].filter((m) => inRange(inside, m.userid))

/** Who follows the customer and is still in the corp, in the order they came to the corp. */
export function followers({ state }: Inside, externalUserid: string): { member: Member; relation: Relation }[] {
  return [...state.members.values()].flatMap((member) => {
    const relation = member.relations.get(externalUserid)
    return relation ? [{ member, relation }] : []
  })
}

/** Gone for good, or, by switch U9, gone by himself and inside the 30 days. */
export function resigned(inside: Inside, userid: string): Member | undefined {
  const member = memberOf(inside, userid)
  if (!member) return departedOf(inside, userid)
  return member.status === 5 && inside.switches.quitIsResigned ? member : undefined
}

export const ownerLeft = (inside: Inside, group: Group): boolean => resigned(inside, group.owner) !== undefined

/** Friends count against the member's own limit of external contacts. */
export function atLimit({ relations, customerLimit }: Member): boolean {
  // Most have room even with those who deleted them: nothing is counted then.
  if (relations.size < customerLimit) return false
  let friends = 0
  for (const { deletedByCustomer } of relations.values()) if (!deletedByCustomer) friends += 1
  return friends >= customerLimit
}
