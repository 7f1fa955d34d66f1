/** A member with the customers they have or are about to get. */
export interface Candidate {
  id: string
  customers: number
}

/**
 * The rule of a draft: everybody gets the same number; who has fewest customers now gets the first and any odd one. A
 * successor who may not serve a customer (refused, objected to) is passed over while there is another. Same input, same
 * plan, in whatever order it comes.
 */
export function splitEvenly(
  handovers: readonly { id: string; customer: string }[],
  candidates: readonly Candidate[],
  mayNot: ReadonlySet<string>,
): Map<string, string> {
  const given = new Map(candidates.map((c) => [c.id, 0]))
  const order = [...candidates].sort((a, b) => a.customers - b.customers || (a.id < b.id ? -1 : 1))
  const fewest = (among: readonly Candidate[]): Candidate | undefined =>
    among.reduce<Candidate | undefined>(
      (best, c) => (best && given.get(best.id)! <= given.get(c.id)! ? best : c),
      undefined,
    )
  const split = new Map<string, string>()
  for (const handover of [...handovers].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const allowed = order.filter((c) => !mayNot.has(against(handover.customer, c.id)))
    const chosen = fewest(allowed.length ? allowed : order)
    if (!chosen) break
    given.set(chosen.id, given.get(chosen.id)! + 1)
    split.set(handover.id, chosen.id)
  }
  return split
}

/** How `mayNot` names a customer and a successor. */
export const against = (customer: string, successor: string): string => `${customer} ${successor}`
