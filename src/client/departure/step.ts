import type { HandoverRow } from '../../shared/departure'
import type { Label } from '../../shared/handover'
import { t } from '../lib/words'

const who = {
  wants_other: 'you',
  refused: 'you',
  full: 'you',
  failed: 'you',
  unconfirmed: 'system',
  checking: 'you',
  too_late: 'you',
  elsewhere: 'system',
  not_reached: 'you',
} as const satisfies Partial<Record<Label, 'you' | 'system'>>

const hasStep = (label: Label): label is keyof typeof who => Object.hasOwn(who, label)

/** What must happen next with an exception, and whose turn it is. A complaint is compliance's turn, too. */
export function nextStep({ label, complaint }: HandoverRow, gone: boolean): { who: string; what: string } | null {
  if (!hasStep(label)) return null
  return {
    who: t(`workbench.exception.who.${complaint && who[label] === 'you' ? 'both' : who[label]}`),
    // Whoever refuses while the leaver is still here stays with the leaver.
    what: t(`workbench.exception.next.${label === 'refused' && !gone ? 'refused_on_job' : label}`),
  }
}
