import type { Call, Family } from './api'
import type { CastDepartment } from './cast'
import { Refusal } from './envelope'
import type { Inside } from './inside'
import { integerText } from './params'

/** department/* (facts 2.1) and agent/get (permission check of a careful app). */
export const departments: Family = {
  'department/list': {
    method: 'GET',
    access: 'app',
    empty: { department: [] },
    answer: (inside, call) => ({ department: below(inside, call).map(whole) }),
  },
  'department/simplelist': {
    method: 'GET',
    access: 'app',
    empty: { department_id: [] },
    answer: (inside, call) => ({
      department_id: below(inside, call).map(({ id, parentid }) => ({ id, parentid, order: 100_000_000 - id })),
    }),
  },
  'department/get': {
    method: 'GET',
    access: 'app',
    answer: ({ state }, { query }) => {
      const id = integerText(query.get('id'), 'id')
      const found = state.departments.find((d) => d.id === id)
      if (!found) throw new Refusal(60123)
      return { department: whole(found) }
    },
  },
  'agent/get': {
    method: 'GET',
    access: 'app',
    answer: ({ cast, state }, { query }) => {
      const { agentId, visible, trustedHosts } = cast.app
      const asked = integerText(query.get('agentid'), 'agentid')
      if (asked === null) throw new Refusal(41011)
      if (asked !== agentId) throw new Refusal(301002)
      return {
        agentid: agentId,
        name: '接棒',
        description: '',
        square_logo_url: '',
        allow_userinfos: { user: visible === 'all' ? [] : visible.map((userid) => ({ userid })) },
        allow_partys: {
          partyid: visible === 'all' ? state.departments.filter((d) => d.parentid === 0).map((d) => d.id) : [],
        },
        allow_tags: { tagid: [] },
        close: 0,
        redirect_domain: trustedHosts[0] ?? '',
        report_location_flag: 0,
        isreportenter: 0,
        home_url: '',
      }
    },
  },
}

/** The department and everything under it; everything without an id. */
function below({ state }: Inside, { query }: Call): CastDepartment[] {
  const root = integerText(query.get('id'), 'id')
  if (root === null) return state.departments
  if (!state.departments.some((d) => d.id === root)) throw new Refusal(60123)
  const under = (id: number): CastDepartment[] =>
    state.departments.filter((d) => d.parentid === id).flatMap((d) => [d, ...under(d.id)])
  return [...state.departments.filter((d) => d.id === root), ...under(root)]
}

const whole = ({ id, name, parentid, leaders }: CastDepartment) => ({
  id,
  name,
  name_en: '',
  department_leader: leaders,
  parentid,
  order: 100_000_000 - id,
})
