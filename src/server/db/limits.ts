import { sql } from 'kysely'
import { chinaDay, startOfChinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import type { Leaving } from '../../shared/member'
import type { Config } from '../lib/config'
import type { Db, Tx } from './open'

/** The caller; whether they leave was found with their session, so that nobody else pays for it. */
interface Member {
  id: string
  leaving: boolean
}
type Settings = Pick<Config, 'LEAVING_PAGE' | 'LEAVING_OPENS_A_DAY'>

/**
 * From the day that somebody's leaving is announced until they are gone: what is narrower for them (compliance 6.2,
 * Departing). Their customers, their login and what they may do for customers stay. Null for everybody else.
 */
export async function leavingOf(db: Db, config: Settings, { id, leaving }: Member): Promise<Leaving | null> {
  const found = leaving && (await openAnnouncement(db, id).executeTakeFirst())
  if (!found) return null
  return { leavesOn: chinaDay(found.leftAt), page: config.LEAVING_PAGE, opensADay: config.LEAVING_OPENS_A_DAY }
}

const openAnnouncement = (db: Db, memberId: string) =>
  db
    .selectFrom('departure')
    .select('leftAt')
    .where('memberId', '=', memberId)
    .where('gone', '=', false)
    .where('endedAt', 'is', null)

/** How long a page of a list may be for this member. */
export const pageLimit = async (db: Db, config: Settings, member: Member, wanted: number): Promise<number> =>
  Math.min(wanted, (await leavingOf(db, config, member))?.page ?? wanted)

/**
 * A customer opened in full: whoever will leave may open so many a day, and those opened today again and again. The
 * announcement is held, so that two pages at once are counted one after the other.
 */
export async function countOpening(tx: Tx, config: Settings, { id, leaving }: Member, customer: string, now: Date) {
  if (!leaving || !(await openAnnouncement(tx, id).forUpdate().executeTakeFirst())) return
  const { rows } = await sql<{ customer: string }>`
    select distinct subject as customer from audit
     where actor = ${id} and action like 'look.%' and action = 'look.brief' and at >= ${startOfChinaDay(now, 0)}`.execute(
    tx,
  )
  if (rows.length < config.LEAVING_OPENS_A_DAY || rows.some((r) => r.customer === customer)) return
  throw new Failure('opened_enough', { count: config.LEAVING_OPENS_A_DAY })
}
