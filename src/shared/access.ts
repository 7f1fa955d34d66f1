/**
 * Who sees which class of field at which stage of a handover: the only place where it is decided (compliance 6.1, 6.2).
 * The server cuts every brief by it, and the notice's visible and hidden lists are printed from it, so that what the
 * customer is told is what the code does.
 */
export const fieldClasses = ['F0', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6'] as const
export type FieldClass = (typeof fieldClasses)[number]

/** V0 before approval; V1 approved, customer not yet told; V2 taken over and told; VO objection open or refused; VX ended. */
export const stages = ['V0', 'V1', 'V2', 'VO', 'VX'] as const
export type Stage = (typeof stages)[number]

/** How somebody stands to a handover. A role without a row here sees nothing. */
export type Standpoint = 'successor' | 'manager' | 'approver' | 'compliance'

const none: readonly FieldClass[] = []

const table: Record<Standpoint, Record<Stage, readonly FieldClass[]>> = {
  successor: { V0: none, V1: ['F0', 'F1'], V2: ['F0', 'F1', 'F2', 'F3'], VO: ['F0'], VX: none },
  manager: { V0: ['F0'], V1: ['F0', 'F1'], V2: ['F0', 'F1', 'F2'], VO: ['F0', 'F1', 'F2'], VX: ['F0'] },
  approver: { V0: ['F0'], V1: ['F0'], V2: ['F0'], VO: ['F0'], VX: ['F0'] },
  compliance: { V0: ['F0'], V1: ['F0'], V2: ['F0'], VO: ['F0'], VX: ['F0'] },
}

export const visibleClasses = (who: Standpoint, stage: Stage): readonly FieldClass[] => table[who][stage]

export const maySee = (who: Standpoint, stage: Stage, fieldClass: FieldClass): boolean =>
  table[who][stage].includes(fieldClass)

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

/** `138****1234`; anything shorter shows its last two digits only (compliance 6.3). */
export const maskPhone = (phone: string): string =>
  phone.length >= 11 ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`

/** `王*` in lists; the full name only in the customer's own card. */
export const maskName = (name: string): string => {
  const [first] = name
  return first ? `${first}*` : ''
}
