import { Failure } from '../../shared/failure'
import type { Language } from '../../shared/lang/fill'
import { textWords as en } from '../../shared/lang/en/workbench/text'
import { textWords as zh } from '../../shared/lang/zh-CN/workbench/text'
import type { Problem } from '../../shared/text'
import type { Element } from '../../shared/textneed'
import type { LintRule } from '../../shared/textlint'

/** The sentence with which publishing is refused; it names the element that is missing (T-59), or what is said and must not be. */
export function failureOf({ kind, language, part, what, found }: Problem, reader: Language): Failure {
  const { text } = reader === 'en' ? en : zh
  const of = { language: text.language[language] }
  switch (kind) {
    case 'missing':
      return new Failure('text_missing', { ...of, element: `${what} ${text.element[what as Element]}` })
    case 'said':
      return new Failure('text_said', { ...of, found, rule: text.rule[what as LintRule] })
    case 'place':
      return new Failure('text_place', { ...of, place: what })
    case 'long':
      return new Failure('text_long', { ...of, count: what, limit: found })
    default:
      return new Failure('text_wrong', { ...of, part })
  }
}
