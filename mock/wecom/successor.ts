import { Refusal } from './envelope'
import { inRange, memberOf, type Inside } from './inside'
import type { Member } from './state'

export const DAY = 86_400
const YEAR = 365 * DAY

/**
 * Who may take over customers or groups: in the corp, in the app's range, activated, logged in within a year, configured
 * with 客户联系, real-name verified (facts 4.3, 4.6).
 */
export function successor(inside: Inside, userid: string): Member {
  const member = memberOf(inside, userid)
  if (!member) throw new Refusal(40003)
  if (!inRange(inside, userid)) throw new Refusal(60011)
  if (member.status !== 1 || !recently(inside, member)) throw new Refusal(41054)
  if (!member.followsCustomers) throw new Refusal(84074)
  if (!member.realName) throw new Refusal(40098)
  return member
}

/** Logged in during the year before `until`: now, or the day of leaving. */
export const recently = ({ clock }: Inside, member: Member, until = clock.seconds()): boolean =>
  member.lastLogin >= until - YEAR

/** Left at most a year ago, after having logged in during the year before (facts 4.3). */
export function stillInheritable(inside: Inside, leaver: Member): boolean {
  const left = leaver.dimissionTime ?? inside.clock.seconds()
  return left >= inside.clock.seconds() - YEAR && recently(inside, leaver, left)
}
