import type { DutyItem } from '../../shared/duty'
import { timeWords } from '../lib/when'
import { t } from '../lib/words'

/** From whom to whom, and until when. */
export const waitWords = ({ from, successor, until }: DutyItem): string =>
  [
    t('workbench.duty.from', { from, successor }),
    until ? t('workbench.duty.until', { time: timeWords(until) }) : t('workbench.duty.sending'),
  ].join(' · ')
