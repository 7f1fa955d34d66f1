import { html } from 'hono/html'
import { CONTACT_MAX, TEXT_MAX } from '../../shared/letter'
import { wordsIn } from './complained'
import { frame } from './frame'
import { house, say, to, type Html, type Sheet } from './sheet'

export function complaintPage(
  sheet: Sheet,
  action: string,
  about: string | null,
  wrong?: Wrong,
  sent: readonly { number: string }[] = [],
): Html {
  const { complaint } = sheet.words
  const body = html`${sent.length ? sentBefore(sheet, action, sent) : ''}
  ${complaintFields(sheet, action, about, wrong)}`
  return frame(sheet, { heading: complaint.heading, body })
}

/** Whoever holds the link under which they were sent finds them here. */
const sentBefore = (sheet: Sheet, action: string, sent: readonly { number: string }[]): Html =>
  html`<h2>${wordsIn(sheet).yours}</h2>
    <ul class="plain">
      ${sent.map(({ number }) => html`<li><a href="${to(sheet, action, { number })}">${number}</a></li>`)}
    </ul>`

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
    </form>
    <p>
      <a href="${to(sheet, '/n/complaint/find')}">${wordsIn(sheet).find.link}</a>
      ${sheet.config.MAIL_ADDRESS ? say(wordsIn(sheet).by_mail, { mail: sheet.config.MAIL_ADDRESS }) : ''}
    </p>`
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
