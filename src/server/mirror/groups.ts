import type { Deps } from '../deps'
import { WeComError } from '../wecom/client'
import { memberGone } from '../wecom/errcodes'
import { listGroups, readGroups, rereadGroup } from '../wecom/groups'
import { chunksOf } from '../wecom/pages'
import { nowhere } from './place'
import type { Run } from './run'
import { followersAfter, groupsOwnedBy } from './rows'

const OWNERS_A_CALL = 100
const GROUPS_AT_ONCE = 100

interface Owner {
  id: string
  userid: string
}

/** The groups of everybody who is here. Those of leavers are read where departures are (departure/leavers.ts). */
export async function readAllGroups(deps: Deps, run: Run): Promise<void> {
  for (;;) {
    const owners = await followersAfter(deps.db, run.place.after, OWNERS_A_CALL)
    const last = owners.at(-1)?.userid
    if (last === undefined) return
    await readOf(deps, run, owners)
    await run.beat({ ...nowhere, after: last })
  }
}

async function readOf(deps: Deps, run: Run, owners: readonly Owner[]): Promise<void> {
  try {
    const filter = { status_filter: 0, owner_filter: { userid_list: owners.map((o) => o.userid) } }
    const { groups, whole } = await listGroups(deps, filter)
    // In one order, so that an interrupted run need not read again what it has read.
    const waiting = groups.filter((g) => g.chatId > run.place.chat).sort((a, b) => (a.chatId < b.chatId ? -1 : 1))
    for (const part of chunksOf(waiting, GROUPS_AT_ONCE)) {
      run.changes += (await readGroups(deps, part)).changes
      run.read.groups += part.length
      await run.beat({ ...run.place, chat: part.at(-1)?.chatId ?? '' })
    }
    if (whole) await forgetVanished(deps, run, owners, new Set(groups.map((g) => g.chatId)))
  } catch (error) {
    if (!(error instanceof WeComError) || !memberGone.includes(error.errcode)) throw error
    const half = Math.ceil(owners.length / 2)
    if (owners.length > 1)
      for (const part of chunksOf(owners, half)) {
        await readOf(deps, run, part)
        await run.beat({ ...run.place, chat: '' })
      }
  }
}

async function forgetVanished(
  deps: Deps,
  run: Run,
  owners: readonly Owner[],
  listed: ReadonlySet<string>,
): Promise<void> {
  const known = await groupsOwnedBy(
    deps.db,
    owners.map((o) => o.id),
  )
  for (const { chatId } of known) if (!listed.has(chatId)) run.changes += await rereadGroup(deps, chatId, true)
}
