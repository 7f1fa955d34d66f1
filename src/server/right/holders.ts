import type { Role } from '../../shared/member'
import type { Right, RightHolder } from '../../shared/right'
import type { Db } from '../db/open'
import { roleSettingNames, roleSettings, type Config } from '../lib/config'
import * as rows from './rows'

export const namedIn = (config: Config): string[] => [...new Set(roleSettingNames.flatMap((name) => config[name]))]

/** Every right of these members, with what gives it. Whoever reads it is told which are their own. */
export async function holdersOf(
  db: Db,
  config: Config,
  members: readonly rows.HolderRow[],
  reader: string,
  now: Date,
): Promise<RightHolder[]> {
  if (!members.length) return []
  const ids = members.map((m) => m.id)
  const led = await rows.ledBy(
    db,
    members.map((m) => m.userid),
  )
  const grants = await rows.grantsOf(db, ids, now)
  const reviews = await rows.reviewsOf(db, ids)
  return members.map(({ id, name, userid, department }) => {
    const rights: Right[] = [
      { ...bare, role: 'rep', source: 'range', place: '' },
      ...led.filter((d) => d.leaders.includes(userid)).map(leaderRight),
      ...roleSettingNames.filter((setting) => config[setting].includes(userid)).map(settingRight),
      ...grants.filter((g) => g.memberId === id).map(grantRight),
    ]
    const confirmed = (right: Right) =>
      reviews.find(
        (r) => r.memberId === id && r.role === right.role && r.source === right.source && r.place === right.place,
      )
    return {
      id,
      name,
      department,
      own: id === reader,
      rights: rights.map((right) => {
        const review = confirmed(right)
        return { ...right, confirmed: review ? { by: review.by, at: review.reviewedAt.toISOString() } : null }
      }),
    }
  })
}

const bare = { departments: null, reason: null, granted: null, until: null, confirmed: null } as const

const leaderRight = ({ id, name }: { id: number; name: string }): Right => ({
  ...bare,
  role: 'manager',
  source: 'leader',
  place: String(id),
  departments: [name],
})

const settingRight = (setting: keyof typeof roleSettings): Right => ({
  ...bare,
  role: roleSettings[setting],
  source: 'setting',
  place: setting,
})

const grantRight = (g: Awaited<ReturnType<typeof rows.grantsOf>>[number]): Right => ({
  ...bare,
  role: g.role as Role,
  source: 'grant',
  place: g.id,
  departments: g.departmentIds === null ? null : g.where,
  reason: g.reason,
  granted: { by: g.by, at: g.grantedAt.toISOString() },
  until: g.until?.toISOString() ?? null,
})
