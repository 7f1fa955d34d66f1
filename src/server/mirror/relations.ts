import { act } from '../db/act'
import type { Deps } from '../deps'
import { contactsByUser } from '../wecom/apis'
import { WeComError } from '../wecom/client'
import { memberGone } from '../wecom/errcodes'
import { chunksOf, walkPages } from '../wecom/pages'
import { openContacts } from '../wecom/relation-rows'
import { endRelations, recordRelations, rereadContact } from '../wecom/relations'
import { seenInBatch } from '../wecom/seen'
import { memberOrNull } from './members'
import type { Run } from './run'
import { followers } from './rows'

interface Follower {
  id: string
  userid: string
}

const MEMBERS_A_CALL = 100
const ROWS_A_PAGE = 100

/** All relations of all members with 客户联系, a hundred members and a hundred rows a call (facts 12: the minimum). */
export async function readRelations(deps: Deps, run: Run): Promise<void> {
  for (const members of chunksOf(await followers(deps.db), MEMBERS_A_CALL)) await readOf(deps, run, members)
}

async function readOf(deps: Deps, run: Run, members: readonly Follower[]): Promise<void> {
  const shown = new Set<string>()
  const unread = new Set<string>()
  try {
    const whole = await walkPages(
      (cursor) =>
        deps.wecom.ask(contactsByUser, {
          userid_list: members.map((m) => m.userid),
          cursor,
          limit: ROWS_A_PAGE,
        }),
      async (page) => {
        const before = shown.size
        const seen = page.external_contact_list.map(seenInBatch)
        for (const s of seen) shown.add(`${s.userid} ${s.externalUserid}`)
        for (const userid of page.fail_info?.unlicensed_userid_list ?? []) unread.add(userid)
        run.changes += await recordRelations(deps, seen)
        run.read.relations += shown.size - before
        await run.beat()
        return shown.size - before
      },
    )
    if (whole) for (const m of members) if (!unread.has(m.userid)) await endVanished(deps, run, m, shown)
  } catch (error) {
    if (!(error instanceof WeComError) || !memberGone.includes(error.errcode)) throw error
    // One of them has left meanwhile, and WeCom does not say who: the others must not wait for it.
    const half = Math.ceil(members.length / 2)
    if (members.length > 1) for (const part of chunksOf(members, half)) await readOf(deps, run, part)
  }
}

/**
 * What we know and the list did not show. Pages shift while people work, so WeCom is asked about each before it counts as
 * ended (Q20), and at last about the member: the customers of somebody who has just left are a departure's, not lost.
 */
async function endVanished(deps: Deps, run: Run, member: Follower, shown: ReadonlySet<string>): Promise<void> {
  const known = await openContacts(deps.db, member.id)
  const ended: string[] = []
  for (const { customerId, externalUserid } of known) {
    if (shown.has(`${member.userid} ${externalUserid}`)) continue
    if (!(await rereadContact(deps, externalUserid)).some((s) => s.userid === member.userid)) ended.push(customerId)
    await run.beat()
  }
  if (!ended.length || !(await memberOrNull(deps, member.userid))) return
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    const end = { memberId: member.id, customerIds: ended, by: 'unknown', at: deps.now() } as const
    const customers = await endRelations(tx, deps, end)
    run.changes += customers.length
    if (customers.length) audit('mirror.changed', 'relation', { member: member.id, ended: customers })
  })
}
