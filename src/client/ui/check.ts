import { checks, type Check } from '../../shared/plan'
import { t } from '../lib/words'

const isCheck = (code: string): code is Check => Object.hasOwn(checks, code)

/** A check's code in words; one that a newer server knows is shown by its code. */
export const checkWords = (code: string): string =>
  isCheck(code) ? t(`workbench.check.${code}`) : t('workbench.check.other', { code })
