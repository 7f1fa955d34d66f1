import type { Outcome } from '../../shared/figure'
import { numberWords } from '../lib/when'
import { t } from '../lib/words'

const of = (o: Outcome, days: 30 | 90): { all: number; lost: number } =>
  days === 30 ? { all: o.after30, lost: o.lost30 } : { all: o.after90, lost: o.lost90 }

export const keptWords = (outcome: Outcome, days: 30 | 90): string => {
  const { all, lost } = of(outcome, days)
  if (!all) return t('workbench.figure.too_early', { days })
  return t('workbench.figure.kept', { days, kept: numberWords(all - lost), all: numberWords(all) })
}

/** In a table, where the column says the rest. */
export const keptShort = (outcome: Outcome, days: 30 | 90): string => {
  const { all, lost } = of(outcome, days)
  return all ? `${numberWords(all - lost)}/${numberWords(all)}` : '—'
}
