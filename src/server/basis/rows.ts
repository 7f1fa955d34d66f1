import type { Db, Tx } from '../db/open'

/** The newest first; what is over stands below what counts. */
export const allBases = (db: Db) =>
  db
    .selectFrom('legalBasis')
    .innerJoin('member as writer', 'writer.id', 'legalBasis.writtenBy')
    .leftJoin('member as confirmer', 'confirmer.id', 'legalBasis.confirmedBy')
    .leftJoin('member as ender', 'ender.id', 'legalBasis.endedBy')
    .selectAll('legalBasis')
    .select(['writer.name as writer', 'confirmer.name as confirmer', 'ender.name as ender'])
    .orderBy((eb) => eb('legalBasis.endedAt', 'is not', null))
    .orderBy('legalBasis.writtenAt', 'desc')
    .orderBy('legalBasis.id', 'desc')
    .execute()
export type BasisRow = Awaited<ReturnType<typeof allBases>>[number]

interface NewBasis {
  id: string
  purpose: string
  customers: string
  ground: string
  source: string
  since: string
  until: string | null
  writtenBy: string
  writtenAt: Date
}
export const addBasis = (tx: Tx, basis: NewBasis) => tx.insertInto('legalBasis').values(basis).execute()

/** Held until the end of the transaction: of two who decide, the second sees what the first has done. */
export const holdBasis = (tx: Tx, id: string) =>
  tx.selectFrom('legalBasis').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst()

export const setConfirmed = (tx: Tx, id: string, confirmedBy: string, confirmedAt: Date) =>
  tx.updateTable('legalBasis').set({ confirmedBy, confirmedAt }).where('id', '=', id).execute()

export const setEnded = (tx: Tx, id: string, ended: { endedBy: string; endedAt: Date; endedWhy: string }) =>
  tx.updateTable('legalBasis').set(ended).where('id', '=', id).execute()
