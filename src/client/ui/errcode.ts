import { explanationOf, meaningOf } from '../../shared/wecom'
import { t } from '../lib/words'

/** What a WeCom errcode means to whoever must act on it; the number always stays readable. */
export function errcodeWords(errcode: number): string {
  const { code } = meaningOf(errcode)
  return code === null
    ? t('wecom.unknown', { errcode })
    : t('wecom.code', { words: t(`wecom.means.e${code}`), errcode })
}

/** Whose turn it is, and what to do or where to click. */
export function errcodeStep(errcode: number): { who: string; what: string } {
  const { whose, step } = meaningOf(errcode)
  return { who: t(`wecom.whose.${whose}`), what: t(`wecom.step.${step}`, { link: explanationOf(errcode) }) }
}
