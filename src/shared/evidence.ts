import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house } from './field'

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
    /** Canonical JSON of the entry with `prev_hash`, as it was hashed. */
    entry: z.string(),
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
