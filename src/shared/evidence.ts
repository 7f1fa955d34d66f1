import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house, personal } from './field'
import { shortName } from './customer'

const head = house({
  size: z.number(),
  root: z.string(),
  time: instant,
  key: z.string(),
  signature: z.string(),
})

/** Why the newest head has no external time stamp. */
export const stampTroubles = [
  'unreachable',
  'refused',
  'unreadable',
  'other_hash',
  'other_nonce',
  'wrong_signature',
  'unknown_authority',
] as const

/** How the audit log stands: what is signed, stamped, checked, and who could change it. */
export const getAudit = endpoint({
  method: 'GET',
  path: '/api/audit',
  access: ['compliance', 'auditor', 'admin'],
  input: nothing,
  output: house({
    entries: z.number(),
    head: z.nullable(head),
    /** `none`: no authority is configured (无外部时间戳). `size`: of the newest head that is stamped. */
    stamp: z.object({
      state: z.enum(['none', 'waiting', 'stamped']),
      at: z.nullable(instant),
      size: z.nullable(z.number()),
      why: z.nullable(z.enum(stampTroubles)),
    }),
    checked: z.nullable(z.object({ at: instant, entries: z.number(), broken: z.nullable(z.number()) })),
    /** Whether the server's own database role could change the log. */
    rights: z.object({ role: z.string(), appendOnly: z.boolean() }),
  }),
})
export type AuditState = z.output<typeof getAudit.output>

/** A signed head over everything until now, with its public key: to be kept where nobody with our database gets at it. */
export const exportHead = endpoint({
  method: 'POST',
  path: '/api/audit/head',
  access: ['compliance', 'auditor'],
  input: nothing,
  output: house({ ...head.shape, publicKey: z.string() }),
})

/** What an entry is about in one word: the part of its action before the point. Those of looks first. */
export const logKinds = [
  'look',
  'export',
  'pack',
  'head',
  'audit',
  'session',
  'sessions',
  'role',
  'right',
  'block',
  'probe',
  'signal',
  'departure',
  'handover',
  'plan',
  'transfer',
  'group',
  'newcomer',
  'notice',
  'waiver',
  'consent',
  'child',
  'objection',
  'request',
  'complaint',
  'customer',
  'text',
  'calendar',
  'fact',
  'fact_rule',
  'rules',
  'assessment',
  'basis',
  'launch',
  'correction',
  'emergency',
  'debug',
  'promise',
  'note',
  'script',
  'checklist',
  'restore',
  'mirror',
  'member',
  'setting',
  'retention',
  'hold',
  'person',
  'aged',
] as const
export type LogKind = (typeof logKinds)[number]

/** What a look was at: the part of its action behind the point; and of lists, which. */
export const looks = [
  'audit',
  'blocks',
  'brief',
  'call',
  'checklist',
  'children',
  'choices',
  'complaint',
  'complaints',
  'consents',
  'debug',
  'duty',
  'emergencies',
  'export',
  'facts',
  'figures',
  'group',
  'groups',
  'history',
  'holds',
  'letter',
  'list',
  'memo',
  'notes',
  'objection',
  'own',
  'packs',
  'plan',
  'probe',
  'promises',
  'request',
  'requests',
  'restore',
  'revealed',
  'rights',
  'script',
  'signals',
  'tasks',
  'untold',
  'why',
] as const
export const lists = [
  'corrections',
  'departures',
  'duty',
  'facts',
  'inherited',
  'late',
  'leavers',
  'leaving',
  'members',
  'newcomers',
  'objections',
  'promises',
] as const

const logEntry = personal({
  F0: {
    seq: z.number(),
    at: instant,
    /** A member's name, or one of system, wecom, customer; empty where its time is over. */
    by: z.string(),
    /** What a filter by the same actor, or about the same thing, is asked with. */
    actor: z.string(),
    subject: z.string(),
    action: z.string(),
    /** What it is about, where that is a customer or a member. */
    customer: z.nullable(shortName),
    member: z.nullable(z.string()),
    /** Ids, classes, numbers, reasons of closed lists. */
    detail: z.record(z.string(), z.unknown()),
  },
})
export type LogEntry = z.output<typeof logEntry>

const optionalId = z.optional(id)
/**
 * The log itself, newest first: by whom, about whom (a handover stands for its customer), of which kind, from day to day. Who
 * looked at a customer is `about` with the kind `look`. Nobody reads what is asked about themselves.
 */
export const listLog = endpoint({
  method: 'GET',
  path: '/api/audit/entries',
  access: ['compliance', 'auditor'],
  input: z.object({
    by: optionalId,
    about: optionalId,
    kind: z.optional(z.enum(logKinds)),
    since: z.optional(day),
    until: z.optional(day),
    ...pageInput,
  }),
  output: page(logEntry),
})

/** One entry and its way to the newest head; with `since`, that head's way from an earlier one. */
export const proveEntry = endpoint({
  method: 'GET',
  path: '/api/audit/entries/:seq',
  access: ['compliance', 'auditor'],
  input: z.object({
    seq: z.coerce.number().check(z.int(), z.gte(1), z.lte(Number.MAX_SAFE_INTEGER)),
    since: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(Number.MAX_SAFE_INTEGER))),
  }),
  output: house({
    /** Canonical JSON of the entry with `prev_hash`, as it was hashed; null: its time is over, and only the hash is left. */
    entry: z.nullable(z.string()),
    hash: z.string(),
    head,
    path: z.array(z.string()),
    consistency: z.nullable(z.object({ from: z.number(), root: z.string(), proof: z.array(z.string()) })),
  }),
})

export const packKinds = ['departure', 'customer'] as const
export const packStates = ['requested', 'approved', 'rejected', 'ready', 'ended'] as const
export type PackState = (typeof packStates)[number]
export type PackEvent = 'approve' | 'reject' | 'built' | 'expire'

const machine: Record<PackState, Partial<Record<PackEvent, PackState>>> = {
  requested: { approve: 'approved', reject: 'rejected' },
  approved: { built: 'ready' },
  ready: { expire: 'ended' },
  rejected: {},
  ended: {},
}
export const nextPackState = (state: PackState, event: PackEvent): PackState | null => machine[state][event] ?? null

export const PACK_LIFE_MS = 7 * 86_400_000
export const HOLD_REVIEW_MS = 90 * 86_400_000
export const TICKET_MS = 60_000

const pack = house({
  id,
  kind: z.enum(packKinds),
  /** The leaver's name, or the customer's as `王*`. */
  about: z.string(),
  caseNo: z.string(),
  purpose: z.string(),
  since: z.nullable(day),
  until: z.nullable(day),
  state: z.enum(packStates),
  requestedBy: z.string(),
  requestedAt: instant,
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(instant),
  reason: z.nullable(z.string()),
  bytes: z.nullable(z.number()),
  sha256: z.nullable(z.string()),
  expiresAt: z.nullable(instant),
  /** The reader asked for it, so somebody else decides. */
  mine: z.boolean(),
})
export type Pack = z.output<typeof pack>

/** Compliance and auditors see all, managers those they asked for. */
export const listPacks = endpoint({
  method: 'GET',
  path: '/api/packs',
  access: ['manager', 'compliance', 'auditor'],
  input: z.object({ ...pageInput }),
  output: page(pack),
})

export const requestPack = endpoint({
  method: 'POST',
  path: '/api/pack-requests',
  access: ['manager', 'compliance'],
  input: z.object({
    kind: z.enum(packKinds),
    /** A departure, or a handover of the customer. */
    subject: id,
    caseNo: words(60),
    purpose: words(300),
    since: z.optional(day),
    until: z.optional(day),
  }),
  output: house({ id }),
})

export const approvePack = endpoint({
  method: 'POST',
  path: '/api/packs/:pack/approval',
  access: ['compliance'],
  fresh: true,
  input: z.object({ pack: id }),
  output: done,
})

export const rejectPack = endpoint({
  method: 'POST',
  path: '/api/packs/:pack/rejection',
  access: ['compliance'],
  input: z.object({ pack: id, reason: words(300) }),
  output: done,
})

/** A minute to fetch the file, for whoever has just signed in. */
export const openPack = endpoint({
  method: 'POST',
  path: '/api/packs/:pack/ticket',
  access: ['compliance'],
  fresh: true,
  input: z.object({ pack: id }),
  output: house({ ticket: z.string() }),
})

export const fetchPack = endpoint({
  method: 'GET',
  path: '/api/packs/:pack/file',
  access: ['compliance'],
  input: z.object({ pack: id, ticket: z.string().check(z.minLength(20), z.maxLength(64)) }),
  output: z.unknown(),
})
