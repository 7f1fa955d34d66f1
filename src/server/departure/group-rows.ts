import { sql } from 'kysely'
import {
  BEING_INHERITED,
  groupLabelOf,
  nextGroupState,
  plannableGroups,
  type GroupRow,
  type GroupStanding,
} from '../../shared/group'
import type { Db } from '../db/open'

/** In a query over `departure` and `leaver`: the groups that are the leaver's, or that a plan of this departure gave away. */
export const groupsOfLeaver = sql<number>`(
  select count(*) from (
    select chat_id from group_chat where group_chat.owner_id = leaver.id
    union
    select chat_id from group_transfer where group_transfer.departure_id = departure.id and state <> 'free') g)`

const free = sql`(${sql.join(plannableGroups.filter((state) => nextGroupState(state, 'discard') === null))})`

/** Those that a plan may take up and none has. */
export const groupsToAssign = sql<number>`(
  select count(*) from group_chat
   where group_chat.owner_id = leaver.id and group_chat.status <> ${BEING_INHERITED} and departure.ended_at is null
     and not exists (select 1 from group_transfer t
                      where t.departure_id = departure.id and t.chat_id = group_chat.chat_id and t.state not in ${free}))`

interface Found extends GroupStanding {
  chat: string
  name: string
  members: number | null
  successor: string | null
  owner: string | null
  nextTryAt: Date | null
}
const MOST = 1000

export async function groupsOf(db: Db, departure: { id: string; memberId: string }): Promise<GroupRow[]> {
  const { rows } = await sql<Found>`
    select chat_id as chat, coalesce(g.name, t.name) as name, g.members, g.status, t.state, t.wait, t.errcode, t.next_try_at,
      s.name as successor, o.name as owner
    from (select * from group_transfer where departure_id = ${departure.id}) t
    full join (select * from group_chat
                where owner_id = ${departure.memberId}
                   or chat_id in (select chat_id from group_transfer where departure_id = ${departure.id})) g using (chat_id)
    left join member s on s.id = t.successor_id
    left join member o on o.id = t.owner_id
    where g.owner_id = ${departure.memberId} or t.state <> 'free'
    order by coalesce(g.name, t.name), chat_id
    limit ${MOST}`.execute(db)
  return rows.map(({ chat, name, members, successor, owner, nextTryAt, errcode, ...standing }) => ({
    chat,
    name,
    members,
    label: groupLabelOf({ ...standing, errcode }),
    successor,
    owner,
    nextTryAt: nextTryAt?.toISOString() ?? null,
    errcode,
  }))
}
