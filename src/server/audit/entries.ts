import type { Input, Output } from '../../shared/endpoint'
import { endOfChinaDay } from '../../shared/day'
import type { listLog, LogEntry } from '../../shared/evidence'
import { Failure } from '../../shared/failure'
import type { Audit } from '../db/act'
import type { Db, Tx } from '../db/open'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, upTo } from '../lib/listing'
import type { Caller } from '../lib/serve'
import * as rows from './entry-rows'

/** Of a customer an entry shows what lists show; what stands in `detail` are ids. */
const sightOf = (caller: Caller) =>
  ({ who: caller.roles.includes('compliance') ? 'compliance' : 'auditor', stage: 'V0' }) as const

/** A page of the log. That somebody read it is an entry, too, with what was asked for. */
export async function readLog(
  tx: Tx,
  audit: Audit,
  input: Input<typeof listLog> & { limit: number },
  caller: Caller,
): Promise<Output<typeof listLog>> {
  const { by, kind, since, until, limit } = input
  const [before] = readPlace(input.after, upTo(Number.MAX_SAFE_INTEGER)) ?? []
  if (since && until && since > until) throw new Failure('invalid', { fields: 'until' })
  const about = input.about && ((await rows.customerOf(tx, input.about)) ?? input.about)
  const found = await rows.entriesBefore(tx, await readerOf(tx, caller), {
    ...{ by, about, kind, before, limit },
    since: since ? new Date(`${since}T00:00:00+08:00`) : undefined,
    until: until ? endOfChinaDay(until) : undefined,
  })
  audit('look.audit', 'entries', {
    ...{ by: by ?? null, about: about ?? null, kind: kind ?? null, since: since ?? null, until: until ?? null },
    entries: Math.min(found.length, limit),
    from: found[0]?.seq ?? null,
  })
  return pageOf(
    found,
    limit,
    (row) => placeOf(String(row.seq)),
    (row) => seenBy(sightOf(caller), shown(row)),
  )
}

/** Whether an entry is among those that this reader's log does not have. */
export const unreadableTo = async (db: Db, caller: Caller, entry: { seq: number }): Promise<boolean> =>
  !(await rows.readable(db, await readerOf(db, caller), entry.seq))

const readerOf = async (db: Db, { id, leaving }: Caller): Promise<rows.LogReader> => ({
  id,
  until: leaving ? await rows.announcedAt(db, id) : undefined,
})

const shown = (row: rows.EntryRow): LogEntry => ({
  seq: row.seq,
  at: row.at.toISOString(),
  by: row.by ?? row.actor,
  actor: row.actor,
  subject: row.subject,
  action: row.action,
  customer: row.customer,
  member: row.member,
  detail: row.detail as Record<string, unknown>,
})
