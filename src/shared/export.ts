import * as z from 'zod/mini'
import { maskedClasses, recordClasses, stages, visibleClasses, type FieldClass } from './access'
import { digestField, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house } from './field'
import { maskPhone } from './mask'

/** Data that leaves the app as a file: off unless an administrator switched it on; asked, approved by others, taken once. */
export const MOST_ROWS = 500
/** How long a request waits for its approval, and an approval for its file. */
export const APPROVAL_MS = 48 * 3600_000
/** How long the file lies there. */
export const FILE_MS = 24 * 3600_000
/** An answer that is being written for so long has broken off. */
export const TAKING_MS = 2 * 60_000
/** So many beginnings and so many wrong codes; then the file is dropped. */
export const MOST_TAKES = 3
export const MOST_TRIES = 5

export const exportKinds = ['departure', 'team', 'complaints', 'view_log'] as const
export type ExportKind = (typeof exportKinds)[number]
export const purposes = ['handover_check', 'customer_copy', 'regulator', 'dispute', 'service_gap'] as const
export const formats = ['csv', 'xlsx'] as const
export type Format = (typeof formats)[number]

export const exportStates = [
  'pending',
  'approved',
  'ready',
  'downloaded',
  'rejected',
  'lapsed',
  'expired',
  'withdrawn',
  'stopped',
] as const
export type ExportState = (typeof exportStates)[number]
export type ExportEvent = 'approve' | 'reject' | 'withdraw' | 'make' | 'take' | 'lapse' | 'expire' | 'stop'

/** `lapse`: nobody decided, or no file came of it, within 48 h. `stop`: the requester is leaving, or exporting was ended. */
const table: Record<ExportState, Partial<Record<ExportEvent, ExportState>>> = {
  pending: { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn', lapse: 'lapsed', stop: 'stopped' },
  approved: { make: 'ready', withdraw: 'withdrawn', lapse: 'lapsed', stop: 'stopped' },
  ready: { take: 'downloaded', expire: 'expired', withdraw: 'withdrawn', stop: 'stopped' },
  downloaded: {},
  rejected: {},
  lapsed: {},
  expired: {},
  withdrawn: {},
  stopped: {},
}
export const nextExport = (state: ExportState, event: ExportEvent): ExportState | null => table[state][event] ?? null

const customerFields = {
  short_name: 'F0',
  state: 'F0',
  leaver: 'F0',
  successor: 'F0',
  taken_over: 'F0',
  told: 'F0',
  open_promises: 'F0',
  name: 'F1',
  customer_kind: 'F1',
  company: 'F1',
  title: 'F1',
  since: 'F1',
  remark: 'F2',
  description: 'F2',
  tags: 'F2',
  promises: 'F2',
  last_entry: 'F2',
  mobiles: 'F3',
} as const
const complaintFields = { number: 'F0', received: 'F0', about: 'F0', left_by: 'F0', contact: 'F3' } as const
const logFields = {
  at: 'F0',
  action: 'F0',
  customer: 'F0',
  subject: 'F0',
  stage: 'F0',
  classes: 'F0',
  reason: 'F0',
  door: 'F0',
} as const
const fieldsOf = {
  departure: customerFields,
  team: customerFields,
  complaints: complaintFields,
  view_log: logFields,
} satisfies Record<ExportKind, Record<string, FieldClass>>
export type CustomerField = keyof typeof customerFields
export type ComplaintField = keyof typeof complaintFields
export type LogField = keyof typeof logFields
export type ExportField = CustomerField | ComplaintField | LogField
export const exportFields = [
  ...new Set(Object.values(fieldsOf).flatMap((fields) => Object.keys(fields) as ExportField[])),
] as [ExportField, ...ExportField[]]

export const classOfField = (kind: ExportKind, field: ExportField): FieldClass | undefined =>
  (fieldsOf[kind] as Partial<Record<ExportField, FieldClass>>)[field]

/** Raw chats, sensitive values and internal judgements never leave as a file, whoever asks. */
const exportable: readonly FieldClass[] = ['F0', 'F1', 'F2', 'F3']
const compliance: readonly FieldClass[] = ['F3']

export type Asker = 'manager' | 'compliance'

/** What somebody could be given at all: of customers, whatever some stage opens for them (shared/access.ts). */
export function offered(kind: ExportKind, who: Asker): { field: ExportField; class: FieldClass; masked: boolean }[] {
  if ((kind === 'complaints' || kind === 'view_log') && who !== 'compliance') return []
  const open =
    kind === 'complaints' || kind === 'view_log'
      ? recordClasses[kind]
      : new Set(stages.flatMap((stage) => [...visibleClasses(who, stage)]))
  const may = new Set([...open].filter((c) => exportable.includes(c)))
  return (Object.entries(fieldsOf[kind]) as [ExportField, FieldClass][])
    .filter(([, c]) => may.has(c))
    .map(([field, c]) => ({ field, class: c, masked: maskedClasses.includes(c) }))
}

/** Commercial and identifying values (F3) need compliance beside the other approver. */
export const needsCompliance = (kind: ExportKind, fields: readonly ExportField[]): boolean =>
  fields.some((field) => compliance.includes(classOfField(kind, field) ?? 'F3'))

/** However somebody wrote how to reach them: `138****1234`, `z***@domain`, else nothing that tells. */
export function maskContact(contact: string): string {
  const mail = /^\s*(\S)\S*@([\w.-]+)\s*$/.exec(contact)
  if (mail) return `${mail[1]}***@${mail[2]}`
  const digits = contact.replace(/[\s-]/g, '')
  return /^\+?\d{7,15}$/.test(digits) ? maskPhone(digits) : '****'
}

/** What is asked for. `departure`: of these customers, or of whose looks; `days`: how far back looks are read. */
const what = z.object({
  kind: z.enum(exportKinds),
  departure: z.optional(id),
  days: z.optional(z.number().check(z.int(), z.gte(1), z.lte(366))),
  fields: z.array(z.enum(exportFields)).check(z.minLength(1), z.maxLength(40)),
  format: z.enum(formats),
})
export type ExportWhat = z.output<typeof what>

const column = z.object({
  field: z.enum(exportFields),
  class: z.string(),
  masked: z.boolean(),
  /** In how many rows it is open to the requester now; in the others the cell stays empty. */
  open: z.number(),
})

export const previewExport = endpoint({
  method: 'POST',
  path: '/api/export-preview',
  access: ['manager', 'compliance'],
  shows: true,
  input: what,
  output: house({ rows: z.number(), columns: z.array(column), needsCompliance: z.boolean(), seal: digestField }),
})

export const exportShown = house({
  id,
  number: z.string(),
  kind: z.enum(exportKinds),
  /** Whose customers or looks; null: the whole team, all complaints. */
  of: z.nullable(z.string()),
  days: z.nullable(z.number()),
  purpose: z.enum(purposes),
  note: z.string(),
  format: z.enum(formats),
  columns: z.array(z.object({ field: z.enum(exportFields), class: z.string(), masked: z.boolean() })),
  rows: z.number(),
  digest: digestField,
  state: z.enum(exportStates),
  needsCompliance: z.boolean(),
  askedBy: z.string(),
  askedAt: instant,
  mine: z.boolean(),
  approvals: z.array(z.object({ by: z.string(), at: instant, as: z.enum(['approver', 'compliance']) })),
  reason: z.nullable(z.string()),
  /** Until when it can be decided, made or taken, by its state; null when it has ended. */
  until: z.nullable(instant),
  sha256: z.nullable(z.string()),
  /** How many rows the file really has: fewer than approved when something closed meanwhile. */
  made: z.nullable(z.number()),
  endedAt: z.nullable(instant),
  decision: z.enum(['may_decide', 'own', 'decided', 'for_compliance', 'not_pending']),
})
export type ExportShown = z.output<typeof exportShown>

const choices = house({
  /** Whether the caller may ask now; the reason is not told apart. */
  open: z.boolean(),
  kinds: z.array(
    z.object({
      kind: z.enum(exportKinds),
      fields: z.array(z.object({ field: z.enum(exportFields), class: z.string(), masked: z.boolean() })),
    }),
  ),
  departures: z.array(z.object({ id, name: z.string(), leftAt: instant })),
})
export type ExportChoices = z.output<typeof choices>

export const getExportChoices = endpoint({
  method: 'GET',
  path: '/api/export-choices',
  access: ['manager', 'compliance'],
  input: nothing,
  output: choices,
})

/** `seal` is the preview's: what was seen is what is asked for, or nothing. */
export const askExport = endpoint({
  method: 'POST',
  path: '/api/export-requests',
  access: ['manager', 'compliance'],
  input: z.object({ ...what.shape, purpose: z.enum(purposes), note: words(300), seal: digestField }),
  output: exportShown,
})

export const listExports = endpoint({
  method: 'GET',
  path: '/api/exports',
  access: ['manager', 'compliance'],
  input: z.object({ view: z.enum(['mine', 'decide', 'all']), ...pageInput }),
  output: page(exportShown),
})

export const getExport = endpoint({
  method: 'GET',
  path: '/api/exports/:export',
  access: ['manager', 'compliance'],
  input: z.object({ export: id }),
  output: exportShown,
})

const withDigest = z.object({ export: id, digest: digestField })
export const approveExport = endpoint({
  method: 'POST',
  path: '/api/exports/:export/approve',
  access: ['manager', 'compliance'],
  fresh: true,
  input: withDigest,
  output: exportShown,
})
export const rejectExport = endpoint({
  method: 'POST',
  path: '/api/exports/:export/reject',
  access: ['manager', 'compliance'],
  input: z.object({ ...withDigest.shape, reason: words(300) }),
  output: exportShown,
})
export const withdrawExport = endpoint({
  method: 'POST',
  path: '/api/exports/:export/withdraw',
  access: ['manager', 'compliance'],
  input: z.object({ export: id }),
  output: exportShown,
})
/** The code comes by a message of WeCom, apart from this page; asked for again, it is another one. */
export const sendExportCode = endpoint({
  method: 'POST',
  path: '/api/exports/:export/code',
  access: ['manager', 'compliance'],
  fresh: true,
  input: z.object({ export: id }),
  output: done,
})
/** Answered with the file itself. */
export const takeExport = endpoint({
  method: 'POST',
  path: '/api/exports/:export/file',
  access: ['manager', 'compliance'],
  fresh: true,
  input: z.object({ export: id, code: z.string().check(z.maxLength(20)) }),
  output: nothing,
})

/** Off unless switched on. `marks`: rows in an order of their own per file, by which a leaked one can be told apart. */
export const exportSwitch = z.object({ on: z.boolean(), marks: z.boolean() })
export const SWITCHED_OFF = { on: false, marks: false }
const switchShown = house({
  ...exportSwitch.shape,
  changed: z.nullable(z.object({ by: z.string(), at: instant, reason: z.string() })),
})
export const getExportSwitch = endpoint({
  method: 'GET',
  path: '/api/export-switch',
  access: ['admin', 'compliance'],
  input: nothing,
  output: switchShown,
})
export const setExportSwitch = endpoint({
  method: 'POST',
  path: '/api/export-switch/set',
  access: ['admin'],
  fresh: true,
  input: z.object({ ...exportSwitch.shape, reason: words(300) }),
  output: switchShown,
})
