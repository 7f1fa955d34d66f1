import type { RequestKind } from '../../shared/request'
import { isCorrection, isErasure, isFile } from '../../shared/request'
import { dateWords } from '../lib/when'
import { t } from '../lib/words'
import type { Tone } from '../ui/StatePill.vue'

/** How much time is left, in words; late ones say so. */
export function dueWords({ left, due }: { left: number; due: string }): { words: string; tone: Tone } {
  const day = dateWords(due)
  if (left < 0) return { words: t('workbench.request.late', { count: -left, day }), tone: 'red' }
  if (left === 0) return { words: t('workbench.request.left_today'), tone: 'amber' }
  return { words: t('workbench.request.left', { count: left, day }), tone: left <= 3 ? 'amber' : 'grey' }
}

/** What carrying it out does. */
export function effectWords(kind: RequestKind): string {
  if (isFile(kind)) return t('workbench.request.note.file')
  if (isCorrection(kind) || isErasure(kind) || kind === 'restrict')
    return t(`workbench.request.note.${kind as 'correct' | 'supplement' | 'delete' | 'close_account' | 'restrict'}`)
  return t('workbench.request.note.manual')
}
