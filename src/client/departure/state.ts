import { labels, type Label } from '../../shared/handover'
import type { Departure } from '../../shared/departure'
import { t } from '../lib/words'
import { numberWords } from '../lib/when'
import type { BarTone } from '../ui/CountBar.vue'

/** The few states a manager counts by (screens.md); every label belongs to exactly one. */
const states = ['to_assign', 'planned', 'waiting', 'taken_over', 'refused', 'odd', 'cancelled'] as const
type State = (typeof states)[number]

const stateOf: Record<Label, State> = {
  to_assign: 'to_assign',
  to_submit: 'planned',
  to_approve: 'planned',
  to_send: 'planned',
  settling: 'waiting',
  waiting: 'waiting',
  to_tell: 'taken_over',
  tell_again: 'taken_over',
  told: 'taken_over',
  asked: 'taken_over',
  agreed: 'taken_over',
  declined: 'taken_over',
  guardian: 'taken_over',
  no_basis: 'taken_over',
  refused: 'refused',
  wants_other: 'odd',
  full: 'odd',
  failed: 'odd',
  unconfirmed: 'odd',
  checking: 'odd',
  too_late: 'odd',
  elsewhere: 'odd',
  not_reached: 'odd',
  cancelled: 'cancelled',
}

const tones: Record<State, BarTone> = {
  to_assign: 'open',
  planned: 'under_way',
  waiting: 'waiting',
  taken_over: 'good',
  refused: 'bad',
  odd: 'odd',
  cancelled: 'over',
}

export type Counts = Departure['counts']
export const countOf = (counts: Counts, label: Label): number => counts[label] ?? 0

/** Only what is there, in the order of the process. */
export function byState(counts: Counts): { state: State; tone: BarTone; count: number; words: string }[] {
  return states
    .map((state) => ({
      state,
      tone: tones[state],
      count: labels.reduce((sum, label) => sum + (stateOf[label] === state ? countOf(counts, label) : 0), 0),
    }))
    .filter(({ count }) => count > 0)
    .map((part) => ({ ...part, words: `${t(`workbench.state.${part.state}`)} ${numberWords(part.count)}` }))
}

/** Labels that a plan may take up again, once nobody is working on them any more (shared/transfer.ts `plannable`). */
export const assignable = ['to_assign', 'full', 'failed'] as const satisfies readonly Label[]
export type Assignable = (typeof assignable)[number]
