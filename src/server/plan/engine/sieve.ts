import { hurdles, type Colleague, type Hurdle, type Passing, type Reach, type Rules } from '../../../shared/allocation'

/** The hard filters (compliance 7.2), for everything about a customer but their own noes and wishes. */

/** Customers of one profile meet the same filters and fit everybody equally deep. */
export type Profile = Pick<Passing, 'entity' | 'region' | 'industry' | 'language' | 'minor' | 'unscored'>

export const profileOf = ({ entity, region, industry, language, minor, unscored }: Passing): Profile => ({
  entity,
  region,
  industry,
  language,
  minor,
  unscored,
})

/** What is not known removes nobody: an empty list is a fact that nobody has entered yet. */
const differs = (asked: string | null, has: readonly string[]) =>
  asked !== null && has.length > 0 && !has.includes(asked)

/** Everything that stands between this colleague and customers of this profile, in the order of `hurdles`. */
export function hurdlesFor(profile: Profile, c: Colleague): Hurdle[] {
  const found = new Set<Hurdle>(c.hurdles)
  if (profile.entity !== null && c.entity !== null && profile.entity !== c.entity) found.add('entity')
  if (profile.minor && !c.minors) found.add('minors')
  if (differs(profile.language, c.languages)) found.add('language')
  if (differs(profile.region, c.regions)) found.add('region')
  if (differs(profile.industry, c.industries)) found.add('industry')
  if (c.customers >= c.capacity) found.add('capacity')
  return hurdles.filter((h) => found.has(h))
}

/** Only these two are ever left out: the others are law, WeCom's conditions or the customer's. */
const droppable = ['region', 'industry'] as const
export const isDroppable = (hurdle: Hurdle): boolean => (droppable as readonly Hurdle[]).includes(hurdle)

/** How far the search must go to reach this colleague; null: no fallback leads there. */
export function reachOf(found: readonly Hurdle[], id: string, rules: Rules): Reach | null {
  if (!found.length) return 'full'
  if (!found.every(isDroppable)) return null
  const [only] = found
  const dropped = only === 'industry' ? 'region_only' : 'industry_only'
  if (found.length === 1 && rules.fallbacks.includes(dropped)) return dropped
  if (rules.duty.includes(id)) return 'duty'
  return rules.default === id ? 'default' : null
}

/** What a customer's own wish does not ask about: they know whom they named. */
export const stopsWish = (found: readonly Hurdle[]): Hurdle | null =>
  found.find((h) => !isDroppable(h) && h !== 'language') ?? null

/** Of two hurdles the one that is named. */
export const firstOf = (a: Hurdle, b: Hurdle | undefined): Hurdle =>
  b === undefined || hurdles.indexOf(a) < hurdles.indexOf(b) ? a : b
