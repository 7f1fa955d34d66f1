import * as z from 'zod/mini'
import { day, done, endpoint, id, instant, nothing, words } from './endpoint'
import { house } from './field'

/**
 * On which legal basis a handover rests (compliance D4, 4.7, 13(1) PIPL): a register that people keep, by purpose and kind of
 * customer. Consents of single customers for more than this are `consent.ts`.
 */

/** What a handover needs a basis for, each of them. */
export const basisPurposes = ['serve', 'contact', 'history_summary'] as const
export type BasisPurpose = (typeof basisPurposes)[number]

/** `wechat`: a person with a WeChat of their own; `wecom`: who writes from their employer's WeCom, so somebody's contact person. */
export const basisCustomers = ['all', 'wechat', 'wecom'] as const
type BasisCustomers = (typeof basisCustomers)[number]

/** China has no legitimate interest: what is not here is none. `consent`: as given at first contact, whose text is the source. */
export const grounds = ['contract', 'consent', 'legal_duty', 'public', 'other_law'] as const

/** null: written, and nobody else has confirmed it. */
export const basisStates = ['waits', 'later', 'in_force', 'over', 'ended'] as const
export type BasisState = (typeof basisStates)[number]

export interface Basis {
  purpose: BasisPurpose
  customers: BasisCustomers
  since: string
  until: string | null
  confirmed: boolean
  ended: boolean
}

/** `today`: a day in Shanghai. */
export function basisState({ since, until, confirmed, ended }: Basis, today: string): BasisState {
  if (ended) return 'ended'
  if (until !== null && until < today) return 'over'
  if (!confirmed) return 'waits'
  return since > today ? 'later' : 'in_force'
}

/** For which purposes customers of this kind have none today. Of whom WeCom no longer says what they are, both must be there. */
export function missingBases(
  kind: 'wechat' | 'wecom' | 'unknown',
  bases: readonly Basis[],
  today: string,
): BasisPurpose[] {
  const kinds = kind === 'unknown' ? (['wechat', 'wecom'] as const) : [kind]
  const now = bases.filter((one) => basisState(one, today) === 'in_force')
  const has = (purpose: BasisPurpose, of: 'wechat' | 'wecom') =>
    now.some((one) => one.purpose === purpose && (one.customers === 'all' || one.customers === of))
  return basisPurposes.filter((purpose) => !kinds.every((of) => has(purpose, of)))
}

/** Whether customers of this kind are served on nothing but their own consent: being told is not enough then. */
export const restsOnConsent = (
  kind: 'wechat' | 'wecom' | 'unknown',
  bases: readonly (Basis & { ground: string })[],
  today: string,
): boolean => {
  const serving = bases.filter(
    (one) => one.purpose === 'serve' && basisState(one, today) === 'in_force' && ['all', kind].includes(one.customers),
  )
  return serving.length > 0 && serving.every(({ ground }) => ground === 'consent')
}

const fields = {
  purpose: z.enum(basisPurposes),
  customers: z.enum(basisCustomers),
  ground: z.enum(grounds),
}
const shown = house({
  id,
  ...fields,
  source: z.string(),
  since: z.string(),
  until: z.nullable(z.string()),
  state: z.enum(basisStates),
  by: z.string(),
  at: instant,
  confirmedBy: z.nullable(z.string()),
  confirmedAt: z.nullable(instant),
  ended: z.nullable(house({ by: z.string(), at: instant, why: z.string() })),
  /** The reader wrote it: somebody else must confirm it. */
  mine: z.boolean(),
})
export type BasisShown = z.output<typeof shown>

export const listBases = endpoint({
  method: 'GET',
  path: '/api/bases',
  access: ['compliance', 'admin', 'manager', 'auditor'],
  input: nothing,
  output: house({
    items: z.array(shown),
    /** What is missing today, by kind of customer; an empty list: everybody is covered. */
    missing: z.array(house({ customers: z.enum(['wechat', 'wecom']), purpose: z.enum(basisPurposes) })),
  }),
})
export type BasesShown = z.output<typeof listBases.output>

/** Counts from the day it is confirmed, or from `since` if that is later. */
export const writeBasis = endpoint({
  method: 'POST',
  path: '/api/bases',
  access: ['compliance', 'admin'],
  fresh: true,
  input: z.object({ ...fields, source: words(300), since: day, until: z.nullable(day) }),
  output: house({ id }),
})
export const confirmBasis = endpoint({
  method: 'POST',
  path: '/api/bases/:basis/confirm',
  access: ['compliance', 'admin'],
  fresh: true,
  input: z.object({ basis: id }),
  output: done,
})
/** It no longer holds: from now on no handover rests on it. What was passed on stays where it is. */
export const endBasis = endpoint({
  method: 'POST',
  path: '/api/bases/:basis/end',
  access: ['compliance', 'admin'],
  fresh: true,
  input: z.object({ basis: id, why: words(300) }),
  output: done,
})
