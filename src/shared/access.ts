/**
 * Who sees which class of field at which stage of a handover, and how: the only place where it is decided (compliance 6.1,
 * 6.2). The server cuts every answer by it (server/lib/cut.ts), the notice's visible and hidden lists are printed from it, so
 * that what the customer is told is what the code does, and so is docs/access.md.
 */
export const fieldClasses = ['F0', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6'] as const
export type FieldClass = (typeof fieldClasses)[number]

/**
 * V0 before approval; V1 approved, customer not yet told; V2 taken over and told; V3 the customer consented to a purpose; VR
 * refused or withdrew one; VO objection open or customer refused the colleague; VG a child under 14 whose guardian has not
 * agreed, or without an approval for this colleague; VB taken over, and no legal basis is on record for it now; VX ended.
 */
export const stages = ['V0', 'V1', 'V2', 'V3', 'VR', 'VO', 'VG', 'VB', 'VX'] as const
export type Stage = (typeof stages)[number]

/**
 * How somebody stands to a customer. `serving`: their own customer, nothing inherited. `departing`: the same, announced to
 * leave. `covering`: a colleague who opened it for an hour in an emergency.
 * `duty`: answers while WeCom waits for the takeover, and sees what was promised until then. `manager`: leads the leaver's departments; `allocator` and `approver`: the same people over a plan.
 */
export const standpoints = [
  'successor',
  'serving',
  'departing',
  'covering',
  'duty',
  'departed',
  'staff',
  'manager',
  'allocator',
  'approver',
  'compliance',
  'hr',
  'admin',
  'auditor',
  'customer',
] as const
export type Standpoint = (typeof standpoints)[number]

/**
 * How a class is shown. `masked`: in part, whole for a reason (reveal). `flag`: that there is something, never what.
 * `consented`: plain where the customer agreed to one of the class's purposes, else as a flag.
 */
export type Shown = 'plain' | 'masked' | 'flag' | 'consented' | 'closed'

type Row = Partial<Record<FieldClass, Shown>>
type Stages = Record<Stage, Row>

const nothing: Row = {}
const routing: Row = { F0: 'plain' }
const known: Row = { F0: 'plain', F1: 'plain' }
const service: Row = { ...known, F2: 'plain' }
// The client needs the names above, not the table: what has no effect is left out of its bundle.
// @__NO_SIDE_EFFECTS__
const always = (row: Row): Stages => ({
  V0: row,
  V1: row,
  V2: row,
  V3: row,
  VR: row,
  VO: row,
  VG: row,
  VB: row,
  VX: row,
})

const told: Row = { ...service, F3: 'masked', F5: 'flag' }
const team: Stages = {
  V0: routing,
  V1: known,
  V2: service,
  V3: service,
  VR: service,
  VO: service,
  VG: known,
  VB: known,
  VX: routing,
}

const table: Record<Standpoint, Stages> = {
  successor: {
    V0: nothing,
    V1: { ...known, F2: 'flag' },
    V2: told,
    V3: { ...told, F4: 'consented', F5: 'consented' },
    VR: told,
    VO: routing,
    VG: routing,
    VB: { ...known, F2: 'flag' },
    VX: nothing,
  },
  serving: always(known),
  // What they promised and write down for whoever comes after.
  departing: always(service),
  // Never more than the successor is shown at that stage.
  covering: {
    V0: known,
    V1: known,
    V2: service,
    V3: service,
    VR: service,
    VO: routing,
    VG: routing,
    VB: known,
    VX: nothing,
  },
  // What falls due before the successor is there must be kept by somebody who knows what it is (S6, T-06).
  duty: {
    V0: nothing,
    V1: service,
    V2: nothing,
    V3: nothing,
    VR: nothing,
    VO: routing,
    VG: routing,
    VB: nothing,
    VX: nothing,
  },
  departed: always(nothing),
  staff: always(nothing),
  manager: team,
  allocator: always(routing),
  approver: always(routing),
  compliance: { ...always(routing), VO: { ...routing, F6: 'plain' } },
  hr: always(nothing),
  admin: always(nothing),
  // Records are masked: F0 is what masking leaves of them.
  auditor: always(routing),
  customer: always(nothing),
}

/** What a customer answered about a purpose that opens something (compliance 4.7, 5.3; consent.ts has the whole list). */
export const purposes = ['history_raw', 'archive_new', 'sensitive_use'] as const
export type Purpose = (typeof purposes)[number]
export type Consents = Readonly<Partial<Record<Purpose, 'given' | 'refused' | 'withdrawn'>>>

/** Which purposes open a class that needs a consent. */
export const purposesOf: Partial<Record<FieldClass, readonly Purpose[]>> = {
  F4: ['history_raw', 'archive_new'],
  F5: ['sensitive_use'],
}

/** What the table itself says, for what is printed from it. */
export const rowOf = (who: Standpoint, stage: Stage): Readonly<Row> => table[who][stage]

/** How somebody is shown a class: the table, with the customer's answers put in. */
export function shownTo(who: Standpoint, stage: Stage, fieldClass: FieldClass, consents: Consents = {}): Shown {
  const shown = table[who][stage][fieldClass] ?? 'closed'
  if (shown !== 'consented') return shown
  return purposesOf[fieldClass]?.some((purpose) => consents[purpose] === 'given') ? 'plain' : 'flag'
}

export const maySee = (who: Standpoint, stage: Stage, fieldClass: FieldClass, consents: Consents = {}): boolean =>
  ['plain', 'masked'].includes(shownTo(who, stage, fieldClass, consents))

export const visibleClasses = (who: Standpoint, stage: Stage, consents: Consents = {}): FieldClass[] =>
  fieldClasses.filter((fieldClass) => maySee(who, stage, fieldClass, consents))
/** Records that are nobody's customer card: what compliance, who keeps them, may be given of them. */
export const recordClasses = {
  complaints: ['F0', 'F3', 'F6'],
  view_log: ['F0'],
} as const satisfies Record<string, readonly FieldClass[]>

/** Classes whose values leave the server only masked. */
export const maskedClasses: readonly FieldClass[] = ['F3']

/** What the customer's letter lists: everything the successor may see once the customer is told, and everything not. */
export const letterLists = (): { visible: FieldClass[]; hidden: FieldClass[] } => ({
  visible: fieldClasses.filter((c) => c !== 'F0' && maySee('successor', 'V2', c)),
  hidden: fieldClasses.filter((c) => c !== 'F0' && !maySee('successor', 'V2', c)),
})

/** Why somebody may look at all; each look says it in the log. What is shown in full has a reason of its own (reveal.ts). */
export const rights = [
  'assigned',
  'serves',
  'leads',
  'plans',
  'decides',
  'complaints',
  'audits',
  'emergency',
  'on_duty',
] as const
export type Right = (typeof rights)[number]

const rightsOf: Partial<Record<Standpoint, Right>> = {
  successor: 'assigned',
  serving: 'serves',
  departing: 'serves',
  covering: 'emergency',
  duty: 'on_duty',
  manager: 'leads',
  allocator: 'plans',
  approver: 'decides',
  compliance: 'complaints',
  auditor: 'audits',
}
/** null: nothing of a customer is shown to them. */
export const rightOf = (who: Standpoint): Right | null => rightsOf[who] ?? null

/** What would open a closed class: the notice, a reason, a consent, the end of an objection, a guardian, a legal basis; or nothing. */
export const openers = ['told', 'reason', 'consent', 'objection', 'guardian', 'basis', 'never'] as const
type Opener = (typeof openers)[number]

const leadsOut: Partial<Record<Stage, Opener>> = { VO: 'objection', VG: 'guardian', VB: 'basis' }

/** For the successor, from the table: at which later stage the class is shown, and what leads there. null: it is open. */
export function openerOf(stage: Stage, fieldClass: FieldClass): Opener | null {
  const shown = shownTo('successor', stage, fieldClass)
  if (shown === 'plain') return null
  if (shown === 'masked') return 'reason'
  if (maySee('successor', 'V2', fieldClass)) return leadsOut[stage] ?? 'told'
  return maySee('successor', 'V3', fieldClass, { history_raw: 'given', sensitive_use: 'given' }) ? 'consent' : 'never'
}
