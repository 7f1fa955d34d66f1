import type { Objection } from '../../shared/objection'
import { dateWords } from '../lib/when'
import { t } from '../lib/words'
import type { Tone } from '../ui/StatePill.vue'

/** How much time is left, in words; late ones say so. */
export function dueWords({ left, due }: Objection, now: Date): { words: string; tone: Tone } {
  const day = dateWords(due)
  const over = now > new Date(`${due}T23:59:59.999+08:00`)
  if (over)
    return {
      words: left < 0 ? t('workbench.wish.late', { count: -left, day }) : t('workbench.wish.late_today', { day }),
      tone: 'red',
    }
  if (left <= 0) return { words: t('workbench.wish.left_today'), tone: 'amber' }
  return { words: t('workbench.wish.left', { count: left, day }), tone: left === 1 ? 'amber' : 'grey' }
}

export const whoWords = ({ shortName, company }: Objection): string => [shortName, company].filter(Boolean).join(' · ')
