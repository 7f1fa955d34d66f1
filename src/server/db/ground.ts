import { sql } from 'kysely'
import { missingBases, type Basis } from '../../shared/basis'
import { chinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import type { Db } from './open'

/** Without a signed review nobody is passed on (T-22). */
export async function mustBeLive(db: Db): Promise<void> {
  const signed = await db.selectFrom('launchReview').select('one').where('signedAt', 'is not', null).executeTakeFirst()
  if (!signed) throw new Failure('not_live')
}

/** All that are confirmed and not ended, as a column of another question: whoever reads customers reads them with it. */
export const basesHeld = sql<Basis[]>`(
  select coalesce(json_agg(json_build_object('purpose', purpose, 'customers', customers, 'since', since, 'until', until,
                                             'confirmed', true, 'ended', false)), '[]')
    from legal_basis where ended_at is null and confirmed_at is not null)`

export const kindOf = (kind: string | undefined) => (kind === 'wechat' || kind === 'wecom' ? kind : 'unknown')

export const basesNow = async (db: Db): Promise<(Basis & { ground: string })[]> =>
  (await db.selectFrom('legalBasis').selectAll().where('endedAt', 'is', null).execute()).map((row) => ({
    purpose: row.purpose as Basis['purpose'],
    customers: row.customers as Basis['customers'],
    ground: row.ground,
    ...{ since: row.since, until: row.until, confirmed: row.confirmedAt !== null, ended: row.endedAt !== null },
  }))

/** Whether customers of this kind may be passed on today: each purpose of a handover has a basis. */
export async function groundedKinds(db: Db, now: Date): Promise<(kind: string) => boolean> {
  const bases = await basesNow(db)
  const today = chinaDay(now)
  const known = new Map<string, boolean>()
  return (kind) => {
    const of = kindOf(kind)
    const grounded = known.get(of) ?? missingBases(of, bases, today).length === 0
    known.set(of, grounded)
    return grounded
  }
}
