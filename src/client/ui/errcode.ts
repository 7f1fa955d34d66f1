import { t } from '../lib/words'

/** The codes that somebody here can do something about. */
const known = [
  40001, 40096, 40097, 40098, 40099, 40100, 40128, 40129, 40130, 40131, 45009, 48002, 60011, 60020, 60111, 90500, 90502,
  90503, 90508, 90510,
] as const
type Known = (typeof known)[number]
const isKnown = (errcode: number): errcode is Known => (known as readonly number[]).includes(errcode)

/** What a WeCom errcode means to whoever must act on it; the number always stays readable. */
export const errcodeWords = (errcode: number): string =>
  isKnown(errcode) ? t(`workbench.errcode.e${errcode}`) : t('workbench.errcode.other', { errcode })
