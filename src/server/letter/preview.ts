import { html } from 'hono/html'
import { placesFor, previewText } from '../../shared/text'
import { letterWith } from '../../shared/textbuiltin'
import { act } from '../db/act'
import { listsNow, textInUse } from '../db/text'
import { open, serve, type House } from '../lib/serve'
import { firstPage } from './first'
import { fullPage } from './full'
import type { Letter } from './letter'
import type { Sheet } from './sheet'
import { style, styleText } from './style'

/** The page as a customer will see it, with words that nobody has published yet; for compliance, kept nowhere. */
export function preview(house: House): void {
  const { deps } = house

  // The workbench's policy knows no style of the letter's: there it is a file.
  open(house, 'GET', '/letter.css', 'anyone', (c) =>
    c.body(styleText, 200, { 'content-type': 'text/css; charset=utf-8' }),
  )

  serve(house, previewText, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { language, page } = input
      const { version } = await textInUse(tx, audit, deps.now(), 'page')
      const sheet: Sheet = {
        config: deps.config,
        words: letterWith(language, whole(input.words[language])),
        text: { version: version + 1, since: deps.now() },
        lists: listsNow(),
        language,
        large: false,
        path: '/n/preview',
        base: '/n/preview',
        query: new URLSearchParams(),
      }
      const letter = sampleOf(language === 'en', deps.now(), language)
      const written: string = await (page === 'first'
        ? firstPage(letter, sheet, deps.now(), html``, undefined)
        : fullPage(letter, sheet))
      return { html: written.replace(style, '<link rel="stylesheet" href="/letter.css" />') }
    }),
  )
}

/** A sentence that is being retyped, or names a place the page does not fill, is shown as it stands. */
const whole = (parts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([part, sentence]) => [part, shown(sentence) || '…']))
const shown = (sentence: string): string =>
  sentence.replace(/\{([^{}]+)\}/g, (whole, place: string) => (placesFor.page.includes(place) ? whole : `〔${place}〕`))

const sampleOf = (english: boolean, now: Date, language: string): Letter => ({
  handover: '',
  customer: '',
  successor: '',
  language,
  template: '',
  expired: false,
  names: english
    ? { old: 'Lin Xiao', new: 'Chen Yiming', place: 'Sales' }
    : { old: '林晓', new: '陈一鸣', place: '客户服务部' },
  effective: now,
  notice: 'sent',
  sentAt: null,
  openedAt: null,
  acknowledgedAt: null,
  objection: null,
  complaints: [],
  since: null,
  last: english ? 'Lin Xiao' : '林晓',
  version: 1,
  changes: [],
  may: { acknowledge: true, object: true },
})
