import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import { entryParts } from '../lib/chain'
import type { Db, Tx } from './open'

/** Who did it: a member's id, or one of these. A customer is known only as the holder of a link. */
export type Actor = string | 'system' | 'wecom' | 'customer'

/** Looks at one customer (look.ts). */
export type LookAction =
  | 'look.brief'
  | 'look.history'
  | 'look.restore'
  | 'look.complaint'
  | 'look.revealed'
  | 'look.why'
  | 'look.objection'
  | 'look.request'

/** Everything that can happen here, for the audit log. An action that is not listed cannot be written. */
export type AuditAction =
  | 'session.began'
  | 'session.ended'
  | 'sessions.revoked'
  | 'block.asked'
  | 'block.confirmed'
  | 'block.declined'
  | 'block.lift_asked'
  | 'block.lift_declined'
  | 'block.lifted'
  | 'probe.asked'
  | 'probe.ran'
  | 'signal.found'
  | 'signal.decided'
  | 'role.granted'
  | 'role.ended'
  | 'right.confirmed'
  | 'mirror.changed'
  | 'mirror.ran'
  | 'departure.noticed'
  | 'departure.ended'
  | 'departure.announced'
  | 'departure.changed'
  | 'departure.withdrawn'
  | 'departure.frozen'
  | 'handover.created'
  | 'plan.drafted'
  | 'plan.changed'
  | 'plan.submitted'
  | 'plan.approved'
  | 'plan.rejected'
  | 'plan.discarded'
  | 'plan.withdrawn'
  | 'transfer.written'
  | 'transfer.sent'
  | 'transfer.answered'
  | 'transfer.moved'
  | 'transfer.looked'
  | 'transfer.check_wished'
  | 'group.sent'
  | 'group.answered'
  | 'group.moved'
  | 'notice.prepared'
  | 'notice.moved'
  | 'notice.attempt'
  | 'consent.prepared'
  | 'consent.attempt'
  | 'consent.moved'
  | 'objection.made'
  | 'objection.answered'
  | 'objection.reminded'
  | 'objection.told'
  | 'request.received'
  | 'request.moved'
  | 'request.file'
  | 'request.lifted'
  | 'customer.restricted'
  | 'customer.erased'
  | 'look.requests'
  | 'complaint.received'
  | 'promise.made'
  | 'promise.kept'
  | 'restore.asked'
  | 'restore.sent'
  | 'restore.later'
  | 'restore.done'
  | 'restore.failed'
  | 'member.told'
  | LookAction
  | 'setting.changed'
  | 'export.previewed'
  | 'export.asked'
  | 'export.approved'
  | 'export.rejected'
  | 'export.ended'
  | 'export.made'
  | 'export.opened'
  | 'export.code_sent'
  | 'export.code_wrong'
  | 'export.broken_off'
  | 'export.downloaded'
  | 'look.export'
  | 'retention.purged'
  | 'hold.reviewed'
  | 'hold.released'
  | 'look.holds'
  | 'person.forgotten'
  | 'audit.key'
  | 'head.exported'
  | 'look.audit'
  | 'look.packs'
  | 'pack.requested'
  | 'pack.approved'
  | 'pack.rejected'
  | 'pack.built'
  | 'pack.fetched'
  | 'pack.ended'
  | 'hold.began'
  | 'emergency.opened'
  | 'emergency.ended'
  | 'emergency.judged'
  | 'look.emergencies'
  | 'look.list'
  | 'look.plan'
  | 'look.complaints'
  | 'look.call'
  | 'look.letter'
  | 'look.blocks'
  | 'look.probe'
  | 'look.signals'
  | 'look.own'
  | 'look.rights'

export type Audit = (action: AuditAction, subject: string, detail?: { [key: string]: Json }) => void

interface Entry {
  action: AuditAction
  subject: string
  detail: { [key: string]: Json }
}

/**
 * One transaction, with its audit entries in it: no effect without its entry, no entry without its effect (DESIGN 4.8).
 * The entries are appended last, because the chain has one head and whoever holds it makes the others wait.
 */
export function act<T>(db: Db, at: Date, actor: Actor, work: (tx: Tx, audit: Audit) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const entries: Entry[] = []
    const result = await work(tx, (action, subject, detail = {}) => void entries.push({ action, subject, detail }))
    if (entries.length) await append(tx, at.toISOString(), actor, entries)
    return result
  })
}

/** One statement, and one parameter however many the entries; it holds the head, numbers and chains them (0019). */
async function append(tx: Tx, at: string, actor: Actor, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, at, actor, ...entryParts({ ...entry, at, actor }) }))
  await sql`select append_audit(${JSON.stringify(rows)}::json)`.execute(tx)
}
