import type { Figures, Outcome } from '../../shared/figure'
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

/** A version by its number; one that came with the product has none. */
export function ruleName({ how, rules }: Pick<Figures['byRule'][number], 'how' | 'rules'>): string {
  if (!rules) return t('workbench.figure.rule.by_hand')
  const n = Number(rules.slice('R-'.length))
  const version = n ? t('workbench.figure.rule.version', { n }) : t('workbench.figure.rule.built_in')
  return how === 'changed' ? t('workbench.figure.rule.changed', { version }) : version
}

/** A share in whole per cent; of nothing there is none. */
export const shareWords = (part: number, whole: number): string =>
  whole ? `${Math.round((part / whole) * 100)}%` : '—'

export const changeOf = (before: string, now: string): string => `${before} → ${now}`
