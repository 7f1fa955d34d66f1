import { html } from 'hono/html'
import { printMinute } from '../../shared/day'
import { frame } from './frame'
import type { Letter } from './letter'
import { say, to, type Html, type Sheet } from './sheet'

/** 我的选择和记录: what is on record about this notice. Times and numbers; never what was written (a link can be forwarded). */
export function recordPage(letter: Letter, sheet: Sheet): Html {
  const words = sheet.words.record
  const events: { at: Date | null; what: unknown }[] = [
    { at: letter.sentAt, what: words.sent },
    { at: letter.openedAt, what: words.opened },
    { at: letter.acknowledgedAt, what: words.acknowledged },
    { at: letter.objection?.at ?? null, what: words.objected },
    ...letter.complaints.map(({ number, at }) => ({ at, what: say(words.complaint, { number }) })),
  ]
  const happened = events.flatMap(({ at, what }) => (at ? [{ at, what }] : [])).sort((a, b) => +a.at - +b.at)
  const body = html`
    ${
      happened.length
        ? html`<ol class="record">
            ${happened.map(
              ({ at, what }) =>
                html`<li>
                  <time datetime="${at.toISOString()}">${printMinute(at, sheet.language)}</time><span>${what}</span>
                </li>`,
            )}
          </ol>`
        : html`<p>${words.none}</p>`
    }
    <p>${words.consent}</p>
    <p>${words.rights}</p>
    <p><a class="button" href="${to(sheet, `${sheet.base}/complaint`)}">${sheet.words.first.complain}</a></p>
  `
  return frame(sheet, { heading: words.heading, body })
}
