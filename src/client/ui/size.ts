import { numberWords } from '../lib/when'
import { t } from '../lib/words'

/** How much a plan holds, in words; what it has none of is not mentioned, but nothing at all is said as no customers. */
export function sizeWords(customers: number, groups: number): string {
  const words = [
    ...(customers || !groups ? [t('workbench.size.customers', { count: customers, n: numberWords(customers) })] : []),
    ...(groups ? [t('workbench.size.groups', { count: groups, n: numberWords(groups) })] : []),
  ]
  return words.join(t('workbench.size.and'))
}
