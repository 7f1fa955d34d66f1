import type { Rules } from './allocation'

/** What counts while the company has approved nothing of its own: the weights of compliance 7.3, both fallbacks, no caps. */
export const builtInRules: Rules = {
  version: 'R-0',
  weights: { preference: 0.3, depth: 0.2, capacity: 0.2, performance: 0.15, contribution: 0.1, tenure: 0.05 },
  fallbacks: ['region_only', 'industry_only'],
  duty: [],
  default: null,
  cap: null,
  topTierCap: null,
  continuity: true,
  even: false,
  useTier: false,
}
