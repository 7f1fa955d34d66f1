import { endOfChinaDay } from '../../shared/day'
import type { Output } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { lastGrantDay, untilProblem, type grantRole, type Grantable } from '../../shared/right'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import type { Caller } from '../lib/serve'
import * as rows from './rows'

export interface Wish {
  member: string
  role: Grantable
  departments: number[] | null
  reason: string
  until: string | null
}

/** One member gives another a role; it counts from that member's next request on. */
export async function grant(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  caller: Caller,
  wish: Wish,
): Promise<Output<typeof grantRole>> {
  const now = deps.now()
  const { role, reason } = wish
  const problem = untilProblem(role, wish.until, now)
  if (problem) throw new Failure(problem, { day: lastGrantDay(role, now) })
  const departmentIds = await checkedDepartments(tx, wish)
  const member = await rows.activeMember(tx, wish.member)
  if (!member) throw new Failure('not_found')
  if (member.id === caller.id) throw new Failure('own_right')
  const open = await rows.openGrant(tx, member.id, role)
  if (open?.until && open.until <= now) await expire(tx, audit, { id: open.id, memberId: member.id, role }, open.until)
  else if (open) throw new Failure('already_granted')
  const id = deps.id()
  const until = wish.until === null ? null : endOfChinaDay(wish.until)
  await rows.addGrant(tx, {
    ...{ id, memberId: member.id, role, departmentIds, reason, until },
    grantedBy: caller.id,
    grantedAt: now,
  })
  audit('role.granted', member.id, { grant: id, role, departments: departmentIds, until: until?.toISOString() ?? null })
  return { grant: id }
}

/** Nothing ran when it ended; it is written down when it is in the way. */
async function expire(
  tx: Tx,
  audit: Audit,
  { id, memberId, role }: { id: string; memberId: string; role: string },
  at: Date,
) {
  await rows.expireGrant(tx, id, at)
  audit('role.ended', memberId, { grant: id, role, why: 'expired' })
}

/** Only a manager is one of somewhere; a department that WeCom does not have is nobody's. */
async function checkedDepartments(tx: Tx, { role, departments }: Wish): Promise<number[] | null> {
  if (departments === null) return null
  const known = new Set((await rows.departments(tx)).map(({ id }) => id))
  if (role !== 'manager' || departments.some((id) => !known.has(id)))
    throw new Failure('invalid', { fields: 'departments' })
  return [...new Set(departments)]
}
