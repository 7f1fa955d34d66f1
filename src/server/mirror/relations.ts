import { createHash } from 'node:crypto'
import { act } from '../db/act'
import type { Deps } from '../deps'
import { contactsByUser } from '../wecom/apis'
import { WeComError, type AnswerOf } from '../wecom/client'
import { memberGone } from '../wecom/errcodes'
import { chunksOf, walkAhead } from '../wecom/pages'
import { endRelations, recordRelations, rereadContact } from '../wecom/relations'
import { seenInBatch } from '../wecom/seen'
import { memberOrNull } from './members'
import { nowhere, type Place } from './place'
import type { Run, Saved } from './run'
import { followersAfter, vanished, type Vanished } from './rows'

interface Follower {
  id: string
  userid: string
}

const MEMBERS_A_CALL = 100
const ROWS_A_PAGE = 100
/** Vanished relations looked at together, and calls for them under way at once (facts 1.3). */
const VANISHED_AT_ONCE = 500
const FLIGHTS = 5

/**
 * All relations of all members with 客户联系, a hundred members and a hundred rows a call (facts 12: the minimum). Nothing
 * here grows with the number of relations: what was seen of these members is a table, and what vanished comes out of a join.
 */
export async function readRelations(deps: Deps, run: Run): Promise<void> {
  let [size, trouble] = [MEMBERS_A_CALL, '']
  for (;;) {
    const members = await followersAfter(deps.db, run.place.after, size)
    const last = members.at(-1)?.userid
    if (last === undefined) return
    try {
      await readOf(deps, run, members)
    } catch (error) {
      if (!(error instanceof WeComError) || !memberGone.includes(error.errcode)) throw error
      // One of them has left meanwhile, and WeCom does not say who: the others must not wait for it.
      if (members.length > 1) {
        ;[size, trouble] = [Math.ceil(members.length / 2), trouble > last ? trouble : last]
        await run.turn({ ...nowhere, after: run.place.after })
        continue
      }
    }
    if (last >= trouble) size = MEMBERS_A_CALL
    await run.turn({ ...nowhere, after: last })
  }
}

async function readOf(deps: Deps, run: Run, members: readonly Follower[]): Promise<void> {
  const batch = createHash('sha256')
    .update(members.map((m) => m.userid).join('|'))
    .digest('hex')
    .slice(0, 16)
  const begin = { ...nowhere, after: run.place.after, batch }
  const goesOn = run.place.batch === batch && (await run.remembers())
  if (!goesOn) await run.turn(begin)
  if (!run.place.listed) {
    const whole = await walk(deps, run, members).catch(async (error: unknown) => {
      // A cursor that WeCom no longer takes is not an outage; nor are these members to be left out for it.
      if (!goesOn || !(error instanceof WeComError) || error.kind !== 'final') throw error
      await run.turn(begin)
      return walk(deps, run, members)
    })
    if (!whole) return
    // Emptied meanwhile: everything would look vanished.
    if (!(await run.remembers())) return readOf(deps, run, members)
  }
  const shown = members.filter((m) => !run.place.unread.includes(m.userid))
  await endVanished(deps, run, shown)
}

type Page = AnswerOf<typeof contactsByUser>

function walk(deps: Deps, run: Run, members: readonly Follower[]): Promise<boolean> {
  const userid_list = members.map((m) => m.userid)
  return walkAhead<Page>(
    run.place.cursor,
    (cursor) => deps.wecom.ask(contactsByUser, { userid_list, cursor, limit: ROWS_A_PAGE }),
    (pages, cursor) => keepPages(deps, run, pages, cursor),
    (page) =>
      page.external_contact_list.map((r) => `${r.follow_info.userid} ${r.external_contact.external_userid}`).join(),
  )
}

/** What the pages say, that they were seen, and where the list goes on: one transaction. */
async function keepPages(deps: Deps, run: Run, pages: readonly Page[], cursor: string): Promise<number> {
  const seen = pages.flatMap((page) => page.external_contact_list.map(seenInBatch))
  const pairs = seen.map(({ userid, externalUserid }) => ({ userid, externalUserid }))
  const unlicensed = pages.flatMap((page) => page.fail_info?.unlicensed_userid_list ?? [])
  const unread = [...new Set([...run.place.unread, ...unlicensed])]
  const place: Place = { ...run.place, cursor, listed: !cursor, unread }
  let saved: Saved | null = null
  run.changes += await recordRelations(deps, seen, async (db, changes) => {
    saved = await run.see(db, place, pairs, changes)
  })
  return saved ? settled(run, saved) : 0
}

/** Only now it is certain that it stands there: had the transaction failed, these pages would have to be read again. */
function settled(run: Run, saved: Saved): number {
  run.settle(saved)
  return saved.fresh
}

/**
 * What we know and the list did not show. Pages shift while people work, so WeCom is asked about each before it counts as
 * ended (Q20), and at last about the member: the customers of somebody who has just left are a departure's, not lost.
 */
async function endVanished(deps: Deps, run: Run, members: readonly Follower[]): Promise<void> {
  const ids = members.map((m) => m.id)
  for (let after: Vanished | null = null; ;) {
    const part: Vanished[] = await vanished(deps.db, ids, after, VANISHED_AT_ONCE)
    const ended = new Map<string, Vanished[]>()
    for (const some of chunksOf(part, FLIGHTS)) {
      const shown = await Promise.all(some.map((v) => isShown(deps, v)))
      for (const [i, v] of some.entries()) if (!shown[i]) ended.set(v.userid, [...(ended.get(v.userid) ?? []), v])
      // Whoever was asked about and is still there need not be asked about again.
      run.settle(
        await run.see(
          deps.db,
          run.place,
          some.filter((_, i) => shown[i]),
          0,
        ),
      )
    }
    for (const [userid, them] of ended) await end(deps, run, userid, them)
    if (part.length < VANISHED_AT_ONCE) return
    after = part.at(-1) ?? null
  }
}

const isShown = async (deps: Deps, { userid, externalUserid }: Vanished): Promise<boolean> =>
  (await rereadContact(deps, externalUserid)).some((s) => s.userid === userid)

async function end(deps: Deps, run: Run, userid: string, them: readonly Vanished[]): Promise<void> {
  const memberId = them[0]?.memberId
  if (!memberId || !(await memberOrNull(deps, userid))) return
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    const customerIds = them.map((v) => v.customerId)
    const customers = await endRelations(tx, deps, { memberId, customerIds, by: 'unknown', at: deps.now() })
    run.changes += customers.length
    if (customers.length) audit('mirror.changed', 'relation', { member: memberId, ended: customers })
  })
}
