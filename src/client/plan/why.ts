import { hurdles, type Hurdle } from '../../shared/allocation'
import type { Plan, PlanItem } from '../../shared/plan'
import { numberWords } from '../lib/when'
import { t } from '../lib/words'

/** A score of 0 to 1 as people read it. */
export const scoreWords = (score: number): string => (score * 100).toFixed(1)

/** What took how many away, most first. */
export const removedWords = (removed: Partial<Record<Hurdle, number>>): string =>
  hurdles
    .flatMap((hurdle) => (removed[hurdle] ? [{ hurdle, n: removed[hurdle] }] : []))
    .sort((a, b) => b.n - a.n)
    .map(({ hurdle, n }) => `${t(`workbench.why.hurdle.${hurdle}`)} ${numberWords(n)}`)
    .join(' · ')

export const nameIn = (plan: Plan, id: string): string => plan.candidates.find((c) => c.id === id)?.name ?? '—'

/** The one sentence: of a person's choice that it was one, of a run's why it fell like this. */
export function becauseWords(plan: Plan, item: PlanItem): string {
  const { why } = item
  if (!why || why.chosen !== item.successor) return t('workbench.why.by_hand')
  const better = why.passedOver ? nameIn(plan, why.passedOver.id) : ''
  return t(`workbench.why.because.${why.because}`, { name: item.successorName, better })
}
