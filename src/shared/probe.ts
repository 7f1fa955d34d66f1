import * as z from 'zod/mini'
import { done, endpoint, id, instant } from './endpoint'
import { house } from './field'

/**
 * What happened at one door when it was called with something of a leaver's. `laid`: the session laid in beside their own and
 * ended with them; `made_up`: one that never was.
 */
const knock = z.object({
  door: z.string(),
  credential: z.enum(['laid', 'made_up']),
  status: z.number(),
  /** Bytes beyond the refusal itself. */
  bytes: z.number(),
  ms: z.number(),
  /** The door did what it must: refused, or, where nobody signs in, answered as it answers anybody. */
  shut: z.boolean(),
})
export type Knock = z.output<typeof knock>

const probe = house({
  id,
  why: z.enum(['left', 'stopped', 'blocked', 'asked']),
  askedBy: z.nullable(z.string()),
  /** When the access ended. */
  revokedAt: instant,
  /** null: not yet. */
  endedAt: z.nullable(instant),
  /** The laid-in session opened doors until that moment. */
  opened: z.boolean(),
  doors: z.number(),
  /** Calls that were answered otherwise than they must. */
  red: z.number(),
  /** Sessions, links and rights that would still open a door. */
  leftOver: z.number(),
  knocks: z.array(knock),
  digest: z.nullable(z.string()),
})
export type Probe = z.output<typeof probe>

/** Every run for this leaver, the newest first. For compliance, and for whoever leads the leaver's department. */
export const getProbes = endpoint({
  method: 'GET',
  path: '/api/departures/:departure/probes',
  access: ['manager', 'compliance'],
  input: z.object({ departure: id }),
  output: z.object({ probes: z.array(probe) }),
})

/** Runs it once more. */
export const askProbe = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/probes',
  access: ['compliance', 'admin'],
  input: z.object({ departure: id }),
  output: done,
})
