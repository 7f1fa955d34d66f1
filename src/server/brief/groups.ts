import { sql } from 'kysely'
import type { CommonGroup } from '../../shared/customer'
import { groupLabelOf, type GroupStanding } from '../../shared/group'
import type { Db } from '../db/open'

interface Found extends GroupStanding {
  chat: string
  name: string
  members: number
  owner: string | null
  mine: boolean
  from: string | null
}

const MOST = 100

/** Groups the customer is in, and the reader too, or will be: those of the handover's departure that come to the reader. */
export async function commonGroups(
  db: Db,
  customerId: string,
  reader: { id: string; userid: string },
  handoverId: string,
): Promise<CommonGroup[]> {
  const { rows } = await sql<Found>`
    select g.chat_id as chat, g.name, g.members, g.status, o.name as owner, g.owner_id is not distinct from ${reader.id} as mine,
      t.state, t.wait, t.errcode, t.leaver as "from"
    from group_customer c
    join group_chat g on g.chat_id = c.chat_id
    left join member o on o.id = g.owner_id
    left join lateral (
      select t.state, t.wait, t.errcode, l.name as leaver, t.departure_id
        from group_transfer t
        join departure d on d.id = t.departure_id
        join member l on l.id = d.member_id
       where t.chat_id = g.chat_id and t.successor_id = ${reader.id}
         -- From the approval on, the successor knows of it.
         and t.state in ('approved', 'sent', 'inheriting', 'moved', 'failed', 'elsewhere')
       order by t.departure_id desc limit 1) t on true
    where c.customer_id = ${customerId}
      and (g.owner_id = ${reader.id} or ${reader.userid} = any(g.staff)
        or t.departure_id = (select departure_id from handover where id = ${handoverId}))
    order by g.name, g.chat_id
    limit ${MOST}`.execute(db)
  return rows.map(({ state, status, wait, errcode, ...group }) => ({
    ...group,
    label: group.from === null ? null : groupLabelOf({ state, status, wait, errcode }),
  }))
}
