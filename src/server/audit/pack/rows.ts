import { sql } from 'kysely'
import { departureInScope, leaverFor, type Reader } from '../../db/scope'
import type { Db, Tx } from '../../db/open'

export const addPack = (
  tx: Tx,
  pack: {
    id: string
    kind: string
    subject: string
    caseNo: string
    purpose: string
    since: string | null
    until: string | null
    requestedBy: string
    requestedAt: Date
  },
) =>
  tx
    .insertInto('evidencePack')
    .values({ ...pack, state: 'requested' })
    .execute()

/** Held until the end of the transaction, without the file. */
export const holdPack = (tx: Tx, id: string) =>
  tx
    .selectFrom('evidencePack')
    .select(['id', 'kind', 'subject', 'caseNo', 'purpose', 'since', 'until', 'state', 'requestedBy', 'requestedAt'])
    .select(['decidedBy', 'decidedAt', 'expiresAt', 'sha256', 'ticketHash', 'ticketFor', 'ticketUntil'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
export const decidePack = (
  tx: Tx,
  id: string,
  to: { state: string; decidedBy: string; decidedAt: Date; reason: string | null },
) => tx.updateTable('evidencePack').set(to).where('id', '=', id).execute()

export const setTicket = (tx: Tx, id: string, to: { ticketHash: string; ticketFor: string; ticketUntil: Date }) =>
  tx.updateTable('evidencePack').set(to).where('id', '=', id).execute()

/** The ticket is good for one fetch. */
export const takeFile = async (tx: Tx, id: string): Promise<Buffer | null> =>
  (
    await tx
      .updateTable('evidencePack')
      .set({ ticketHash: null, ticketUntil: null })
      .where('id', '=', id)
      .returning('content')
      .executeTakeFirst()
  )?.content ?? null

export const packsToBuild = (db: Db) =>
  db.selectFrom('evidencePack').select('id').where('state', '=', 'approved').orderBy('decidedAt').execute()

export const keepPack = (
  tx: Tx,
  id: string,
  made: {
    builtAt: Date
    headSize: number
    bytes: number
    sha256: string
    manifestSha256: string
    content: Buffer
    expiresAt: Date
  },
) =>
  tx
    .updateTable('evidencePack')
    .set({ ...made, state: 'ready' })
    .where('id', '=', id)
    .where('state', '=', 'approved')
    .returning('id')
    .execute()

export const endPacks = (tx: Tx, now: Date) =>
  tx
    .updateTable('evidencePack')
    .set({ state: 'ended', content: null, ticketHash: null })
    .where('state', '=', 'ready')
    .where('expiresAt', '<=', now)
    .returning('id')
    .execute()

export const addHold = (
  tx: Tx,
  hold: {
    id: string
    subjectKind: string
    subjectId: string
    reason: string
    caseNo: string
    packId: string
    beganBy: string
    beganAt: Date
    reviewAt: Date
  },
) => tx.insertInto('legalHold').values(hold).execute()

/** Newest first; `by`: only those this member asked for. */
export const packList = (db: Db, by: string | null, after: { at: string; id: string } | null, limit: number) =>
  db
    .selectFrom('evidencePack as pack')
    .innerJoin('member as asker', 'asker.id', 'pack.requestedBy')
    .leftJoin('member as decider', 'decider.id', 'pack.decidedBy')
    .leftJoin('departure', 'departure.id', 'pack.subject')
    .leftJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .leftJoin('customer', 'customer.id', 'pack.subject')
    .select(['pack.id', 'pack.kind', 'pack.caseNo', 'pack.purpose', 'pack.since', 'pack.until', 'pack.state'])
    .select(['pack.requestedAt', 'pack.decidedAt', 'pack.reason', 'pack.bytes', 'pack.sha256', 'pack.expiresAt'])
    .select(['pack.requestedBy as askerId', 'asker.name as requestedBy', 'decider.name as decidedBy'])
    .select(['leaver.name as leaver', 'customer.name as customer'])
    .$if(by !== null, (q) => q.where('pack.requestedBy', '=', by ?? ''))
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(pack.requested_at, pack.id) < (${after?.at}::timestamptz, ${after?.id})`),
    )
    .orderBy('pack.requestedAt', 'desc')
    .orderBy('pack.id', 'desc')
    .limit(limit + 1)
    .execute()

/** The departure, or the customer of a handover, if this reader may ask for a pack about it; somebody else's and none are alike. */
export async function subjectFor(db: Db, kind: string, given: string, reader: Reader): Promise<string | null> {
  if (kind === 'departure') return (await departureInScope(db, given, reader))?.id ?? null
  const found = await db
    .selectFrom('handover')
    .innerJoin('departure', 'departure.id', 'handover.departureId')
    .innerJoin('member as leaver', 'leaver.id', 'departure.memberId')
    .select('handover.customerId')
    .where('handover.id', '=', given)
    .where(leaverFor(reader))
    .executeTakeFirst()
  return found?.customerId ?? null
}
