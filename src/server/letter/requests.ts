import { html } from 'hono/html'
import { printDay } from '../../shared/day'
import { requestKinds, type RequestKind, type RequestState } from '../../shared/request'
import { requestsOf, type RequestRow } from '../db/request'
import type { Db } from '../db/open'
import { frame } from './frame'
import type { Letter } from './letter'
import { dayIn } from './letter'
import { house, say, to, type Html, type Sheet } from './sheet'

/** What the customer asked for and how each stands: a part of 我的选择和记录. Kinds and dates; what was written is not here. */
export async function requestSection(db: Db, letter: Letter, sheet: Sheet): Promise<Html> {
  const words = sheet.words.request
  const rows = await requestsOf(db, letter.customer)
  return html`<h2 id="requests">${words.mine}</h2>
    ${
      rows.length
        ? html`<ol class="record">
            ${rows.map(
              (row) =>
                html`<li>
                  <time datetime="${row.at.toISOString()}">${printDay(row.at, sheet.language)}</time
                  ><span
                    ><a href="${to(sheet, `${sheet.base}/request`, { number: row.number })}"
                      >${words.kinds[row.kind as RequestKind]} · ${row.number}</a
                    >
                    ${words.state[row.state as RequestState]}</span
                  >
                </li>`,
            )}
          </ol>`
        : html`<p>${words.none}</p>`
    }
    <p><a class="button" href="${to(sheet, `${sheet.base}/request`)}">${words.ask}</a></p>`
}

/** Everything one may ask for, each a link to its form. */
export function choicePage(sheet: Sheet, identify: string | null): Html {
  const words = sheet.words.request
  const body = html`<p>${words.lead}</p>
    ${identify ? html`<p><a href="${identify}">${words.identify}</a></p>` : ''}
    <h2>${words.choose}</h2>
    <ul class="choices">
      ${requestKinds.map(
        (kind) =>
          html`<li>
            <a class="button" href="${to(sheet, `${sheet.base}/request`, { kind })}">${words.kinds[kind]}</a>
          </li>`,
      )}
    </ul>`
  return frame(sheet, { heading: words.heading, body })
}

interface Answered {
  row: RequestRow
  now: Date
  /** Whether the copy can be taken here and now; null: it is no copy. */
  take: 'may' | 'by_us' | null
  /** Where WeChat says who reads, in its own browser. */
  identify: string | null
  seen?: string
}

/** One request: its number, how it stands, the answer with reasons and the way further. */
export function requestPage(sheet: Sheet, { row, now, take, identify, seen }: Answered): Html {
  const words = sheet.words.request
  const params = { ...house(sheet.config), number: row.number, due: dayIn(row.dueAt, sheet.language).date }
  const open = !['refused', 'executed', 'informed'].includes(row.state)
  const body = html`<div class="standing" role="status">
      <p>
        <b>${words.kinds[row.kind as RequestKind]}</b> · ${say(words.number, params)} ·
        ${words.state[row.state as RequestState]}
      </p>
      ${open ? html`<p>${say(row.dueAt < now ? words.late : words.received, params)}</p>` : ''}
    </div>
    ${
      row.reason
        ? html`<h2>${words.reason}</h2>
            <blockquote>${row.reason}</blockquote>
            <p>${words.further}</p>`
        : ''
    }
    ${
      row.outcome
        ? html`<h2>${words.outcome}</h2>
            <blockquote>${row.outcome}</blockquote>
            <p class="small">${say(words.human, params)} ${words.further}</p>`
        : ''
    }
    ${take ? copyPart(sheet, row, take) : ''}
    ${take === 'by_us' && !row.takenAt && identify ? html`<p><a href="${identify}">${words.identify}</a></p>` : ''}
    <p><a href="${to(sheet, `${sheet.base}/record`)}#requests">${words.back}</a></p>`
  return frame(sheet, { heading: words.heading, body, ...(seen ? { seen } : {}) })
}

function copyPart(sheet: Sheet, row: RequestRow, take: 'may' | 'by_us'): Html {
  const words = sheet.words.request
  if (row.takenAt) return html`<p>${say(words.taken, dayIn(row.takenAt, sheet.language))}</p>`
  if (take === 'by_us') return html`<p>${words.take_by_us}</p>`
  return html`<form method="post" action="${to(sheet, `${sheet.base}/request/file`, { number: row.number })}">
    <button>${words.take}</button>
    <p class="small">${words.take_once}</p>
  </form>`
}
