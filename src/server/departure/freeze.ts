import { act } from '../db/act'
import type { Deps } from '../deps'
import { contactsByUser } from '../wecom/apis'
import { WeComError } from '../wecom/client'
import { memberGone } from '../wecom/errcodes'
import { listGroups, readGroups } from '../wecom/groups'
import { chunksOf, walkAhead } from '../wecom/pages'
import { openContacts } from '../wecom/relation-rows'
import { recordRelations, rereadContact } from '../wecom/relations'
import { seenInBatch } from '../wecom/seen'
import { frozen, standAt, toFreeze, type ToFreeze } from './freeze-rows'

/** Calls for one member under way at once (facts 1.3). */
const FLIGHTS = 5
const CUSTOMERS_AT_ONCE = 50
const GROUPS_AT_ONCE = 50
const HOUR = 3_600_000

/**
 * Everything a member knows who is announced to leave, read while WeCom still tells it: at once, and again each night until
 * they are gone (facts 10.1). After that the remarks, tags and groups of a customer nobody else follows cannot be read.
 */
export async function freezeJob(deps: Deps): Promise<void> {
  const failed: unknown[] = []
  for (const departure of await toFreeze(deps.db, lastNight(deps.now())))
    await freeze(deps, departure).catch((error: unknown) => failed.push(error))
  if (failed.length) throw failed[0]
}

/** The latest two o'clock in the morning in Shanghai, which keeps no summer time. */
function lastNight(now: Date): Date {
  const day = 24 * HOUR
  return new Date(Math.floor((now.getTime() + 6 * HOUR) / day) * day - 6 * HOUR)
}

async function freeze(deps: Deps, departure: ToFreeze): Promise<void> {
  // Begun and interrupted: the lists have been read, and the customers up to one.
  if (departure.freezeAfter === null) {
    try {
      await readList(deps, departure.userid)
      await readGroupsOf(deps, departure.userid)
    } catch (error) {
      // Gone already: that is for the departures job to find out.
      if (error instanceof WeComError && memberGone.includes(error.errcode)) return
      throw error
    }
    await standAt(deps.db, departure.id, '')
  }
  for (let after = departure.freezeAfter ?? ''; ;) {
    const part = await openContacts(deps.db, departure.memberId, after, CUSTOMERS_AT_ONCE)
    // One by one, because lists leave out a member's own tags (facts 3.3).
    for (const some of chunksOf(part, FLIGHTS))
      await Promise.all(some.map((c) => rereadContact(deps, c.externalUserid)))
    const last = part.at(-1)?.customerId
    if (last === undefined) break
    after = last
    await standAt(deps.db, departure.id, after)
  }
  await act(deps.db, deps.now(), 'system', async (tx, audit) => {
    await frozen(tx, departure.id, deps.now())
    audit('departure.frozen', departure.id, { member: departure.memberId })
  })
}

const readList = (deps: Deps, userid: string): Promise<boolean> =>
  walkAhead(
    '',
    (cursor) => deps.wecom.ask(contactsByUser, { userid_list: [userid], cursor, limit: 100 }),
    async (pages) => {
      const seen = pages.flatMap((page) => page.external_contact_list.map(seenInBatch))
      await recordRelations(deps, seen)
      return seen.length
    },
    (page) => page.external_contact_list.map((r) => r.external_contact.external_userid).join(),
  )

async function readGroupsOf(deps: Deps, userid: string): Promise<void> {
  const { groups } = await listGroups(deps, { status_filter: 0, owner_filter: { userid_list: [userid] } })
  for (const part of chunksOf(groups, GROUPS_AT_ONCE)) await readGroups(deps, part)
}
