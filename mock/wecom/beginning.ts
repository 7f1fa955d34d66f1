import type { Cast } from './cast'
import type { ChatLine, Group, Member, Relation, State } from './state'
import { grown, type Table } from './table'

/** The corp as the cast describes it, on its first day. */
export function stateFromCast(cast: Cast): State {
  const members = new Map<string, Member>()
  const departed = new Map<string, Member>()
  const left = new Map(cast.resigned.map((r) => [r.userid.toLowerCase(), r.dimissionTime]))
  for (const m of cast.members) {
    const key = m.userid.toLowerCase()
    const dimissionTime = left.get(key) ?? null
    const member: Member = { ...m, relations: relationsOf(cast, m.userid), dimissionTime }
    ;(dimissionTime === null ? members : departed).set(key, member)
  }
  for (const r of cast.relations) {
    const member = members.get(r.userid.toLowerCase()) ?? departed.get(r.userid.toLowerCase())
    if (!member) throw new Error(`The cast has a relation of ${r.userid}, who is nobody.`)
    member.relations.set(r.externalUserid, { ...r, deletedByCustomer: false })
  }
  const chats = new Map<string, ChatLine[]>()
  for (const line of cast.chats) {
    const key = `${line.userid}|${line.externalUserid}`
    const lines = chats.get(key)
    if (lines) lines.push(line)
    else chats.set(key, [line])
  }
  const group = (g: Cast['groups'][number]): Group => ({
    ...g,
    status: departed.has(g.owner.toLowerCase()) ? 1 : 0,
    inheriting: null,
    movedAt: [],
  })
  return {
    departments: cast.departments,
    members,
    departed,
    customers: customersOf(cast),
    groups: new Map(cast.groups.map((g) => [g.chatId, group(g)])),
    tagGroups: cast.tagGroups,
    transfers: new Map(),
    waiting: new Set(),
    wills: new Map(),
    chats,
    messages: [],
    massMessages: [],
    tasks: new Set(),
    cardCodes: new Map(),
    tokens: [],
    tickets: [],
    codes: new Map(),
    groupMoves: new Map(),
    effects: [],
    delayed: [],
    serial: 0,
  }
}

function relationsOf({ crowd }: Cast, userid: string): Table<Relation> {
  const many = crowd?.relations(userid)
  return many
    ? grown({ ...many, at: (i) => ({ ...many.at(i), deletedByCustomer: false }) })
    : new Map<string, Relation>()
}

function customersOf({ crowd, customers }: Cast): Table<Cast['customers'][number]> {
  const table: Table<Cast['customers'][number]> = crowd ? grown(crowd.customers) : new Map()
  for (const customer of customers) table.set(customer.externalUserid, customer)
  return table
}
