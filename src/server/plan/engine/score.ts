import type { Colleague, Factor, Rules } from '../../../shared/allocation'
import type { Profile } from './sieve'

/** The weighted score (compliance 7.3) in whole numbers, so that what is best does not depend on the order of additions. */

/** One of a score of 1, in whole numbers: five places. */
export const PLACES = 100_000
export const UNKNOWN = 0.5
const TENURE_YEARS = 5

/**
 * 1 for somebody who does only this, less the more else they do, never less than somebody of whom it is not known; 0 for
 * somebody who does not do it at all (a fallback).
 */
function depthIn(asked: string | null, has: readonly string[]): number {
  if (asked === null || !has.length) return UNKNOWN
  return has.includes(asked) ? 0.5 + 0.5 / has.length : 0
}

export const depthOf = (profile: Profile, c: Colleague): number =>
  (depthIn(profile.region, c.regions) + depthIn(profile.industry, c.industries)) / 2

export const bounded = (share: number): number => Math.min(1, Math.max(0, share))

/** The share of somebody's room that is left when they have got `more`. */
export const roomLeft = (c: Colleague, more: number): number =>
  c.capacity > 0 ? bounded((c.capacity - c.customers - more) / c.capacity) : 0

/** All factors but room, which depends on what else somebody gets. */
export type Fixed = Record<Exclude<Factor, 'capacity'>, number>
const nothing: Fixed = { preference: 0, depth: 0, performance: 0, contribution: 0, tenure: 0 }

/** Somebody who asked for it is not scored: nothing but room is left to compare (7.5). */
export const fixedOf = (profile: Profile, c: Colleague, preference: number): Fixed =>
  profile.unscored
    ? nothing
    : {
        preference: bounded(preference),
        depth: depthOf(profile, c),
        performance: c.performance ?? UNKNOWN,
        contribution: c.contribution ?? UNKNOWN,
        tenure: bounded(c.tenureYears / TENURE_YEARS),
      }

export const fixedPoints = ({ weights }: Rules, f: Fixed): number =>
  Math.round(
    PLACES *
      (weights.preference * f.preference +
        weights.depth * f.depth +
        weights.performance * f.performance +
        weights.contribution * f.contribution +
        weights.tenure * f.tenure),
  )

export const roomPoints = ({ weights }: Rules, c: Colleague, more: number): number =>
  Math.round(PLACES * weights.capacity * roomLeft(c, more))
