import type { Call, Family } from './api'
import { inRange, departedOf, memberOf, visibleMembers, type Inside } from './inside'
import { Refusal } from './envelope'
import { page } from './cursor'
import { integer, integerText } from './params'
import { leaveCorp } from './departures'
import type { Member } from './state'

/** user/* (facts 2.1), user/delete [D:90198]; the fields a self-built app still gets since 2022-06-20 (facts 2.2). */
export const members: Family = {
  'user/get': {
    method: 'GET',
    access: 'any token',
    empty: { department: [], order: [], is_leader_in_dept: [], direct_leader: [] },
    answer: (inside, call) => detail(inside, readable(inside, call)),
  },
  'user/simplelist': {
    method: 'GET',
    access: 'app',
    empty: { userlist: [] },
    answer: (inside, call) => ({
      userlist: inDepartment(inside, call).map((m) => ({ userid: m.userid, name: m.name, department: m.departments })),
    }),
  },
  'user/list': {
    method: 'GET',
    access: 'app',
    empty: { userlist: [] },
    answer: (inside, call) => ({ userlist: inDepartment(inside, call).map((m) => detail(inside, m)) }),
  },
  'user/list_id': {
    method: 'POST',
    access: 'contacts',
    empty: { next_cursor: '', dept_user: [] },
    answer: ({ state }, { body }) => {
      const all = [...state.members.values()].flatMap((m) =>
        m.departments.map((department) => ({ userid: m.userid, department })),
      )
      const limit = integer(body['limit'], 'limit', { min: 1, max: 10_000, otherwise: 10_000 })
      const { rows, next } = page(all, { cursor: body['cursor'], limit, question: 'list_id' })
      return { next_cursor: next, dept_user: rows }
    },
  },
  'user/delete': {
    method: 'GET',
    access: 'contacts',
    answer: (inside, call) => {
      const member = wanted(inside, call)
      // Own changes are not called back to the contact-sync address (facts 2.4).
      leaveCorp(inside, member, { api: call.path, requestId: call.id, tellContacts: false })
      return { errmsg: 'deleted' }
    },
  },
}

function wanted(inside: Inside, { query }: Call): Member {
  const userid = query.get('userid')
  if (!userid) throw new Refusal(41009)
  const member = memberOf(inside, userid)
  if (!member) throw new Refusal(60111)
  return member
}

function readable(inside: Inside, call: Call): Member {
  // The contact-sync secret reads no details from a new address since 2022-08-15 (facts 1.2).
  if (call.secret === 'contacts') throw new Refusal(48009)
  const member = wanted(inside, call)
  if (!inRange(inside, member.userid)) throw new Refusal(60011)
  return member
}

function inDepartment(inside: Inside, { query }: Call): Member[] {
  const id = integerText(query.get('department_id'), 'department_id')
  if (id === null) throw new Refusal(40058, "missing field 'department_id'")
  if (!inside.state.departments.some((d) => d.id === id)) throw new Refusal(60123)
  const found = visibleMembers(inside).filter((m) => m.departments.includes(id))
  if (found.length === 0 && inside.cast.app.visible !== 'all') throw new Refusal(60011)
  return found
}

const detail = ({ state }: Inside, m: Member): Record<string, unknown> => {
  const leads = m.departments.map(
    (id) => state.departments.find((d) => d.id === id)?.leaders.includes(m.userid) ?? false,
  )
  return {
    userid: m.userid,
    name: m.name,
    department: m.departments,
    order: m.departments.map(() => 0),
    position: m.position,
    status: m.status,
    is_leader_in_dept: leads.map(Number),
    direct_leader: [],
    main_department: m.departments[0] ?? 1,
    telephone: '',
    alias: '',
    extattr: { attrs: [] },
  }
}

/** Somebody named in a customer-contact call: 40003 when there never was such a member (facts 1.4). */
export function known(inside: Inside, userid: string): Member {
  const member = memberOf(inside, userid) ?? departedOf(inside, userid)
  if (!member) throw new Refusal(40003)
  if (!inRange(inside, userid)) throw new Refusal(60011)
  return member
}
