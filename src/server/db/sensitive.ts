import { Failure } from '../../shared/failure'
import { masked as en } from '../../shared/lang/en/masked'
import type { Language } from '../../shared/lang/fill'
import { masked as zh } from '../../shared/lang/zh-CN/masked'
import { sensitiveIn, type SensitiveKind } from '../../shared/mask'

/**
 * Nobody means to write an ID number or an illness down for good; who does says so (compliance 6.1, T-16). Answers what they
 * are sure of, for the log.
 */
export function refuseSensitive(text: string, sure: boolean, language: Language): SensitiveKind[] {
  const kinds = sensitiveIn(text)
  if (!kinds.length || sure) return kinds
  const words = language === 'en' ? en : zh
  throw new Failure('think_twice', { kinds: kinds.map((kind) => words.names[kind]).join(words.and) })
}
