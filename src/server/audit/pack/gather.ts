import { sql } from 'kysely'
import type { Tx } from '../../db/open'

/** Everything the product knows about a case, read in one snapshot; nothing is cut here. */
export async function gather(tx: Tx, kind: string, subject: string) {
  const handovers = await tx
    .selectFrom('handover')
    .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
    .innerJoin('notice', 'notice.handoverId', 'handover.id')
    .select(['handover.id', 'handover.departureId', 'handover.customerId', 'handover.createdAt'])
    .select(['transfer.state as transfer', 'transfer.planId', 'transfer.batchId', 'transfer.successorId'])
    .select(['transfer.submittedAt', 'transfer.takeoverAt', 'transfer.settledAt', 'transfer.errcode'])
    .select(['notice.state as notice', 'notice.promptedAt', 'notice.sentAt', 'notice.sentBy'])
    .select(['notice.openedAt', 'notice.answeredAt'])
    .where(kind === 'departure' ? 'handover.departureId' : 'handover.customerId', '=', subject)
    .orderBy('handover.id')
    .execute()
  const ids = {
    handovers: handovers.map((h) => h.id),
    customers: kind === 'customer' ? [subject] : [...new Set(handovers.map((h) => h.customerId))],
    departures: kind === 'departure' ? [subject] : [...new Set(handovers.map((h) => h.departureId))],
  }
  const departures = await tx
    .selectFrom('departure')
    .selectAll()
    .where('id', 'in', some(ids.departures))
    .orderBy('id')
    .execute()
  const leavers = departures.map((d) => d.memberId)
  const customers = await tx
    .selectFrom('customer')
    .selectAll()
    .where('id', 'in', some(ids.customers))
    .orderBy('id')
    .execute()
  const relations = await tx
    .selectFrom('relation')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .$if(kind === 'departure', (q) => q.where('memberId', 'in', some(leavers)))
    .orderBy('customerId')
    .orderBy('memberId')
    .execute()
  const promises = await tx
    .selectFrom('promise')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .$if(kind === 'departure', (q) => q.where('madeBy', 'in', some(leavers)))
    .orderBy('id')
    .execute()
  const history = await tx
    .selectFrom('history')
    .select(['id', 'customerId', 'at', 'authorId', 'source', 'kind', 'body'])
    .where('customerId', 'in', some(ids.customers))
    .orderBy('id')
    .execute()
  const attempts = await tx
    .selectFrom('noticeAttempt')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('id')
    .execute()
  const firstNotices = await tx
    .selectFrom('firstNotice')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .$if(kind === 'departure', (q) => q.where('preparedBy', 'in', some(leavers)))
    .orderBy('id')
    .execute()
  const pages = await tx
    .selectFrom('textVersion')
    .selectAll()
    .where('text', '=', 'page')
    .where('version', 'in', [0, ...attempts.flatMap((a) => a.pageVersion ?? [])])
    .orderBy('version')
    .execute()
  const objections = await tx
    .selectFrom('objection')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('id')
    .execute()
  const requests = await tx
    .selectFrom('rightsRequest')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .orderBy('number')
    .execute()
  const asked = await askedOf(tx, kind, ids)
  const complaints = await tx
    .selectFrom('complaint')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('number')
    .execute()
  const decisions = await tx
    .selectFrom('complaintDecision')
    .selectAll()
    .where('number', 'in', some(complaints.map((c) => c.number)))
    .orderBy('number')
    .orderBy('seq')
    .execute()
  const plans = await tx
    .selectFrom('plan')
    .selectAll()
    .where('departureId', 'in', some(ids.departures))
    .$if(kind === 'customer', (q) =>
      q.where('id', 'in', (eb) =>
        eb.selectFrom('planItem').select('planId').where('handoverId', 'in', some(ids.handovers)),
      ),
    )
    .orderBy('id')
    .execute()
  const votes = await tx
    .selectFrom('approval')
    .leftJoin('approvalVote', 'approvalVote.approvalId', 'approval.id')
    .select(['approval.planId', 'approval.round', 'approval.digest', 'approval.askedBy', 'approval.askedAt'])
    .select(['approval.dueAt', 'approval.needed', 'approval.outcome', 'approval.endedAt'])
    .select(['approvalVote.memberId', 'approvalVote.vote', 'approvalVote.reason', 'approvalVote.at'])
    .where('approval.planId', 'in', some(plans.map((p) => p.id)))
    .orderBy('approval.planId')
    .orderBy('approval.round')
    .orderBy('approvalVote.at')
    .execute()
  const items = await tx
    .selectFrom('planItem')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('planId')
    .orderBy('handoverId')
    .execute()
  const batches = await tx
    .selectFrom('transferBatch')
    .selectAll()
    .where('planId', 'in', some(plans.map((p) => p.id)))
    .orderBy('id')
    .execute()
  const groups = await tx
    .selectFrom('groupTransfer')
    .selectAll()
    .where('departureId', 'in', some(kind === 'departure' ? ids.departures : []))
    .orderBy('chatId')
    .execute()
  const tags = await tx.selectFrom('tag').selectAll().orderBy('id').execute()
  const members = await tx
    .selectFrom('member')
    .select(['id', 'userid', 'name', 'position', 'departmentIds', 'status'])
    .orderBy('id')
    .execute()
  const departments = await tx.selectFrom('department').select(['id', 'name', 'leaders']).orderBy('id').execute()
  const holds = await tx.selectFrom('legalHold').selectAll().where('subjectId', '=', subject).orderBy('id').execute()
  const found = { handovers, departures, leavers, customers, relations, promises, history, attempts, pages, objections }
  return {
    kind,
    subject,
    ...found,
    ...asked,
    complaints,
    decisions,
    requests,
    firstNotices,
    plans,
    votes,
    items,
    batches,
    groups,
    tags,
    members,
    departments,
    holds,
  }
}
/**
 * The questions, every event of them and what was heard on the phone or on paper; how else customers were told, and when it was
 * decided not to; who was let see a child's data. Of a departure only what hangs on its own handovers.
 */
async function askedOf(tx: Tx, kind: string, ids: { handovers: string[]; customers: string[] }) {
  const records = await tx
    .selectFrom('consentRecord')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .$if(kind === 'departure', (q) => q.where('handoverId', 'in', some(ids.handovers)))
    .orderBy('id')
    .execute()
  const questions = some(records.map((r) => r.id))
  const consents = await tx
    .selectFrom('consentEvent')
    .selectAll()
    .where('recordId', 'in', questions)
    .orderBy('seq')
    .execute()
  const spoken = await tx
    .selectFrom('consentSpoken')
    .selectAll()
    .where('recordId', 'in', questions)
    .orderBy('id')
    .execute()
  const others = await tx
    .selectFrom('noticeOther')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('id')
    .execute()
  const waivers = await tx
    .selectFrom('noticeWaiver')
    .selectAll()
    .where('handoverId', 'in', some(ids.handovers))
    .orderBy('id')
    .execute()
  const childAccess = await tx
    .selectFrom('childAccess')
    .selectAll()
    .where('customerId', 'in', some(ids.customers))
    .orderBy('decidedAt')
    .orderBy('id')
    .execute()
  return { records, consents, spoken, others, waivers, childAccess }
}
export type Gathered = Awaited<ReturnType<typeof gather>>

/** An empty list would be no SQL. */
const some = (ids: readonly string[]): string[] => (ids.length ? [...ids] : [''])

/** The ids by which an entry of the log belongs to the case; whatever the leaver did belongs to it, too. */
export const idsOf = (g: Gathered): string[] => [
  g.subject,
  ...g.leavers,
  ...g.departures.map((d) => d.id),
  ...g.customers.map((c) => c.id),
  ...g.handovers.map((h) => h.id),
  ...g.plans.map((p) => p.id),
  ...g.batches.map((b) => b.id),
  ...g.attempts.map((a) => a.id),
  ...g.firstNotices.map((f) => f.id),
  ...g.objections.map((o) => o.id),
  ...g.records.map((r) => r.id),
  ...g.spoken.map((s) => s.id),
  ...g.others.map((o) => o.id),
  ...g.waivers.map((w) => w.id),
  ...g.complaints.map((c) => c.number),
  ...g.promises.map((p) => p.id),
  ...g.groups.map((c) => c.chatId),
]

/** Every entry up to `size` that one of these did, is about, or names anywhere in its detail. */
export const eventsOf = (tx: Tx, g: Gathered, size: number) => {
  const ids = [...new Set(idsOf(g))]
  const actors = g.kind === 'departure' ? g.leavers : []
  return tx
    .selectFrom('audit')
    .selectAll()
    .where('seq', '<=', size)
    .where(
      sql<boolean>`(subject = any(${ids}) or actor = any(${actors}) or exists (
        select 1 from jsonb_path_query(detail, 'strict $.** ? (@.type() == "string")') v where v #>> '{}' = any(${ids})))`,
    )
    .orderBy('seq')
    .execute()
}
export type Event = Awaited<ReturnType<typeof eventsOf>>[number]
