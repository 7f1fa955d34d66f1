import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import { entryHash } from '../lib/chain'
import type { Db, Tx } from './open'

/** Who did it: a member's id, or one of these. A customer is known only as the holder of a link. */
export type Actor = string | 'system' | 'wecom' | 'customer'

/** Everything that can happen here, for the audit log. An action that is not listed cannot be written. */
export type AuditAction =
  | 'session.began'
  | 'session.ended'
  | 'sessions.revoked'
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
  | 'objection.made'
  | 'complaint.received'
  | 'promise.made'
  | 'promise.kept'
  | 'restore.asked'
  | 'restore.sent'
  | 'restore.later'
  | 'restore.done'
  | 'restore.failed'
  | 'member.told'
  | 'look.brief'
  | 'look.history'
  | 'look.list'
  | 'look.plan'
  | 'look.complaints'
  | 'look.call'
  | 'look.letter'
  | 'look.restore'
  | 'look.rights'

export type Audit = (action: AuditAction, subject: string, detail?: { [key: string]: Json }) => void

/**
 * One transaction, with its audit entries in it: no effect without its entry, no entry without its effect (DESIGN 4.8).
 * The entries are appended last, because the chain has one head and whoever holds it makes the others wait.
 */
export function act<T>(db: Db, at: Date, actor: Actor, work: (tx: Tx, audit: Audit) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const entries: { action: AuditAction; subject: string; detail: { [key: string]: Json } }[] = []
    const result = await work(tx, (action, subject, detail = {}) => void entries.push({ action, subject, detail }))
    if (entries.length) await append(tx, at, actor, entries)
    return result
  })
}

async function append(
  tx: Tx,
  at: Date,
  actor: Actor,
  entries: { action: AuditAction; subject: string; detail: { [key: string]: Json } }[],
): Promise<void> {
  const head = await tx.selectFrom('auditHead').select(['seq', 'hash']).forUpdate().executeTakeFirstOrThrow()
  let { seq, hash } = head
  const rows = entries.map(({ action, subject, detail }) => {
    const prevHash = hash
    const entry = { seq: ++seq, at: at.toISOString(), actor, action, subject, detail }
    hash = entryHash(entry, prevHash)
    return { ...entry, detail: sql<string>`${JSON.stringify(detail)}::jsonb`, prevHash, hash }
  })
  for (let i = 0; i < rows.length; i += 1000)
    await tx
      .insertInto('audit')
      .values(rows.slice(i, i + 1000))
      .execute()
  await tx.updateTable('auditHead').set({ seq, hash }).execute()
}
