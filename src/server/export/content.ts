import { maskedClasses, recordClasses, visibleClasses, type FieldClass } from '../../shared/access'
import { masked as words } from '../../shared/lang/zh-CN/masked'
import { maskName, maskPhone, maskText } from '../../shared/mask'
import {
  classOfField,
  maskContact,
  offered,
  type Asker,
  type ComplaintField,
  type CustomerField,
  type ExportField,
  type ExportKind,
  type LogField,
} from '../../shared/export'
import { Failure } from '../../shared/failure'
import type { Db } from '../db/open'
import type { Standing } from '../lib/serve'
import { stageOfRow, standingOf } from '../db/standing'
import type { Cell } from './cell'
import * as rows from './rows'

const DAY_MS = 86_400_000
/** Counting stops here: whoever asks for more has to ask for less anyway. */
const COUNTED = 5000

export interface Wish {
  kind: ExportKind
  departure: string | null
  days: number | null
}
/** One row of a file before it is cut: what each field holds and which classes are open to the reader. */
interface Fact {
  key: string
  open: readonly FieldClass[]
  cells: Partial<Record<ExportField, Cell>>
}
export type Row = { key: string; cells: Cell[]; open: boolean[] }

/** Managers ask as managers, whatever else they are: compliance sees less of customers, and more of records. */
export const askerOf = (caller: Pick<Standing, 'roles'>, kind: ExportKind): Asker =>
  caller.roles.includes('compliance') &&
  (kind === 'complaints' || kind === 'view_log' || !caller.roles.includes('manager'))
    ? 'compliance'
    : 'manager'

/** The fields that were asked for, in the order of the table; one that is not offered to this caller is refused. */
export function fieldsFor(caller: Standing, kind: ExportKind, asked: readonly ExportField[]): ExportField[] {
  const may = offered(kind, askerOf(caller, kind))
  if (asked.some((field) => !may.some((o) => o.field === field))) throw new Failure('invalid', { fields: 'fields' })
  return may.map(({ field }) => field).filter((field) => asked.includes(field))
}

/** Which rows there are now, by what names them for ever: handovers, complaint numbers, places in the audit log. */
export async function keysOf(db: Db, caller: Standing, wish: Wish, now: Date): Promise<string[]> {
  if (wish.kind === 'complaints') return rows.complaintKeys(db, COUNTED)
  if (wish.kind === 'team') return rows.handoverKeys(db, caller, null, COUNTED)
  const departure = await departureOf(db, caller, wish)
  if (wish.kind === 'departure') return rows.handoverKeys(db, caller, departure.id, COUNTED)
  const end = departure.gone ? departure.leftAt : now
  const since = new Date(end.getTime() - (wish.days ?? 30) * DAY_MS)
  return rows.lookKeys(db, departure.memberId, since, now, COUNTED)
}

/** These rows as this reader may see them at this moment; those that closed meanwhile are not among them. */
export async function rowsOf(
  db: Db,
  caller: Standing,
  wish: Wish,
  keys: readonly string[],
  fields: readonly ExportField[],
  now: Date,
): Promise<Row[]> {
  const facts = await factsOf(db, caller, wish, keys, now)
  return facts
    .filter((fact) => fact.open.includes('F0'))
    .map((fact) => {
      const open = fields.map((field) => fact.open.includes(classOfField(wish.kind, field) ?? 'F6'))
      return { key: fact.key, open, cells: fields.map((field, i) => (open[i] ? (fact.cells[field] ?? null) : null)) }
    })
}

async function factsOf(db: Db, caller: Standing, wish: Wish, keys: readonly string[], now: Date): Promise<Fact[]> {
  if (!keys.length) return []
  const who = askerOf(caller, wish.kind)
  if (!offered(wish.kind, who).length) return []
  if (wish.kind === 'complaints') return (await rows.complaintFacts(db, keys)).map(complaintFact)
  if (wish.kind === 'view_log')
    return (await rows.lookFacts(db, (await departureOf(db, caller, wish)).memberId, keys)).map(lookFact)
  return (await rows.handoverFacts(db, caller, keys)).map((h) => ({
    key: h.key,
    open: visibleClasses(who, stageOfRow(h, now)),
    cells: customerCells(h, now),
  }))
}

async function departureOf(db: Db, caller: Standing, wish: Wish) {
  const found = await rows
    .departuresFor(db, caller)
    .where('departure.id', '=', wish.departure ?? '')
    .executeTakeFirst()
  if (!found) throw new Failure('not_found')
  return found
}

const masked = (c: FieldClass) => maskedClasses.includes(c)
/** What people wrote leaves in a file as it leaves on a page. */
const text = (written: string | null): string | null => written && maskText(written, words)

const customerCells = (h: rows.HandoverFacts, now: Date): Record<CustomerField, Cell> => ({
  short_name: maskName(h.name),
  state: standingOf(h, now).label,
  leaver: h.leaver,
  successor: h.successor,
  taken_over: h.settledAt,
  told: h.sentAt,
  open_promises: h.openPromises,
  name: text(h.name),
  customer_kind: h.kind,
  company: text(h.company),
  title: text(h.title),
  since: h.since,
  remark: text(h.remark),
  description: text(h.description),
  tags: text(h.tags),
  promises: text(h.promises),
  last_entry: h.lastEntry,
  mobiles: (h.mobiles ?? []).map((m) => (masked('F3') ? maskPhone(m) : m)).join(' '),
})

function complaintFact(c: Awaited<ReturnType<typeof rows.complaintFacts>>[number]): Fact {
  const cells: Record<ComplaintField, Cell> = {
    number: c.key,
    received: c.at,
    about: c.about,
    left_by: c.leaver,
    contact: c.contact && (masked('F3') ? maskContact(c.contact) : c.contact),
  }
  return { key: c.key, open: recordClasses.complaints, cells }
}

/** Classes and reasons as they were written down; never a value that was seen. */
function lookFact(look: Awaited<ReturnType<typeof rows.lookFacts>>[number]): Fact {
  const detail = look.detail as Record<string, unknown>
  const said = (name: string) => (typeof detail[name] === 'string' ? detail[name] : null)
  const cells: Record<LogField, Cell> = {
    at: look.at,
    action: look.action,
    customer: look.name === null ? null : maskName(look.name),
    subject: look.subject,
    stage: said('stage'),
    classes: Array.isArray(detail['classes']) ? detail['classes'].join(' ') : null,
    reason: said('reason'),
    door: said('door'),
  }
  return { key: String(look.seq), open: recordClasses.view_log, cells }
}
