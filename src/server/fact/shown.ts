import { customerFieldNames, memberFieldNames, writeFact, type FactValue } from '../../shared/fact'
import type { CustomerFactsShown, MemberFactsOf } from '../../shared/factdoor'
import type { FactRow } from '../db/fact-rows'

/** Fields that name members: their ids are ours, their names are for people. */
const ofMembers = new Set(['wants', 'relatives'])
const idsIn = (row: FactRow): string[] => [row.value as string | string[]].flat()

const worded = (row: FactRow, names: ReadonlyMap<string, { name: string }>): string => {
  const value = row.value as FactValue
  if (!ofMembers.has(row.field)) return writeFact(value)
  return idsIn(row)
    .map((id) => names.get(id)?.name ?? '—')
    .join('、')
}

export const membersIn = (rows: readonly FactRow[]): string[] =>
  rows.filter((row) => ofMembers.has(row.field)).flatMap(idsIn)

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** Every field in the order of the list, each with all that is said of it. */
export const shownMemberFacts = (rows: readonly FactRow[]): MemberFactsOf[] =>
  memberFieldNames.map((field) => ({
    field,
    facts: rows
      .filter((row) => row.field === field)
      .map((row) => ({ source: row.source, text: worded(row, new Map()), at: iso(row.at), by: row.by })),
  }))

export function shownCustomerFacts(
  customer: { id: string; name: string },
  rows: readonly FactRow[],
  names: ReadonlyMap<string, { name: string }>,
): CustomerFactsShown {
  const first = (field: string): string | null => {
    const found = rows.find((row) => row.field === field)
    return found ? worded(found, names) : null
  }
  const values = Object.fromEntries(customerFieldNames.map((field) => [field, first(field)]))
  const noted = rows.map(({ field, source, at, by }) => ({
    field,
    source,
    at: iso(at),
    by,
  })) as CustomerFactsShown['noted']
  return { customer: customer.id, shortName: customer.name, noted, ...values } as CustomerFactsShown
}
