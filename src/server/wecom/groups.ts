import { act } from '../db/act'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { groupGet, groupList } from './apis'
import { WeComError, type AnswerOf } from './client'
import { walkPages } from './pages'
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

/** Reads these groups and writes down what is new of them. Answers how many changed, and who owns each. */
export async function readGroups(
  deps: Pick<Deps, 'db' | 'wecom' | 'now'>,
  groups: readonly SeenGroup[],
): Promise<{ changes: number; owners: string[] }> {
  const details = await Promise.all(groups.map((g) => detailOf(deps, g.chatId)))
  const seen = groups.map((g, i) => ({ ...g, detail: details[i] ?? null }))
  return {
    changes: await recordGroups(deps, seen),
    owners: details.flatMap((d) => (d?.owner ? [d.owner.toLowerCase()] : [])),
  }
}

/** Null where WeCom refuses: a group whose owner has left may be unreadable (facts U7). */
async function detailOf({ wecom }: Pick<Deps, 'wecom'>, chatId: string): Promise<Detail | null> {
  try {
    return (await wecom.ask(groupGet, { chat_id: chatId, need_name: 0 })).group_chat
  } catch (error) {
    if (error instanceof WeComError && error.kind === 'final') return null
    throw error
  }
}

async function recordGroups(
  { db, now }: Pick<Deps, 'db' | 'now'>,
  seen: readonly (SeenGroup & { detail: Detail | null })[],
): Promise<number> {
  if (!seen.length) return 0
  const stored = new Map(
    (
      await groupsById(
        db,
        seen.map((g) => g.chatId),
      )
    ).map((g) => [g.chatId, g]),
  )
  const owners = [...new Set(seen.flatMap((g) => (g.detail?.owner ? [g.detail.owner.toLowerCase()] : [])))]
  const memberIds = new Map((owners.length ? await membersByUserid(db, owners) : []).map((m) => [m.userid, m.id]))
  const rows = seen.flatMap(({ chatId, status, detail }) => {
    const known = stored.get(chatId)
    const row = detail
      ? {
          chatId,
          status,
          name: detail.name,
          ownerId: memberIds.get(detail.owner.toLowerCase()) ?? known?.ownerId ?? null,
          members: detail.member_list.length,
        }
      : { name: '', ownerId: null, members: 0, ...known, chatId, status }
    const same = known && (['status', 'name', 'ownerId', 'members'] as const).every((key) => known[key] === row[key])
    return same ? [] : [row]
  })
  if (rows.length)
    await act(db, now(), 'wecom', async (tx, audit) => {
      await tx
        .insertInto('groupChat')
        .values(rows)
        .onConflict((conflict) =>
          conflict.column('chatId').doUpdateSet((eb) => ({
            name: eb.ref('excluded.name'),
            ownerId: eb.ref('excluded.ownerId'),
            status: eb.ref('excluded.status'),
            members: eb.ref('excluded.members'),
          })),
        )
        .execute()
      audit('mirror.changed', 'group', { groups: rows.map((r) => r.chatId) })
    })
  return rows.length
}

const groupsById = (db: Db, chatIds: readonly string[]) =>
  db.selectFrom('groupChat').selectAll().where('chatId', 'in', chatIds).execute()

/** Reads one group again, as an event or a gap in a list asks for; one that WeCom no longer knows is forgotten. */
export async function rereadGroup(deps: Pick<Deps, 'db' | 'wecom' | 'now'>, chatId: string): Promise<number> {
  const detail = await detailOf(deps, chatId)
  const [known] = await groupsById(deps.db, [chatId])
  if (detail) {
    const [owner] = await membersByUserid(deps.db, [detail.owner.toLowerCase()])
    // The list says nothing of it any more and somebody else owns it: inherited.
    const inherited = known && known.status !== 0 && owner && owner.id !== known.ownerId
    return recordGroups(deps, [{ chatId, status: inherited ? 3 : (known?.status ?? 0), detail }])
  }
  if (!known) return 0
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    await tx.deleteFrom('groupChat').where('chatId', '=', chatId).execute()
    audit('mirror.changed', 'group', { gone: [chatId] })
  })
  return 1
}
