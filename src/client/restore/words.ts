import type { OfferedField, RestoreOffer } from '../../shared/restore'
import { timeWords } from '../lib/when'
import { language, t } from '../lib/words'

export const list = (names: readonly string[]): string => names.join(language() === 'en' ? ', ' : '、')

const names = (texts: readonly string[]) => list(texts.map((text) => text || t('restoring.unnamed')))

/** What would be written, beside what stands there. */
export function changeWords({ field, before, after }: OfferedField): string {
  const all = { before: names(before), after: names(after) }
  if (field === 'tags') return t('restoring.add', all)
  if (field === 'mobiles') return before.length ? t('restoring.mobiles', all) : t('restoring.add', all)
  if (field === 'personal') return t('restoring.line', all)
  if (!before.length) return t('restoring.set', all)
  return field === 'description' ? t('restoring.append', all) : t('restoring.change', all)
}

/** Things of a list that are left out, each with its reason. */
export const outWords = ({ out }: OfferedField): string[] => [
  ...new Set(out.map(({ name, why }) => t(`restoring.out.${why}`, { name: name || t('restoring.unnamed') }))),
]

export const whyWords = (is: OfferedField['is']): string =>
  is === 'write' || is === 'restored' ? '' : t(`restoring.why.${is}`)

type Part = RestoreOffer['parts'][number]

/** Why a part is not done yet, if there is something to say. */
export function laterWords({ state, errcode, nextAt }: Part, now: Date): string {
  if ((state !== 'asked' && state !== 'sent') || !nextAt || Date.parse(nextAt) - now.getTime() < 5_000) return ''
  const time = timeWords(nextAt, now)
  return errcode ? t('restoring.later', { errcode, time }) : t('restoring.later_plain', { time })
}

export function failedWords({ errcode }: Part): string {
  if (errcode === null) return t('restoring.failed_over')
  return errcode === 84061 || errcode === 40096
    ? t('restoring.failed_relation')
    : t('restoring.failed_code', { errcode })
}
