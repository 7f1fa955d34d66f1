import type { Departure } from '../../shared/departure'
import { dateWords, dayOf, daysUntil } from '../lib/when'
import { t } from '../lib/words'
import type { Tone } from '../ui/StatePill.vue'
import { countOf } from './state'

/** Where an announcement stands; null once the member is gone. */
type Announced = 'leaves' | 'overdue' | 'withdrawn'

export const lastDayOf = ({ leftAt }: Departure): string => dayOf(new Date(leftAt))

export function announcedState(departure: Departure): Announced | null {
  if (departure.gone) return null
  if (departure.ended) return 'withdrawn'
  return daysUntil(lastDayOf(departure)) < 0 ? 'overdue' : 'leaves'
}

/** Nothing here is an alarm: what was announced heals itself or waits for a word. */
export function announcedPill(departure: Departure): { tone: Tone; words: string } | null {
  const state = announcedState(departure)
  return (
    state && {
      tone: state === 'leaves' ? 'blue' : 'grey',
      words: t(`workbench.announced.${state}`, { date: dateWords(departure.leftAt) }),
    }
  )
}

/** What a withdrawal would call off, and what it comes too late for. */
export function withdrawalOf({ counts }: Departure): { free: number; underWay: number; takenOver: number } {
  const sum = (labels: Parameters<typeof countOf>[1][]) => labels.reduce((n, label) => n + countOf(counts, label), 0)
  return {
    free: sum(['to_assign', 'to_submit', 'to_approve', 'to_send', 'full', 'failed']),
    underWay: sum(['waiting', 'unconfirmed', 'checking']),
    takenOver: sum(['to_tell', 'not_reached', 'tell_again', 'told', 'wants_other']),
  }
}
