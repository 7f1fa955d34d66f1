import { html } from 'hono/html'
import * as z from 'zod/mini'
import { objectionForm, TEXT_MAX } from '../../shared/letter'
import { objectionKinds } from '../../shared/objection'
import { object } from './answers'
import { fields, home, look, page, type Door } from './doors'
import { frame } from './frame'
import { dayIn, objectionCloses, paramsOf, type Letter } from './letter'
import { say, to, type Html, type Params, type Sheet } from './sheet'

/** 我想换人: a wish that a manager must answer. It touches no consent. */
export function objectionDoors(door: Door): void {
  door('GET', '/objection', async (v) => {
    if (!v.letter.may.object) return home(v)
    look(v, 'objection')
    return page(v.c, objectionPage(v.letter, v.sheet))
  })
  door('POST', '/objection', async (v) => {
    if (!v.letter.may.object) return home(v)
    const form = z.safeParse(objectionForm, await fields(v.c))
    if (!form.success) return page(v.c, objectionPage(v.letter, v.sheet, v.sheet.words.complaint.long), 400)
    const { text, share, about } = form.data
    await object(v, v.letter, { text, share: share === 'yes', about: about || null })
    return home(v)
  })
}

export function objectionPage(letter: Letter, sheet: Sheet, wrong?: string): Html {
  const words = sheet.words.objection
  const params = paramsOf(letter, sheet)
  const body = html`<p>${words.lead}</p>
    ${wrong ? html`<p class="wrong" role="alert">${wrong}</p>` : ''}
    <form method="post" action="${to(sheet, `${sheet.base}/objection`)}">
      <fieldset>
        <legend>${words.about}</legend>
        ${objectionKinds.map(
          (kind) =>
            html`<label class="tick"
              ><input type="radio" name="about" value="${kind}" /> <span>${words.kinds[kind]}</span></label
            >`,
        )}
      </fieldset>
      <label for="text">${words.text}</label>
      <textarea id="text" name="text" rows="4" maxlength="${TEXT_MAX}" aria-describedby="reads"></textarea>
      <p class="small" id="reads">${words.reads}</p>
      <label class="tick"
        ><input type="checkbox" name="share" value="yes" /> <span>${say(words.share, params)}</span></label
      >
      <button>${words.send}</button>
    </form>`
  return frame(sheet, { heading: words.heading, body })
}

/** What became of the last wish, before everything else on the letter. */
export function wishLines(letter: Letter, sheet: Sheet, params: Params, now: Date): Html[] {
  const words = sheet.words.objection
  const { objection } = letter
  if (!objection) return []
  const { at, due, open, outcome, answer } = objection
  if (open)
    return [
      html`<p><b>${words.done}</b></p>`,
      html`<p>
        ${say(due < now ? words.late : words.next, { ...params, due: dayIn(due, sheet.language).date })}${objectionCloses() ? say(words.closed, params) : ''}
      </p>`,
    ]
  const said = html`<p>${say(words[outcome ?? 'passed_on'], { ...params, ...dayIn(at, sheet.language) })}</p>`
  return answer ? [said, html`<blockquote>${answer}</blockquote>`, html`<p>${words.again}</p>`] : [said]
}
