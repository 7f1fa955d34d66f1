import * as z from 'zod/mini'
import { endpoint, id, instant, page, pageInput } from './endpoint'
import { as, house, personal } from './field'
import { shortName } from './customer'
import { promise } from './promise'
import { transferStates } from './transfer'

/**
 * From the approval to the takeover nobody serves the customer in WeCom: the leaver is gone, the successor not there yet. A
 * colleague named with the plan answers meanwhile (compliance S6, T-06). What was promised hangs on the customer, so that it
 * is the successor's from the takeover on without being moved.
 */
export const dutyStates = ['approved', 'submitted', 'waiting'] as const

/** A promise that falls due before the successor is there, and a day more. */
export const DUTY_DAYS = 1

const dutyItem = personal({
  F0: {
    handover: id,
    shortName,
    from: z.string(),
    successor: z.string(),
    transfer: z.enum(transferStates),
    /** When WeCom hands the customer over by itself, as far as it is known. */
    until: z.nullable(instant),
    /** Promises that are open and not due yet: the successor's to keep. */
    later: z.number(),
  },
  F1: { company: z.nullable(as('text', z.string())) },
  F2: { promises: z.array(promise) },
})
export type DutyItem = z.output<typeof dutyItem>

/** For whom the reader answers now: what is due first stands first. */
export const listDuty = endpoint({
  method: 'GET',
  path: '/api/duty',
  access: ['rep'],
  input: z.object({ ...pageInput }),
  output: house({ ...page(dutyItem).shape, total: z.number(), due: z.number() }),
})

/** Who could answer for a plan's customers, the nearest first; the first one is suggested. */
export const listDutyChoices = endpoint({
  method: 'GET',
  path: '/api/plans/:plan/duty',
  access: ['manager'],
  input: z.object({ plan: id }),
  output: house({ items: z.array(z.object({ id, name: z.string(), position: z.string() })) }),
})
