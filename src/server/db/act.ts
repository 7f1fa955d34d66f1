import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import { entryParts } from '../lib/chain'
import { effects } from './once'
import type { Db, Tx } from './open'
import { prepared } from './prepared'

/** Who did it: a member's id, or one of these. A customer is known only as the holder of a link. */
export type Actor = string | 'system' | 'wecom' | 'customer'

/** Looks at one customer (look.ts). */
export type LookAction =
  | 'look.choices'
  | 'look.brief'
  | 'look.history'
  | 'look.notes'
  | 'look.memo'
  | 'look.promises'
  | 'look.tasks'
  | 'look.script'
  | 'look.groups'
  | 'look.restore'
  | 'look.complaint'
  | 'look.revealed'
  | 'look.why'
  | 'look.objection'
  | 'look.request'
  | 'look.facts'
  | 'look.duty'

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
  | 'debug.granted'
  | 'debug.opened'
  | 'debug.ended'
  | 'mirror.changed'
  | 'mirror.ran'
  | 'departure.noticed'
  | 'departure.ended'
  | 'departure.announced'
  | 'departure.changed'
  | 'departure.withdrawn'
  | 'departure.frozen'
  | 'departure.handed_over'
  | 'departure.archived'
  | 'checklist.said'
  | 'look.checklist'
  | 'handover.created'
  | 'plan.drafted'
  | 'plan.changed'
  | 'plan.submitted'
  | 'plan.approved'
  | 'plan.rejected'
  | 'plan.discarded'
  | 'plan.withdrawn'
  | 'plan.expired'
  | 'plan.card_updated'
  | 'plan.card_pressed'
  | 'plan.duty'
  | 'plan.asked'
  | 'plan.escalated'
  | 'plan.voted'
  | 'transfer.written'
  | 'transfer.sent'
  | 'transfer.answered'
  | 'transfer.moved'
  | 'transfer.looked'
  | 'transfer.check_wished'
  | 'group.sent'
  | 'group.answered'
  | 'group.moved'
  | 'group.prepared'
  | 'group.told'
  | 'text.published'
  | 'text.saved'
  | 'text.proposed'
  | 'text.rejected'
  | 'text.discarded'
  | 'newcomer.prepared'
  | 'newcomer.told'
  | 'notice.prepared'
  | 'notice.moved'
  | 'notice.attempt'
  | 'consent.prepared'
  | 'consent.attempt'
  | 'consent.moved'
  | 'consent.spoken'
  | 'consent.doubted'
  | 'consent.doubt_decided'
  | 'consent.exported'
  | 'consent.raw_kept'
  | 'consent.raw_deleted'
  | 'child.marked'
  | 'child.unmarked'
  | 'child.access'
  | 'customer.identified'
  | 'notice.mass_asked'
  | 'notice.mass'
  | 'notice.other_chosen'
  | 'notice.other_done'
  | 'waiver.asked'
  | 'waiver.decided'
  | 'waiver.over'
  | 'look.untold'
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
  | 'complaint.moved'
  | 'complaint.heard'
  | 'complaint.owned'
  | 'complaint.decided'
  | 'complaint.contacted'
  | 'complaint.noted'
  | 'complaint.mailed'
  | 'complaint.refused'
  | 'calendar.loaded'
  | 'fact.written'
  | 'fact.cleared'
  | 'fact.previewed'
  | 'fact.imported'
  | 'fact_rule.set'
  | 'fact_rule.dropped'
  | 'rules.saved'
  | 'rules.proposed'
  | 'rules.approved'
  | 'rules.rejected'
  | 'rules.discarded'
  | 'rules.tried'
  | 'basis.written'
  | 'basis.confirmed'
  | 'basis.ended'
  | 'launch.saved'
  | 'launch.signed'
  | 'correction.asked'
  | 'correction.answered'
  | 'assessment.recorded'
  | 'assessment.confirmed'
  | 'assessment.ended'
  | 'note.written'
  | 'note.withdrawn'
  | 'promise.made'
  | 'promise.kept'
  | 'promise.moved'
  | 'promise.taken'
  | 'script.refused'
  | 'script.prepared'
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
  | 'look.group'
  | 'look.plan'
  | 'look.complaints'
  | 'look.consents'
  | 'look.children'
  | 'look.call'
  | 'look.letter'
  | 'look.blocks'
  | 'look.probe'
  | 'look.signals'
  | 'look.figures'
  | 'look.own'
  | 'look.rights'
  | 'look.debug'

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
  const found = effects.getStore()
  // What a request wakes acts in nobody's name, and is not its effect.
  const effect = found?.member === actor ? found : undefined
  return db.transaction().execute(async (tx) => {
    const entries: Entry[] = []
    await effect?.begin(tx)
    const result = await work(tx, (action, subject, detail = {}) => void entries.push({ action, subject, detail }))
    await effect?.end(
      tx,
      result,
      entries.map(({ subject }) => subject),
    )
    if (entries.length) await append(tx, at.toISOString(), actor, entries)
    return result
  })
}

/**
 * For doors that only show (`shows`, GET): reads, and the entries that say so, which are there before anybody sees the answer. No
 * statement changes anything but theirs, so none waits for a transaction to begin and end; what must be read under a lock, or
 * changes something, is `act`'s. An entry is written as soon as it is said, while what it speaks of is read: should that fail,
 * the log says more than was seen, never less.
 */
export async function show<T>(db: Db, at: Date, actor: Actor, work: (db: Db, audit: Audit) => Promise<T>): Promise<T> {
  if (effects.getStore()) throw new Error('a door with an effect answers by act, which keeps the answer')
  const written: Promise<void>[] = []
  const audit: Audit = (action, subject, detail = {}) => {
    const entry = append(db, at.toISOString(), actor, [{ action, subject, detail }])
    entry.catch(() => undefined) // who waits for it below hears of it
    written.push(entry)
  }
  try {
    return await work(db, audit)
  } finally {
    await Promise.all(written)
  }
}

/** One statement, and one parameter however many the entries; it holds the head, numbers and chains them (0041). */
async function append(db: Db, at: string, actor: Actor, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map((entry) => entryParts({ ...entry, at, actor }))
  await appended(db, { rows: JSON.stringify(rows) })
}
const appended = prepared((db, of: { rows: string }) => sql`select append_audit(${of.rows}::json)`.compile(db))
