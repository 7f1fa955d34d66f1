import { html } from 'hono/html'
import { DISAGREE_DAYS, type ComplaintState } from '../../shared/complaint'
import { chinaDay, endOfChinaDay, printDay } from '../../shared/day'
import { complained as en } from '../../shared/lang/en/complained'
import { complained as zh, type ComplainedWords } from '../../shared/lang/zh-CN/complained'
import { CONTACT_MAX, TEXT_MAX } from '../../shared/letter'
import { mayDisagree } from '../db/complaint-hear'
import { stateOf, type ComplaintRow } from '../db/complaint-move'
import { frame } from './frame'
import { house, say, to, type Html, type Sheet } from './sheet'

export const wordsIn = (sheet: Sheet): ComplainedWords => (sheet.language === 'en' ? en : zh)

const standing: Record<ComplaintState, keyof ComplainedWords['state']> = {
  received: 'waiting',
  acknowledged: 'waiting',
  triaged: 'handling',
  handling: 'handling',
  pending_customer: 'asking',
  resolved: 'result',
  result_informed: 'result',
  reopened: 'again',
  escalated_external: 'outside',
  closed: 'closed',
}
const DAY_MS = 86_400_000

export interface Progress {
  row: ComplaintRow
  question: string | null
  result: { summary: string; reasons: string } | null
  wrong?: string
  /** Something was just added. */
  added?: boolean
}

/** What became of a complaint: for its link alone. What was written in it does not stand here, because a link can be forwarded. */
export function complainedPage(progress: Progress, sheet: Sheet, at: string, now: Date, seen?: string): Html {
  const { row, question, result, wrong, added } = progress
  const words = wordsIn(sheet)
  const state = stateOf(row)
  const params = { ...house(sheet.config), number: row.number }
  const fresh = state === 'received' || state === 'acknowledged'
  const body = html`<div class="standing" role="status">
      <p>${say(fresh ? words.received : words.number, params)}</p>
      <p>${say(words.state[standing[state]], params)}</p>
      ${result || !row.decideBy ? '' : html`<p>${say(words.date, { date: dayIn(row.decideBy, sheet) })}</p>`}
      ${added ? html`<p>${words.more_done}</p>` : ''}
    </div>
    ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : ''}
    ${
      result
        ? html`<h2>${words.result}</h2>
            <p>${result.summary}</p>
            <h2>${words.reasons}</h2>
            ${paragraphs(result.reasons)}`
        : ''
    }
    ${
      state === 'pending_customer' && question
        ? html`<h2>${words.asked}</h2>
            ${paragraphs(question)}
            ${row.answerBy ? html`<p>${say(words.asked_by, { date: dayIn(row.answerBy, sheet) })}</p>` : ''}`
        : ''
    }
    ${mayDisagree(row, now) ? againForm(row, sheet, at) : ''}
    ${state === 'closed' ? html`<p>${words.again.late}</p>` : moreForm(sheet, at)}
    ${result ? html`<p>${words.outside}</p>` : ''}
    <p class="small">${words.keep} ${row.contact ? words.keep_number : say(words.keep_call, params)}</p>`
  return frame(sheet, { heading: words.heading, body, ...(seen ? { seen } : {}) })
}

const dayIn = (day: string, { language }: Sheet): string => printDay(endOfChinaDay(day), language)
const paragraphs = (text: string) =>
  text
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) => html`<p>${line}</p>`)

function moreForm(sheet: Sheet, at: string): Html {
  const words = wordsIn(sheet)
  return html`<form method="post" action="${to(sheet, `${at}/more`)}">
    <label for="text">${words.more}</label>
    <textarea id="text" name="text" rows="4" maxlength="${TEXT_MAX}" required></textarea>
    <button>${words.more_send}</button>
  </form>`
}

function againForm(row: ComplaintRow, sheet: Sheet, at: string): Html {
  const words = wordsIn(sheet).again
  const until = chinaDay(new Date((row.informedAt?.getTime() ?? 0) + DISAGREE_DAYS * DAY_MS))
  return html`<h2>${words.heading}</h2>
    <p>${say(words.lead, { date: dayIn(until, sheet) })}</p>
    <form method="post" action="${to(sheet, `${at}/again`)}">
      <label for="why">${words.text}</label>
      <textarea id="why" name="text" rows="4" maxlength="${TEXT_MAX}" required></textarea>
      <button>${words.send}</button>
    </form>`
}

/** By number and the contact that was left; a wrong one and none answer alike. */
export function findPage(sheet: Sheet, given?: { number: string; contact: string }): Html {
  const words = wordsIn(sheet).find
  const params = house(sheet.config)
  const body = html`<p>${words.lead}</p>
    ${given ? html`<p class="wrong" role="alert">${say(words.none, params)}</p>` : ''}
    <form method="post" action="${to(sheet, '/n/complaint/find')}">
      <label for="number">${words.number}</label>
      <input id="number" name="number" maxlength="40" autocomplete="off" value="${given?.number ?? ''}" required />
      <label for="contact">${words.contact}</label>
      <input id="contact" name="contact" maxlength="${CONTACT_MAX}" value="${given?.contact ?? ''}" required />
      <button>${words.send}</button>
    </form>`
  return frame(sheet, { heading: words.heading, body })
}
