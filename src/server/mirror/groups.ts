import type { Deps } from '../deps'
import { WeComError } from '../wecom/client'
import { memberGone } from '../wecom/errcodes'
import { listGroups, readGroups, rereadGroup } from '../wecom/groups'
import { chunksOf } from '../wecom/pages'
import type { Run } from './run'
import { followers, groupsOwnedBy } from './rows'

const OWNERS_A_CALL = 100
const GROUPS_AT_ONCE = 100

interface Owner {
  id: string
  userid: string
}

/** The groups of everybody who is here. Those of leavers are read where departures are (departure/groups.ts). */
export async function readAllGroups(deps: Deps, run: Run): Promise<void> {
  for (const owners of chunksOf(await followers(deps.db), OWNERS_A_CALL)) await readOf(deps, run, owners)
}

async function readOf(deps: Deps, run: Run, owners: readonly Owner[]): Promise<void> {
  try {
    const filter = { status_filter: 0, owner_filter: { userid_list: owners.map((o) => o.userid) } }
    const { groups, whole } = await listGroups(deps, filter)
    for (const part of chunksOf(groups, GROUPS_AT_ONCE)) {
      run.changes += (await readGroups(deps, part)).changes
      run.read.groups += part.length
      await run.beat()
    }
    if (whole) await forgetVanished(deps, run, owners, new Set(groups.map((g) => g.chatId)))
  } catch (error) {
    if (!(error instanceof WeComError) || !memberGone.includes(error.errcode)) throw error
    const half = Math.ceil(owners.length / 2)
    if (owners.length > 1) for (const part of chunksOf(owners, half)) await readOf(deps, run, part)
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
