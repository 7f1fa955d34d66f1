import { sql, type Selectable } from 'kysely'
import { BEING_INHERITED, INHERITED } from '../../shared/group'
import { act } from '../db/act'
import type { Db, Tx } from '../db/open'
import type { GroupChat } from '../db/tables'
import type { Deps } from '../deps'
import { groupGet, groupList } from './apis'
import { WeComError, type AnswerOf } from './client'
import { customerIdsOf } from './contacts'
import { notAGroup } from './errcodes'
import { chunksOf, walkPages } from './pages'
import { membersByUserid } from './relation-rows'

export interface SeenGroup {
  chatId: string
  /** 0 normal, 1 owner left, 2 being inherited, 3 inherited (facts 3.6) */
  status: number
}

type Detail = AnswerOf<typeof groupGet>['group_chat']

/** All groups that WeCom lists for these owners (≤ 100), or without a filter; `whole` is false when the walk gave up. */
export async function listGroups(
  { wecom }: Pick<Deps, 'wecom'>,
  filter: { status_filter: number; owner_filter?: { userid_list: string[] } },
): Promise<{ groups: SeenGroup[]; whole: boolean }> {
  const found = new Map<string, SeenGroup>()
  const whole = await walkPages(
    (cursor) => wecom.ask(groupList, { ...filter, limit: 1000, ...(cursor ? { cursor } : {}) }),
    (page) => {
      const before = found.size
      for (const g of page.group_chat_list) found.set(g.chat_id, { chatId: g.chat_id, status: g.status })
      return found.size - before
    },
  )
  return { groups: [...found.values()], whole }
}

const OWNERS_A_CALL = 100

/**
 * The groups of members who have left. The documents contradict each other (facts 3.6): either these owners are asked for,
 * or WeCom says 40003 to that and shows the groups to whoever asks for nobody. Both ways are tried, and a refusal of both
 * (81017: too many members) is no failure: our own list stays. `whole`: every group of theirs is in it.
 */
export async function listGroupsOfLeavers(
  deps: Pick<Deps, 'wecom'>,
  userids: readonly string[],
): Promise<{ groups: SeenGroup[]; whole: boolean }> {
  const found = new Map<string, SeenGroup>()
  let whole = true
  const add = async (filter: Parameters<typeof listGroups>[1]) => {
    const read = await listedOrRefused(deps, filter)
    for (const g of read?.groups ?? []) found.set(g.chatId, g)
    return read?.whole ?? false
  }
  for (const userid_list of chunksOf(userids, OWNERS_A_CALL)) {
    whole = await add({ status_filter: 0, owner_filter: { userid_list } })
    if (!whole) break
  }
  // Also when the first way went well: it knows nothing of leavers whom nobody has noticed (facts 13.7).
  const waiting = await add({ status_filter: 1 })
  if (!whole && waiting) await add({ status_filter: BEING_INHERITED })
  return { groups: [...found.values()], whole }
}

async function listedOrRefused(deps: Pick<Deps, 'wecom'>, filter: Parameters<typeof listGroups>[1]) {
  try {
    return await listGroups(deps, filter)
  } catch (error) {
    if (error instanceof WeComError && error.kind === 'final') return null
    throw error
  }
}

type Reading = Pick<Deps, 'db' | 'wecom' | 'now'>
const GROUPS_AT_ONCE = 50

/** Reads these groups and writes down what is new of them. Answers how many changed, and who owns each. */
export async function readGroups(
  deps: Reading,
  groups: readonly SeenGroup[],
): Promise<{ changes: number; owners: string[] }> {
  const read = await Promise.all(groups.map((g) => detailOf(deps, g.chatId)))
  const seen = groups.map((g, i) => ({ ...g, detail: read[i]?.detail ?? null }))
  return {
    changes: await recordGroups(deps, seen),
    owners: read.flatMap(({ detail }) => (detail?.owner ? [detail.owner.toLowerCase()] : [])),
  }
}

export interface Owner {
  /** null: WeCom does not say. */
  userid: string | null
  /** WeCom knows no such group. */
  unknown: boolean
}

/** Who owns these groups now, as WeCom says when asked for each; what was read is written down. */
export async function readOwners(deps: Reading, chatIds: readonly string[]): Promise<Map<string, Owner>> {
  const owners = new Map<string, Owner>()
  for (const part of chunksOf(chatIds, GROUPS_AT_ONCE)) {
    const read = await Promise.all(part.map((chatId) => detailOf(deps, chatId)))
    const seen = part.flatMap((chatId, i) => {
      const { detail = null, unknown = false } = read[i] ?? {}
      owners.set(chatId, { userid: detail?.owner.toLowerCase() || null, unknown })
      return detail ? [{ chatId, status: null, detail }] : []
    })
    await recordGroups(deps, seen)
  }
  return owners
}

/** Null where WeCom refuses: a group whose owner has left may be unreadable (facts U7). */
async function detailOf(
  { wecom }: Pick<Deps, 'wecom'>,
  chatId: string,
): Promise<{ detail: Detail | null; unknown: boolean }> {
  try {
    return { detail: (await wecom.ask(groupGet, { chat_id: chatId, need_name: 0 })).group_chat, unknown: false }
  } catch (error) {
    if (!(error instanceof WeComError) || error.kind !== 'final') throw error
    return { detail: null, unknown: notAGroup.includes(error.errcode) }
  }
}

async function recordGroups(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  seen: readonly { chatId: string; status: number | null; detail: Detail | null }[],
): Promise<number> {
  if (!seen.length) return 0
  const chatIds = seen.map((g) => g.chatId)
  const stored = new Map(
    (await groupsById(db, chatIds)).map(({ customers, ...row }) => [row.chatId, { row, customers }] as const),
  )
  const owners = [...new Set(seen.flatMap((g) => (g.detail?.owner ? [g.detail.owner.toLowerCase()] : [])))]
  const memberIds = new Map((owners.length ? await membersByUserid(db, owners) : []).map((m) => [m.userid, m.id]))
  const customerIds = await customerIdsOf(
    db,
    seen.flatMap((g) => guestsOf(g.detail)),
  )
  const rows = seen.flatMap(({ chatId, status, detail }): SeenRow[] => {
    const before = stored.get(chatId)
    const known = before?.row
    const shown = detail ? shownBy(detail, memberIds) : (known ?? { name: '', ownerId: null, members: 0, staff: [] })
    const group = { ...shown, chatId, status: status ?? statusNow(known, shown.ownerId) }
    // Whom WeCom does not name now, as of a leaver's group (U7), is in it as before.
    const customers = detail ? knownIn(detail, customerIds) : null
    const moved = customers !== null && customers.join() !== before?.customers.join()
    return known && isSame(known, group) && !moved ? [] : [{ group, customers }]
  })
  if (rows.length) await saveGroups(db, now(), rows)
  return rows.length
}

const guestsOf = (detail: Detail | null): string[] =>
  (detail?.member_list ?? []).flatMap((m) => (m.type === 2 ? [m.userid] : []))

/** Guests who are nobody's customer are nobody to us. */
const knownIn = (detail: Detail, customerIds: ReadonlyMap<string, string>): string[] =>
  [...new Set(guestsOf(detail).flatMap((one) => customerIds.get(one) ?? []))].sort()

const shownBy = ({ name, owner, member_list }: Detail, memberIds: ReadonlyMap<string, string>) => ({
  name,
  ownerId: memberIds.get(owner.toLowerCase()) ?? null,
  members: member_list.length,
  staff: [...new Set(member_list.flatMap((m) => (m.type === 1 ? [m.userid.toLowerCase()] : [])))].sort(),
})

type Row = Selectable<GroupChat>
/** `customers` null: WeCom did not name them. */
interface SeenRow {
  group: Row
  customers: string[] | null
}

/** Where only the group was asked, not the list: an owner other than before, of one that waited for a new one. */
const statusNow = (known: Row | undefined, ownerId: string | null): number =>
  known && known.status !== 0 && ownerId && ownerId !== known.ownerId ? INHERITED : (known?.status ?? 0)

const isSame = (known: Row, row: Row): boolean =>
  (['status', 'name', 'ownerId', 'members'] as const).every((key) => known[key] === row[key]) &&
  known.staff.join() === row.staff.join()

const saveGroups = (db: Db, at: Date, seen: SeenRow[]): Promise<void> =>
  act(db, at, 'wecom', async (tx, audit) => {
    await tx
      .insertInto('groupChat')
      .values(seen.map(({ group }) => group))
      .onConflict((conflict) =>
        conflict.column('chatId').doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          ownerId: eb.ref('excluded.ownerId'),
          status: eb.ref('excluded.status'),
          members: eb.ref('excluded.members'),
          staff: eb.ref('excluded.staff'),
        })),
      )
      .execute()
    await putCustomers(tx, seen)
    audit('mirror.changed', 'group', { groups: seen.map(({ group }) => group.chatId) })
  })

/** In one order, so that two who read the same groups at once do not wait in a circle. */
async function putCustomers(tx: Tx, seen: readonly SeenRow[]): Promise<void> {
  const named = seen.filter(({ customers }) => customers).sort((a, b) => (a.group.chatId < b.group.chatId ? -1 : 1))
  if (!named.length) return
  await sql`delete from group_customer where chat_id = any(${sql.val(named.map((g) => g.group.chatId))}::text[])`.execute(
    tx,
  )
  const rows = named.flatMap(({ group, customers }) => (customers ?? []).map((c) => ({ chat: group.chatId, c })))
  if (rows.length)
    await sql`
      insert into group_customer (chat_id, customer_id)
      select r.chat, r.c from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (chat text, c text)
        join customer on customer.id = r.c
      on conflict do nothing`.execute(tx)
}

const groupsById = (db: Db, chatIds: readonly string[]) =>
  db
    .selectFrom('groupChat')
    .selectAll()
    .select(
      sql<string[]>`coalesce((select array_agg(customer_id order by customer_id collate "C")
        from group_customer c where c.chat_id = group_chat.chat_id), '{}')`.as('customers'),
    )
    .where('chatId', 'in', chatIds)
    .execute()

/**
 * Reads one group again, as an event or a gap in a list asks for. It is forgotten when WeCom says that there is no such
 * group, or says nothing and `gone` has other grounds for it: a refusal alone may only mean that its owner has left (U7).
 */
export async function rereadGroup(deps: Reading, chatId: string, gone: boolean): Promise<number> {
  const { detail, unknown } = await detailOf(deps, chatId)
  if (detail) return recordGroups(deps, [{ chatId, status: null, detail }])
  const [known] = await groupsById(deps.db, [chatId])
  if (!known || (!unknown && !gone)) return 0
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    await tx.deleteFrom('groupChat').where('chatId', '=', chatId).execute()
    audit('mirror.changed', 'group', { gone: [chatId] })
  })
  return 1
}
