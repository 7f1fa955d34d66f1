import { sql } from 'kysely'
import type { Db } from '../db/open'

/** Newest first. */
export const complaintList = (db: Db, after: { at: string; number: string } | null, limit: number) =>
  db
    .selectFrom('complaint')
    .leftJoin('handover', 'handover.id', 'complaint.handoverId')
    .leftJoin('transfer', 'transfer.handoverId', 'complaint.handoverId')
    .leftJoin('member', 'member.id', 'transfer.successorId')
    .select(['complaint.number', 'complaint.at', 'complaint.text', 'complaint.contact', 'member.name as about'])
    .select('handover.customerId as customer')
    .$if(after !== null, (q) =>
      q.where(sql<boolean>`(complaint.at, complaint.number) < (${after?.at}::timestamptz, ${after?.number})`),
    )
    .orderBy('complaint.at', 'desc')
    .orderBy('complaint.number', 'desc')
    .limit(limit + 1)
    .execute()
