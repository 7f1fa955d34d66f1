import { html } from 'hono/html'
import { printDay } from '../../shared/day'
import type { TextVersionRow } from '../db/text'
import { frame } from './frame'
import { fullPage } from './full'
import type { Letter } from './letter'
import { say, to, type Html, type Sheet } from './sheet'

/** N14: every version there was, with the day it began; the one the customer was told with is marked. */
export function versionsPage(letter: Letter, versions: readonly TextVersionRow[], sheet: Sheet): Html {
  const words = sheet.words.versions
  const body = html`<p>${words.lead}</p>
    <ol class="record" reversed>
      ${versions.map(({ version, publishedAt, changed }, at) => {
        const marks = [...(at === 0 ? [words.now] : []), ...(version === letter.version ? [words.told] : [])]
        const told = changed as Record<string, string> | null
        return html`<li>
          <span
            ><a href="${to(sheet, at === 0 ? `${sheet.base}/full` : `${sheet.base}/versions/${version}`)}"
              >${say(words.row, { version, date: printDay(publishedAt, sheet.language) })}</a
            >${marks.length ? ` · ${marks.join(sheet.words.listed)}` : ''}
            ${told ? html`<br />${say(words.changed, { changed: told[sheet.language] ?? '' })}` : ''}</span
          >
        </li>`
      })}
    </ol>`
  return frame(sheet, { heading: words.heading, body })
}

/** An old one, word for word, with what could be seen then. Nothing can be pressed on it. */
export function oldPage(letter: Letter, sheet: Sheet): Html {
  const words = sheet.words.versions
  const { version, since } = sheet.text ?? { version: 1, since: letter.effective }
  const note = html`<div class="standing" role="status">
    <p>${say(words.old, { version, date: printDay(since, sheet.language) })}</p>
    <p><a href="${to(sheet, `${sheet.base}/full`)}">${words.current}</a></p>
  </div>`
  return fullPage(letter, sheet, note)
}
