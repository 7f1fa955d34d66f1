import type { ExportShown, ExportState } from '../../shared/export'
import { dateWords, numberWords, spanWords } from '../lib/when'
import { now } from '../lib/now'
import { t } from '../lib/words'
import type { Tone } from '../ui/StatePill.vue'

export const whatWords = ({ kind, of, days }: Pick<ExportShown, 'kind' | 'of' | 'days'>): string =>
  t(`workbench.export.kind_of.${kind}`, { name: of ?? '', days: days ?? 0 })

export const toneOf = (state: ExportState): Tone =>
  state === 'ready' || state === 'downloaded'
    ? 'green'
    : state === 'pending'
      ? 'amber'
      : state === 'approved'
        ? 'blue'
        : 'grey'

export const leftWords = (until: string | null): string =>
  until ? t('workbench.export.until', { span: spanWords(Date.parse(until) - now().getTime()) }) : ''

export const sizeWords = ({ rows, made }: Pick<ExportShown, 'rows' | 'made'>): string =>
  made !== null && made < rows
    ? t('workbench.export.size_made', { n: numberWords(made), asked: numberWords(rows) })
    : t('workbench.export.rows', { n: numberWords(rows) })

export const leavesWords = (at: string): string => t('workbench.export.leaves', { date: dateWords(at) })
