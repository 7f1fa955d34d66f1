import type { Selectable } from 'kysely'
import { act } from '../db/act'
import { endAccess } from '../db/probe'
import type { Member } from '../db/tables'
import type { Deps } from '../deps'
import { departmentList, followUserList, userGet, userList, type WeComMember } from '../wecom/apis'
import { WeComError } from '../wecom/client'
import { isOutage } from '../wecom/errcodes'
import { chunksOf } from '../wecom/pages'
import type { Run } from './run'
import {
  allDepartments,
  allMembers,
  endDepartures,
  hideMembers,
  rehire,
  removeDepartments,
  saveDepartments,
  saveMembers,
} from './rows'

/** Reads the departments and answers their ids. */
export async function readDepartments(deps: Deps, run: Run): Promise<number[]> {
  const { department } = await deps.wecom.ask(departmentList, {})
  const known = new Map((await allDepartments(deps.db)).map((d) => [d.id, d]))
  const listed = department.map((d) => ({
    id: d.id,
    name: d.name,
    parentId: d.parentid,
    leaders: [...d.department_leader].sort(),
  }))
  const changed = listed.filter((d) => {
    const k = known.get(d.id)
    return !k || k.name !== d.name || k.parentId !== d.parentId || k.leaders.join() !== d.leaders.join()
  })
  const ids = new Set(listed.map((d) => d.id))
  // An empty answer is a question of permission, not a company without departments.
  const gone = ids.size ? [...known.keys()].filter((id) => !ids.has(id)) : []
  run.read.departments = ids.size
  run.changes += changed.length + gone.length
  if (changed.length || gone.length)
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      if (changed.length) await saveDepartments(tx, changed)
      if (gone.length) await removeDepartments(tx, gone)
      audit('mirror.changed', 'department', { changed: changed.map((d) => d.id), gone })
    })
  return [...ids]
}

/** 5 has quit and may come back for a month: no longer active, not yet a leaver (facts 2.3). */
const statusOf = (status: number): string => ({ 1: 'active', 4: 'not_activated' })[status] ?? 'disabled'

/** Reads everybody in range: department by department, and whoever has 客户联系 without being in one of them. */
export async function readMembers(deps: Deps, run: Run, departments: readonly number[]): Promise<void> {
  const { wecom, db } = deps
  const lists = await Promise.all(departments.map((department_id) => wecom.ask(userList, { department_id })))
  const listed = new Map(lists.flatMap((l) => l.userlist).map((m) => [m.userid, m]))
  const follow = new Set((await wecom.ask(followUserList, {})).follow_user)
  for (const userid of follow) {
    const alone = listed.has(userid) ? null : await memberOrNull(deps, userid)
    if (alone) listed.set(userid, alone)
  }
  const known = new Map((await allMembers(db)).map((m) => [m.userid, m]))
  const rows = [...listed.values()].map((m) => ({
    id: known.get(m.userid)?.id ?? deps.id(),
    userid: m.userid,
    name: m.name || m.userid,
    position: m.position,
    departmentIds: [...m.department],
    status: statusOf(m.status),
    follows: follow.has(m.userid),
    firstSeenAt: deps.now(),
  }))
  const back = rows.filter((m) => known.get(m.userid)?.status === 'left' && m.status !== 'disabled')
  const rehired: typeof rows = []
  // A list may be older than the event that somebody left: only a second look brings them back.
  for (const m of back) if (await memberOrNull(deps, m.userid)) rehired.push(m)
  const changed = rows.filter((m) => differs(m, known.get(m.userid)))
  const gone = [...known.values()].filter((m) => !listed.has(m.userid) && (m.status === 'active' || m.follows))
  const stopped = rows.filter((m) => known.get(m.userid)?.status === 'active' && m.status !== 'active')
  run.read.members = rows.length
  run.changes += changed.length + rehired.length + gone.length
  if (!changed.length && !rehired.length && !gone.length) return
  await act(db, deps.now(), 'wecom', async (tx, audit) => {
    await endAccess(tx, audit, deps, idsOf([...stopped, ...gone]), 'stopped')
    for (const m of rehired) {
      await rehire(tx, m.id, m.status)
      for (const { id } of await endDepartures(tx, m.id, deps.now())) audit('departure.ended', id, { member: m.id })
    }
    for (const part of chunksOf([...changed, ...rehired], 1000)) await saveMembers(tx, part)
    if (gone.length) await hideMembers(tx, idsOf(gone))
    audit('mirror.changed', 'member', { changed: idsOf([...changed, ...rehired]), unlisted: idsOf(gone) })
  })
  deps.wake('probe')
}

const idsOf = (of: readonly { id: string }[]): string[] => of.map((m) => m.id)

type Known = Pick<Selectable<Member>, 'name' | 'position' | 'status' | 'follows' | 'departmentIds'>

const differs = (m: Known, k: Known | undefined): boolean =>
  !k ||
  (k.status !== 'left' &&
    (k.name !== m.name ||
      k.position !== m.position ||
      k.status !== m.status ||
      k.follows !== m.follows ||
      k.departmentIds.join() !== m.departmentIds.join()))

/** Null for somebody whom WeCom does not show: gone, quit or out of range. */
export async function memberOrNull({ wecom }: Deps, userid: string): Promise<WeComMember | null> {
  try {
    const member = await wecom.ask(userGet, { userid })
    return member.status === 5 ? null : member
  } catch (error) {
    if (error instanceof WeComError && !isOutage(error.kind)) return null
    throw error
  }
}
