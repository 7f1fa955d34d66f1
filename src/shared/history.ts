import * as z from 'zod/mini'
import { askable } from './consent'
import { id, instant } from './endpoint'
import { as, personal } from './field'

/** Talk scripts (script.ts); here, because the first screen reads histories and no scripts. */
export const scripts = ['hello', 'after_no', 'where_is'] as const

const written = z.object({
  text: z.string(),
  of: z.optional(z.string()),
  at: z.optional(instant),
  withdrawn: z.optional(z.boolean()),
})
const consented = z.object({ purpose: z.enum(askable) })

/**
 * What may stand in a customer's history. The body's shape per kind is what `lang/` prints; all of it is service history
 * (class F2): no phone numbers, no complaint or objection text.
 */
export const historyBodies = {
  'relation.began': z.object({ addWay: z.number() }),
  'relation.ended': z.object({ by: z.enum(['member', 'customer', 'departure', 'transfer', 'unknown']) }),
  'remark.changed': z.object({ before: z.string(), after: z.string() }),
  'description.changed': z.object({ before: z.string(), after: z.string() }),
  'tags.changed': z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  'promise.made': z.object({ text: z.string(), due: z.nullable(z.string()) }),
  'promise.kept': z.object({ text: z.string() }),
  'promise.moved': z.object({
    text: z.string(),
    before: z.nullable(z.string()),
    after: z.nullable(z.string()),
    reason: z.string(),
  }),
  'promise.taken': z.object({ text: z.string() }),
  /** A talk script as it was sent; `edited`: not word for word. */
  'script.sent': z.object({ script: z.enum(scripts), edited: z.boolean() }),
  /** What a member wrote. `withdrawn`: its author took it back, and the words are not shown any more. */
  'note.written': written,
  /** Puts an entry right that `of` wrote at `at`. */
  'note.corrected': written,
  'note.withdrawn': z.object({}),
  'memo.written': written,
  'departure.noticed': z.object({ leaver: z.string() }),
  'departure.announced': z.object({ leaver: z.string(), member: z.string(), leavesOn: z.string() }),
  'departure.withdrawn': z.object({ leaver: z.string(), member: z.string() }),
  'plan.approved': z.object({ successor: z.string(), planner: z.string() }),
  /** Without a flow in entries written before there were two. */
  'transfer.started': z.object({ successor: z.string(), flow: z.optional(z.enum(['resigned', 'onjob'])) }),
  'transfer.failed': z.object({ successor: z.string(), errcode: z.number() }),
  'transfer.taken_over': z.object({ successor: z.string() }),
  'transfer.refused': z.object({ successor: z.string() }),
  'transfer.limit': z.object({ successor: z.string() }),
  'transfer.void': z.object({ successor: z.string() }),
  /** Somebody outside our plans took over; null: it is not known who. */
  'transfer.elsewhere': z.object({ by: z.nullable(z.string()) }),
  /** Put back for the successor; the author asked for it. `whole`: what had to be shortened. */
  'tags.restored': z.object({ successor: z.string(), names: z.array(z.string()) }),
  'note.restored': z.object({ successor: z.string(), fields: z.array(z.string()), whole: z.array(z.string()) }),
  /** What the customer said is right; the number of their request. `field` is one of request.ts `correctable`. */
  'customer.corrected': z.object({ field: z.string(), before: z.string(), after: z.string(), request: z.string() }),
  /** Told as somebody who is new to the company (newcomer.ts). */
  'newcomer.told': z.object({}),
  'notice.sent': z.object({ form: z.enum(['text', 'card', 'mass', 'sms', 'mail', 'phone', 'letter']) }),
  'notice.opened': z.object({}),
  'notice.acknowledged': z.object({}),
  'notice.objected': z.object({}),
  /** Its author, who is not the customer's colleague, opened it for an hour (emergency.ts). */
  'emergency.opened': z.object({ reason: z.string() }),
  'consent.requested': consented,
  'consent.given': consented,
  'consent.refused': consented,
  'consent.withdrawn': consented,
  'consent.expired': consented,
} as const
export type HistoryKind = keyof typeof historyBodies
export type HistoryBody<K extends HistoryKind> = z.output<(typeof historyBodies)[K]>

/** What a reader may ask a history for; every kind belongs to one. */
export const historyAbouts = ['promise', 'note', 'handover', 'told'] as const
export type HistoryAbout = (typeof historyAbouts)[number]
export const historyAbout: Record<HistoryKind, HistoryAbout> = {
  'relation.began': 'handover',
  'relation.ended': 'handover',
  'remark.changed': 'note',
  'description.changed': 'note',
  'tags.changed': 'note',
  'promise.made': 'promise',
  'promise.kept': 'promise',
  'promise.moved': 'promise',
  'promise.taken': 'promise',
  'note.written': 'note',
  'note.corrected': 'note',
  'note.withdrawn': 'note',
  'memo.written': 'note',
  'script.sent': 'told',
  'departure.noticed': 'handover',
  'departure.announced': 'handover',
  'departure.withdrawn': 'handover',
  'plan.approved': 'handover',
  'transfer.started': 'handover',
  'transfer.failed': 'handover',
  'transfer.taken_over': 'handover',
  'transfer.refused': 'handover',
  'transfer.limit': 'handover',
  'transfer.void': 'handover',
  'transfer.elsewhere': 'handover',
  'tags.restored': 'note',
  'note.restored': 'note',
  'customer.corrected': 'note',
  'newcomer.told': 'told',
  'notice.sent': 'told',
  'notice.opened': 'told',
  'notice.acknowledged': 'told',
  'notice.objected': 'told',
  'emergency.opened': 'told',
  'consent.requested': 'told',
  'consent.given': 'told',
  'consent.refused': 'told',
  'consent.withdrawn': 'told',
  'consent.expired': 'told',
}

export const historySources = ['mirror', 'wecom', 'member', 'customer', 'system'] as const

export const historyEntry = personal({
  F2: {
    id,
    at: instant,
    /** The author's name as it was; null for the customer or the system. */
    author: z.nullable(z.string()),
    source: z.enum(historySources),
    kind: z.string(),
    body: as('text', z.record(z.string(), z.unknown())),
  },
})
export type HistoryEntry = z.output<typeof historyEntry>
