import * as z from 'zod/mini'
import { day, digestField, done, endpoint, id, instant, words } from './endpoint'
import { house } from './field'
import type { Role } from './member'

/**
 * What is ticked off when somebody leaves (compliance 5.6). Some items are found from what is there, the others a person says, with
 * what proves it. No item waits for another. Only the account that is shut stands before "handed over".
 */
export const items = [
  'clauses',
  'secrecy',
  'customers',
  'notes',
  'farewells',
  'devices',
  'access',
  'refusals',
  'exit_report',
  'certificate',
] as const
export type Item = (typeof items)[number]

export const itemStates = ['not_due', 'due', 'done', 'refused', 'waived', 'na'] as const
export type ItemState = (typeof itemStates)[number]
export const itemEvents = ['do', 'refuse', 'waive', 'exempt', 'reopen'] as const
export type ItemEvent = (typeof itemEvents)[number]

const moves: Record<ItemState, Partial<Record<ItemEvent, ItemState>>> = {
  // Done early is done.
  not_due: { do: 'done', refuse: 'refused', waive: 'waived', exempt: 'na' },
  due: { do: 'done', refuse: 'refused', waive: 'waived', exempt: 'na' },
  // Whoever changes their mind may; what was refused may be let go.
  refused: { do: 'done', waive: 'waived', reopen: 'due' },
  done: { do: 'done', reopen: 'due' },
  waived: { do: 'done', reopen: 'due' },
  na: { do: 'done', reopen: 'due' },
}
/** null: it cannot be said of an item that stands so. */
export const nextItemState = (state: ItemState, event: ItemEvent): ItemState | null => moves[state][event] ?? null

/** Found, never said: nobody ticks off that an account is shut. Of the others that are found a person may say why not. */
export const found: readonly Item[] = ['customers', 'notes', 'farewells', 'access']
export const mayBeSaid = (item: Item, event: ItemEvent): boolean =>
  item !== 'access' && !(found.includes(item) && event === 'do')

/** Who says it. That they do not write is the leaver's own to say (leaving.ts); nobody else says it for them. */
export const saidBy: Record<Item, readonly Role[]> = {
  clauses: ['hr'],
  secrecy: ['hr', 'manager'],
  customers: ['manager'],
  notes: ['manager'],
  farewells: ['manager'],
  devices: ['hr', 'manager'],
  access: [],
  refusals: ['hr', 'manager'],
  exit_report: ['hr', 'manager', 'compliance'],
  certificate: ['hr'],
}

/** Before somebody is gone what they can still do themselves is due; afterwards the rest is. */
const dueBefore: readonly Item[] = ['clauses', 'secrecy', 'notes', 'farewells', 'customers']
export const firstState = (item: Item, gone: boolean): ItemState =>
  item === 'refusals' ? 'na' : gone || dueBefore.includes(item) ? 'due' : 'not_due'

/** What proves an item; `note` is always there. */
export const proofNeeds: Partial<Record<Item, readonly ('day' | 'version' | 'sha256')[]>> = {
  clauses: ['version', 'day', 'sha256'],
  secrecy: ['day'],
  refusals: ['day'],
  exit_report: ['sha256'],
  certificate: ['day'],
}

export const phases = [
  'planned',
  'in_progress',
  'access_revoked',
  'handed_over',
  'handed_over_without_leaver',
  'archived',
] as const
export type Phase = (typeof phases)[number]
export type PhaseEvent = 'begin' | 'revoke' | 'finish' | 'finish_without' | 'archive'

const phaseMoves: Record<Phase, Partial<Record<PhaseEvent, Phase>>> = {
  planned: { begin: 'in_progress', revoke: 'access_revoked' },
  in_progress: { revoke: 'access_revoked' },
  access_revoked: { finish: 'handed_over', finish_without: 'handed_over_without_leaver' },
  handed_over: { archive: 'archived' },
  handed_over_without_leaver: { archive: 'archived' },
  archived: {},
}
export const nextPhase = (phase: Phase, event: PhaseEvent): Phase | null => phaseMoves[phase][event] ?? null

/** Where a leaving stands: what was said to be done, else what is found. */
export function phaseOf(d: {
  archived: boolean
  handedOver: boolean
  withoutLeaver: boolean
  accessShut: boolean
  begun: boolean
}): Phase {
  if (d.archived) return 'archived'
  if (d.handedOver) return d.withoutLeaver ? 'handed_over_without_leaver' : 'handed_over'
  if (d.accessShut) return 'access_revoked'
  return d.begun ? 'in_progress' : 'planned'
}

/** The leaver's own part. What of it they refused, or left undone, was done without them; nothing waits for it. */
const ofLeaver: readonly Item[] = ['notes', 'farewells', 'devices']
export const withoutLeaver = (states: Readonly<Record<Item, ItemState>>): boolean =>
  ofLeaver.some((item) => states[item] === 'refused') || states.notes === 'na'

const proof = house({
  note: z.string(),
  day: z.optional(day),
  version: z.optional(z.string()),
  sha256: z.optional(z.string()),
})

const entry = house({ event: z.enum(itemEvents), by: z.string(), at: instant, proof })
export type ChecklistEntry = z.output<typeof entry>

/** What was found: names of figures, and how much. */
const figure = house({
  name: z.enum([
    'listed',
    'planned',
    'missing',
    'customers',
    'memos',
    'sensitive',
    'told',
    'to_tell',
    'opened',
    'doors',
    'red',
    'seconds',
  ]),
  n: z.number(),
})
export type Figure = z.output<typeof figure>

const item = house({
  item: z.enum(items),
  state: z.enum(itemStates),
  figures: z.array(figure),
  entries: z.array(entry),
  /** What the reader may say of it now. */
  may: z.array(z.enum(itemEvents)),
})
export type ChecklistItem = z.output<typeof item>

const checklist = house({
  phase: z.enum(phases),
  name: z.string(),
  leftAt: instant,
  gone: z.boolean(),
  handedOver: z.nullable(house({ by: z.string(), at: instant, withoutLeaver: z.boolean() })),
  archived: z.nullable(house({ by: z.string(), at: instant })),
  items: z.array(item),
  /** Who reads may end it now. */
  mayFinish: z.boolean(),
  mayArchive: z.boolean(),
})
export type Checklist = z.output<typeof checklist>

export const getChecklist = endpoint({
  method: 'GET',
  path: '/api/departures/:departure/checklist',
  access: ['manager', 'hr', 'compliance'],
  input: z.object({ departure: id }),
  output: checklist,
})

/** In plain words: what was asked and answered, never what somebody thinks of it. */
export const sayItem = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/checklist/:item',
  access: ['manager', 'hr', 'compliance'],
  input: z.object({
    departure: id,
    item: z.enum(items),
    event: z.enum(itemEvents),
    note: words(300),
    day: z.optional(day),
    version: z.optional(words(60)),
    sha256: z.optional(digestField),
    sure: z._default(z.boolean(), false),
  }),
  output: done,
})

/** Refused until the account is shut and a probe has proven it, and by nothing else. */
export const finishHandover = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/finish',
  access: ['manager'],
  input: z.object({ departure: id }),
  output: house({ phase: z.enum(phases) }),
})

export const archiveDeparture = endpoint({
  method: 'POST',
  path: '/api/departures/:departure/archive',
  access: ['manager', 'hr'],
  input: z.object({ departure: id }),
  output: house({ phase: z.enum(phases) }),
})
