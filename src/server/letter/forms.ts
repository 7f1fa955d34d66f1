import { html } from 'hono/html'
import { CONTACT_MAX, TEXT_MAX } from '../../shared/letter'
import { printDay } from '../../shared/day'
import { frame } from './frame'
import { house, say, to, type Html, type Sheet } from './sheet'

export function complaintPage(sheet: Sheet, action: string, about: string | null, wrong?: Wrong): Html {
  return frame(sheet, { heading: sheet.words.complaint.heading, body: complaintFields(sheet, action, about, wrong) })
}

export interface Wrong {
  why: string
  text: string
  contact: string
}

/** Works without a login, without a letter, without JavaScript (compliance 3.5 P11, T-31). */
export function complaintFields(sheet: Sheet, action: string, about: string | null, wrong?: Wrong): Html {
  const words = sheet.words.complaint
  const params = house(sheet.config)
  return html`<p>${about === null ? say(words.leadUnknown, params) : say(words.lead, { ...params, new: about })}</p>
    ${wrong ? html`<p class="wrong" role="alert">${wrong.why}</p>` : ''}
    <form method="post" action="${to(sheet, action)}">
      <label for="text">${words.text}</label>
      <textarea id="text" name="text" rows="5" maxlength="${TEXT_MAX}" required>${wrong?.text ?? ''}</textarea>
      <label for="contact">${words.contact}</label>
      <input id="contact" name="contact" maxlength="${CONTACT_MAX}" value="${wrong?.contact ?? ''}" />
      <button>${words.send}</button>
    </form>`
}

export function receiptPage(sheet: Sheet, number: string): Html {
  const words = sheet.words.complaint
  const params = { ...house(sheet.config), number }
  const body = html`<div class="standing" role="status"><p>${say(words.done, params)}</p></div>
    <p>${say(words.next, params)}</p>
    <p>${say(words.keep, params)}</p>`
  return frame(sheet, { heading: words.heading, body })
}

/** Unknown, too many, broken: always who we are, how to reach us and a way to complain. */
export function plainPage(sheet: Sheet, kind: 'unknown' | 'limited' | 'broken'): Html {
  const { heading, text } = sheet.words[kind]
  const form = kind === 'unknown' ? html`<h2>${sheet.words.complaint.heading}</h2>` : ''
  const fields = kind === 'unknown' ? complaintFields(sheet, '/n/complaint', null) : ''
  return frame(
    { ...sheet, base: null },
    {
      heading,
      body: html`<p>${text}</p>
        ${form} ${fields}`,
    },
  )
}

/** Where everything was deleted at the customer's request: that it was, and nothing else. */
export function erasedPage(sheet: Sheet, done: { number: string; executedAt: Date | null }): Html {
  const { heading, text } = sheet.words.erased
  const at = done.executedAt ? printDay(done.executedAt, sheet.language) : ''
  const body = html`<p>${say(text, { ...house(sheet.config), number: done.number, date: at })}</p>`
  return frame({ ...sheet, base: null }, { heading, body })
}
