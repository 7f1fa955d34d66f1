import * as z from 'zod/mini'
import { done, endpoint, id, instant, page, pageInput } from './endpoint'
import { as, house, personal } from './field'
import { written } from './note'
import { promise } from './promise'

/**
 * What somebody whose leaving is announced may still do for whoever comes after: a short memo on each customer, promises looked
 * at, the farewell notice (M1). Nobody is made to: that they do not write is recorded in neutral words, and nothing waits for it.
 */
export const farewells = ['later', 'to_send', 'sent'] as const

const leavingCustomer = personal({
  F0: {
    customer: id,
    shortName: as('name', z.string()),
    memoAt: z.nullable(instant),
    /** Open ones. */
    promises: z.number(),
    /** `later`: who takes over is not approved yet. */
    farewell: z.enum(farewells),
    to: z.nullable(z.string()),
  },
  F1: { company: z.nullable(as('text', z.string())) },
})
export type LeavingCustomer = z.output<typeof leavingCustomer>

const counts = house({
  customers: z.number(),
  memos: z.number(),
  promises: z.number(),
  toTell: z.number(),
  told: z.number(),
})

/** Own customers; those without a memo first. */
export const listLeavingCustomers = endpoint({
  method: 'GET',
  path: '/api/leaving/customers',
  access: ['rep'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(leavingCustomer).shape, counts, declined: z.boolean() }),
})

const memo = z.object({ id, at: instant, text: z.nullable(as('text', z.string())), undoUntil: z.nullable(instant) })
export type Memo = z.output<typeof memo>

/** Beside one's own customer: what one wrote, and what is promised and not kept. */
export const getMemo = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/memo',
  access: ['rep'],
  input: z.object({ customer: id }),
  output: personal({
    F0: { declined: z.boolean() },
    /** In full: a memo must not be about somebody else of the same surname. */
    F1: { name: as('text', z.string()), company: z.nullable(as('text', z.string())) },
    F2: { memos: z.array(memo), promises: z.array(promise) },
  }),
})

export const writeMemo = endpoint({
  method: 'POST',
  path: '/api/customers/:customer/memo',
  access: ['rep'],
  input: z.object({ customer: id, ...written }),
  output: house({ id, undoUntil: instant }),
})

/** That they do not write memos, or do after all; no reason is asked for. */
export const declineMemos = endpoint({
  method: 'POST',
  path: '/api/leaving/decline',
  access: ['rep'],
  input: z.object({ declined: z.boolean() }),
  output: done,
})
