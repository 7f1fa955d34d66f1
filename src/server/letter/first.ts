import { html } from 'hono/html'
import { changedClaims } from '../../shared/letter'
import { complaintFields } from './forms'
import { frame } from './frame'
import { dayIn, paramsOf, type Letter } from './letter'
import { wishLines } from './objection'
import { say, to, type Html, type Params, type Sheet } from './sheet'

/** Layer 1: what changed, what did not, what the new person sees and does not, and three ways to answer (3.4). */
export function firstPage(letter: Letter, sheet: Sheet, now: Date, notes: Html, seen: string | undefined): Html {
  const words = sheet.words.first
  const params = paramsOf(letter, sheet)
  const changed = changedClaims()
  const body = html`
    ${standing(letter, sheet, params, now)} ${notes}
    <p class="what">${say(words.what, params)}</p>
    <dl class="points">
      ${changed.length ? '' : point(words.same, params)}
      ${point(words.changed, params, changed.map((claim) => sheet.words.claims[claim]).join(''))}
      ${point(words.hidden, params)} ${point(words.may, params)}
    </dl>
    ${letter.expired ? complaintFields(sheet, `${sheet.base}/complaint`, letter.names.new || sheet.words.colleague) : answers(letter, sheet)}
    <p class="signature">
      ${say(words.signature, params)}<br />${sheet.config.COMPANY_FULL_NAME}<br />${params['date']}
    </p>
  `
  return frame(sheet, { heading: words.heading, body, ...(seen ? { seen } : {}) })
}

const point = ([head, text]: [string, string], params: Params, more = ''): Html =>
  html`<div>
    <dt>${head}</dt>
    <dd>${say(text, params)}${more}</dd>
  </div>`

/** What has happened since, in words, before everything else. */
function standing(letter: Letter, sheet: Sheet, params: Params, now: Date): Html {
  const { status } = sheet.words
  const { since, objection, acknowledgedAt } = letter
  const lines: unknown[] = []
  if (since === 'arranging') lines.push(html`<p>${say(status.arranging, params)}</p>`)
  else if (since)
    lines.push(
      html`<p>
        ${say(status.present, { ...dayIn(since.at, sheet.language), present: since.name || sheet.words.colleague })}
      </p>`,
    )
  lines.push(...wishLines(letter, sheet, params, now))
  if (acknowledgedAt && !objection)
    lines.push(html`<p>${say(status.acknowledged, dayIn(acknowledgedAt, sheet.language))}</p>`)
  if (letter.changes.length)
    lines.push(
      html`<p><b>${sheet.words.versions.since}</b></p>
        ${letter.changes.map(
          ({ version, at, changed }) =>
            html`<p>
              ${say(sheet.words.versions.row, { version, ...dayIn(at, sheet.language) })}:
              ${say(sheet.words.versions.changed, { changed: changed[sheet.language] })}
            </p>`,
        )}`,
    )
  if (letter.expired) lines.push(html`<p>${status.expired}</p>`)
  return lines.length ? html`<div class="standing" role="status">${lines}</div>` : html``
}

function answers(letter: Letter, sheet: Sheet): Html {
  const words = sheet.words.first
  return html`<div class="answers">
    ${
      letter.may.acknowledge
        ? html`<form method="post" action="${to(sheet, `${sheet.base}/acknowledge`)}">
            <button>${words.acknowledge}</button>
          </form>`
        : ''
    }
    ${
      letter.may.object
        ? html`<a class="button" href="${to(sheet, `${sheet.base}/objection`)}">${words.wantOther}</a>`
        : ''
    }
    <a class="button" href="${to(sheet, `${sheet.base}/complaint`)}">${words.complain}</a>
    ${letter.may.acknowledge ? html`<p class="small">${words.small}</p>` : ''}
  </div>`
}
