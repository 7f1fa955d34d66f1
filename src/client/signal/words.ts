import type { Signal } from '../../shared/signal'
import { timeWords } from '../lib/when'
import { t } from '../lib/words'

export const question = ({ kind, count }: Signal): string => t(`workbench.signals.question.${kind}`, { count })

export const who = ({ member, department }: Signal): string =>
  department === null ? member : t('workbench.signals.who', { name: member, department })

export const span = ({ since, until }: Signal): string =>
  t('workbench.signals.span', { since: timeWords(since), until: timeWords(until) })
