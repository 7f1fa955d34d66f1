import { html } from 'hono/html'
import { fieldClasses, type Standpoint } from '../../shared/access'
import { printDay, printMinute } from '../../shared/day'
import { fill } from '../../shared/lang/fill'
import { frame } from './frame'
import { dayIn, type Letter } from './letter'
import type { Looked } from '../db/looked'
import { say, to, type Html, type Sheet } from './sheet'

/** 我的选择和记录: what is on record about this notice. Times and numbers; never what was written (a link can be forwarded). */
export function recordPage(letter: Letter, looks: readonly Looked[], sheet: Sheet, sections: readonly Html[]): Html {
  const words = sheet.words.record
  const events: { at: Date | null; what: unknown }[] = [
    { at: letter.sentAt, what: say(words.sent, { version: letter.template }) },
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
    ${answered(letter, sheet)} ${sections} ${looksOf(looks, sheet)}
    <p><a class="button" href="${to(sheet, `${sheet.base}/complaint`)}">${sheet.words.first.complain}</a></p>
  `
  return frame(sheet, { heading: words.heading, body })
}

/** What became of a wish for somebody else, where it has an answer. */
const answered = ({ objection }: Letter, sheet: Sheet): Html | string =>
  objection?.handledAt
    ? html`<p>
        ${say(sheet.words.objection.passed, dayIn(objection.handledAt, sheet.language))} ${objection.answer ?? ''}
      </p>`
    : ''

/** By role and day. Whoever holds the link has shown nothing but the link, so there are no names here (compliance 3.6). */
function looksOf(looks: readonly Looked[], sheet: Sheet): Html {
  const { record, fields, who, listed } = sheet.words
  const of = (classes: readonly string[]) =>
    fieldClasses
      .filter((c) => c !== 'F0' && classes.includes(c))
      .map((c) => fields[c].name)
      .join(listed)
  return html`<h2>${record.looks}</h2>
    ${
      looks.length
        ? html`<ol class="record">
            ${looks.map(
              ({ day, role, classes, times }) =>
                html`<li>
                  <time datetime="${day.toISOString()}">${printDay(day, sheet.language)}</time
                  ><span
                    >${say(record.looked, { who: role === 'successor' ? record.successor : who[role as Standpoint], classes: of(classes) })}${
                      times > 1 ? ` · ${fill(record.times, { count: times })}` : ''
                    }</span
                  >
                </li>`,
            )}
          </ol>`
        : html`<p>${record.looks_none}</p>`
    }
    <p class="small">${record.looks_note}</p>`
}
