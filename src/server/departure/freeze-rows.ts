import type { Db, Tx } from '../db/open'

export interface ToFreeze {
  id: string
  memberId: string
  userid: string
  /** The last customer read; null: not begun. */
  freezeAfter: string | null
}

/** Announced departures that were not frozen since they were announced and since this night. */
export const toFreeze = (db: Db, night: Date): Promise<ToFreeze[]> =>
  db
    .selectFrom('departure')
    .innerJoin('member', 'member.id', 'departure.memberId')
    .select(['departure.id', 'departure.memberId', 'departure.freezeAfter', 'member.userid'])
    .where('departure.gone', '=', false)
    .where('departure.endedAt', 'is', null)
    .where('member.status', '!=', 'left')
    .where((eb) =>
      eb.or([
        eb('departure.frozenAt', 'is', null),
        eb('departure.frozenAt', '<', night),
        eb('departure.frozenAt', '<', eb.ref('departure.announcedAt')),
      ]),
    )
    .orderBy('departure.leftAt')
    .execute()

export const standAt = (db: Db, id: string, freezeAfter: string) =>
  db.updateTable('departure').set({ freezeAfter }).where('id', '=', id).execute()

export const frozen = (tx: Tx, id: string, at: Date) =>
  tx.updateTable('departure').set({ frozenAt: at, freezeAfter: null }).where('id', '=', id).execute()
