import { contacts, languages, times, type FactSource } from '../../shared/fact'
import type { Field } from '../../shared/factfile'
import type { Fact } from '../../shared/factdoor'
import { timeWords } from '../lib/when'
import { t } from '../lib/words'

export const fieldWords = (field: Field): string => t(`workbench.fact.field.${field}`)

const coded: Partial<Record<Field, (code: string) => string>> = {
  language: (code) => (isIn(languages, code) ? t(`workbench.fact.languages.${code}`) : code),
  times: (code) => (isIn(times, code) ? t(`workbench.fact.times.${code}`) : code),
  contacts: (code) => (isIn(contacts, code) ? t(`workbench.fact.contacts.${code}`) : code),
  contact: (code) => (isIn(contacts, code) ? t(`workbench.fact.contacts.${code}`) : code),
  minors: (code) => yesWords(code),
  real_name: (code) => yesWords(code),
  unscored: (code) => yesWords(code),
}
const isIn = <T extends string>(list: readonly T[], code: string): code is T =>
  (list as readonly string[]).includes(code)
const yesWords = (code: string): string => (code === 'yes' || code === 'no' ? t(`workbench.fact.yes.${code}`) : code)

/** A fact as people say it: codes in words, lists with the reader's comma. */
export function valueWords(field: Field, text: string): string {
  const say = coded[field]
  return say ? text.split('、').map(say).join('、') : text
}

export function originWords({ source, by, at }: Pick<Fact, 'by' | 'at'> & { source: FactSource }): string {
  if (source === 'wecom' || !at) return t('workbench.fact.from_wecom')
  return t(`workbench.fact.from_${source}`, { name: by ?? '—', time: timeWords(at) })
}
