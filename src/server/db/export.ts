import { sql } from 'kysely'
import { exportSwitch, SWITCHED_OFF } from '../../shared/export'
import type { Audit } from './act'
import type { Db, Tx } from './open'
import { readSetting } from './setting'

export const EXPORT_SWITCH = 'export'

export const readExportSwitch = (db: Db) => readSetting(db, EXPORT_SWITCH, exportSwitch, SWITCHED_OFF)

/**
 * Whether somebody may ask for, approve or take an export now: exporting is switched on, and they are active and no
 * departure of theirs is open, announced or real (compliance 6.2, 6.4). The one place where that is decided. Nobody is
 * told which of it is so: an announced leaver must not learn of the announcement here.
 */
export async function mayExport(db: Db, memberId: string): Promise<boolean> {
  if (!(await readExportSwitch(db)).on) return false
  const found = await db.selectFrom('member').select('id').where('id', '=', memberId).where(staying).executeTakeFirst()
  return found !== undefined
}

const staying = sql<boolean>`(member.status = 'active' and not exists (
  select 1 from departure where departure.member_id = member.id and departure.ended_at is null))`

/** Open exports of those who may not export (any more): everybody when it is switched off. */
export const barredExports = (db: Db, switchedOn: boolean) =>
  db
    .selectFrom('exportRequest')
    .innerJoin('member', 'member.id', 'exportRequest.askedBy')
    .select('exportRequest.id')
    .where('exportRequest.state', 'in', OPEN)
    .$if(switchedOn, (q) => q.where(sql<boolean>`not ${staying}`))
    .execute()

const OPEN = ['pending', 'approved', 'ready']

/** Ends what members wished and what lies there for them, file and all: they have nothing from now on (compliance 6.5). */
export async function stopExportsOf(
  tx: Tx,
  audit: Audit,
  memberIds: readonly string[],
): Promise<{ memberId: string }[]> {
  const stopped = await tx
    .updateTable('exportRequest')
    .set({ state: 'stopped', codeHash: null })
    .where('askedBy', 'in', memberIds)
    .where('state', 'in', OPEN)
    .returning(['id', 'askedBy as memberId'])
    .execute()
  await dropFiles(
    tx,
    stopped.map(({ id }) => id),
  )
  for (const { id } of stopped) audit('export.ended', id, { state: 'stopped' })
  return stopped
}

/** What still waits or lies there for a member. */
export const countOpenExports = async (db: Db, memberId: string): Promise<number> =>
  (
    await db
      .selectFrom('exportRequest')
      .select('id')
      .where('askedBy', '=', memberId)
      .where('state', 'in', OPEN)
      .execute()
  ).length

export const dropFiles = (tx: Tx, exportIds: readonly string[]) =>
  exportIds.length ? tx.deleteFrom('exportFile').where('exportId', 'in', exportIds).execute() : Promise.resolve([])
