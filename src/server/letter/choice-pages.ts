import { html } from 'hono/html'
import { guardianRelations } from '../../shared/asking'
import { consentPurposes, mayAnswer, type ConsentState } from '../../shared/consent'
import { printDay, printMinute } from '../../shared/day'
import { choiceWords, deadlineFrom, matterOf, questionOf } from '../lib/question'
import { answerOf, type Choice, type Receipt } from './choice-rows'
import type { Visit } from './doors'
import { frame } from './frame'
import { identifyPath, type Reader } from './identity'
import type { Letter } from './letter'
import { house, say, to, type Html, type Params, type Sheet } from './sheet'

/** One purpose as it stands before the reader, and what may be pressed. */
export interface Open {
  choice: Choice
  /** The question came with this link and was not heard of as sent yet. */
  put: boolean
  may: { answer: boolean; withdraw: boolean; start: boolean }
}

type Shown = Pick<Visit, 'letter' | 'sheet' | 'at'>
export function choicePage({ letter, sheet, at }: Shown, open: Open, reader: Reader, missing = false): Html {
  if (open.may.answer) return questionPage(sheet, open.choice, reader, missing)
  return open.choice.state === 'given'
    ? givenPage(sheet, open.choice, reader, at)
    : statePage(letter, sheet, open, reader)
}

const paramsFor = (sheet: Sheet, choice: Pick<Choice, 'purpose' | 'subject' | 'until'> & { at: Date }): Params => ({
  ...house(sheet.config),
  new: choice.subject || sheet.words.colleague,
  matter: matterOf(sheet.language, choice.purpose, choice.subject || sheet.words.colleague),
  time: printMinute(choice.at, sheet.language),
  until: printDay(choice.until, sheet.language),
  deadline: printDay(deadlineFrom(choice.at), sheet.language),
})

const action = (sheet: Sheet, { purpose }: Choice): string => to(sheet, `${sheet.base}/choice/${purpose}`)

/** Facts that the page's script fills in; without it they stay empty and nothing else changes. */
const facts = html`<input type="hidden" name="t" /><input type="hidden" name="v" /><input
    type="hidden"
    name="z"
  /><input type="hidden" name="d" /><input type="hidden" name="s" />`

/** Enter in a field presses its form's first button. This one answers nothing: nobody agrees without pressing 同意. */
const noDefault = html`<button hidden></button>`

/** The two answers are one component twice, side by side and always in view; nothing is preselected (3.5 P2, P3). */
function questionPage(sheet: Sheet, choice: Choice, reader: Reader, missing: boolean): Html {
  const words = choiceWords(sheet.language)
  const who = choice.subject || sheet.words.colleague
  const question = questionOf(sheet.language, choice.purpose, { who, until: choice.until })
  const child = consentPurposes[choice.purpose].guardian
  const agrees = mayAnswer('agree', reader.identity)
  const refuses = mayAnswer('refuse', reader.identity)
  const body = html`<p class="what">${question.lead}</p>
    <dl class="points">
      ${question.points.map(
        ([head, text]) =>
          html`<div>
            <dt>${head}</dt>
            <dd>${text}</dd>
          </div>`,
      )}
    </dl>
    ${agrees ? '' : unproven(sheet, choice, reader)}
    ${
      refuses
        ? html`<form method="post" action="${action(sheet, choice)}" class="choose">
            ${facts} ${child && agrees ? html`${noDefault} ${guardian(sheet, missing)}` : ''}
            <div class="pair">
              ${agrees ? html`<button name="answer" value="agree">${words.agree}</button>` : ''}
              <button name="answer" value="refuse">${words.refuse}</button>
            </div>
          </form>`
        : ''
    }`
  return frame(sheet, { heading: question.heading, body, seen: `${sheet.base}/choice/${choice.purpose}/seen` })
}

/** Why 同意 is not offered, and what else there is (T-79). */
function unproven(sheet: Sheet, choice: Choice, reader: Reader): Html {
  const words = choiceWords(sheet.language)
  const params = house(sheet.config)
  if (reader.identity === 'IAL1') return html`<p class="standing" role="status">${say(words.unproven, params)}</p>`
  const prove = html`<p>
    <a class="button" href="${to(sheet, identifyPath(sheet.base!, `choice/${choice.purpose}`))}">${words.prove_act}</a>
  </p>`
  return html`<div class="standing" role="status"><p>${words.prove}</p></div>
    ${prove}
    <p class="small">${say(words.outside, params)}</p>`
}

function guardian(sheet: Sheet, missing: boolean): Html {
  const words = choiceWords(sheet.language).guardian
  return html`<fieldset class="who">
    <legend>${words.legend}</legend>
    ${missing ? html`<p class="wrong" role="alert">${words.missing}</p>` : ''}
    ${guardianRelations.map(
      (relation) =>
        html`<label class="tick"
          ><input type="radio" name="guardian" value="${relation}" /> <span>${words[relation]}</span></label
        >`,
    )}
  </fieldset>`
}

/** What was agreed to, and the way out of it: no more taps than the way in, and no reason (3.5 P5). */
function givenPage(sheet: Sheet, choice: Choice, reader: Reader, now: Date): Html {
  const words = choiceWords(sheet.language)
  const params = { ...paramsFor(sheet, choice), deadline: printDay(deadlineFrom(now), sheet.language) }
  const body = html`<div class="standing" role="status"><p>${say(words.given.line, params)}</p></div>
    <p>${say(words.withdraw.text, params)}</p>
    <p>${words.withdraw.free}</p>
    ${
      mayAnswer('withdraw', reader.identity)
        ? html`<form method="post" action="${action(sheet, choice)}">
            ${facts}
            <button name="answer" value="withdraw">${words.withdraw.act}</button>
          </form>`
        : unproven(sheet, choice, reader)
    }
    <p><a class="button" href="${to(sheet, sheet.base!)}">${words.withdraw.back}</a></p>`
  return frame(sheet, { heading: words.withdraw.heading, body })
}

const said = ['refused', 'withdrawn', 'expired', 'superseded', 'invalidated'] as const

function statePage(letter: Letter, sheet: Sheet, { choice, may }: Open, reader: Reader): Html {
  const words = choiceWords(sheet.language)
  const state = said.find((one) => one === choice.state)
  const params = paramsFor(sheet, choice)
  const body = html`<div class="standing" role="status">
      <p>${state ? say(words[state].line, params) : words.closed}</p>
    </div>
    ${choice.receipt ? html`<p><a href="${to(sheet, `${sheet.base}/receipt/${choice.receipt}`)}">${words.receipt.heading} ${choice.receipt}</a></p>` : ''}
    ${
      may.start && mayAnswer('refuse', reader.identity) && !letter.expired
        ? html`<form method="post" action="${action(sheet, choice)}">
            <button name="answer" value="start" class="button">${words.again}</button>
          </form>`
        : ''
    }`
  return frame(sheet, { heading: state ? words[state].heading : words.question.heading, body })
}

/** For keeping: what was asked, what was answered, when, and under which number. `said`: what follows, in the version in use of M4 or M5 (3.3). */
export function receiptPage(sheet: Sheet, found: Receipt, reader: Reader, said: string | null): Html {
  const words = choiceWords(sheet.language)
  const answer = answerOf(found.type)
  const params: Params = {
    ...paramsFor(sheet, found),
    receipt: found.receipt,
    url: sheet.config.HOTLINE,
  }
  const follows = said ?? words.receipt.agreed
  const row = (head: string, text: unknown) =>
    html`<div>
      <dt>${head}</dt>
      <dd>${text}</dd>
    </div>`
  const spoken = found.channel === 'phone_call' || found.channel === 'paper' ? found.channel : null
  const body = html`<div class="standing" role="status"><p>${say(follows, params)}</p></div>
    <dl class="points">
      ${row(words.receipt.number, html`<b class="whole">${found.receipt}</b>`)}
      ${row(words.receipt.time, html`<time datetime="${found.at.toISOString()}">${params['time']}</time>`)}
      ${row(words.receipt.matter, params['matter'])} ${row(words.receipt.answer, words.receipt.answers[answer])}
      ${row(
        words.receipt.asked,
        found.text.split('\n').map((line) => html`${line}<br />`),
      )}
    </dl>
    ${spoken ? html`<p class="small">${say(words.receipt.spoken, { how: words.receipt.how[spoken] })}</p>` : ''}
    <p class="small">${say(words.receipt.keep, params)}</p>
    ${reader.identity === 'IAL2' ? html`<p><a href="${to(sheet, `${sheet.base}/receipt/${found.receipt}/file`)}" download>${words.receipt.file}</a></p>` : ''}
    ${answer === 'agree' ? html`<p><a class="button" href="${to(sheet, `${sheet.base}/choice/${found.purpose}`)}">${words.withdraw.link}</a></p>` : ''}`
  return frame(sheet, { heading: words.receipt.heading, body })
}

/** On the first page: what is open, and what was agreed to; both lead to their page in one tap. */
export function choiceNotes(sheet: Sheet, choices: readonly Choice[]): Html {
  const words = choiceWords(sheet.language)
  const open: readonly ConsentState[] = ['requested', 'unanswered']
  return html`${choices
    .filter((one) => open.includes(one.state) || one.state === 'given')
    .map((one) => {
      const params = paramsFor(sheet, one)
      const asks = open.includes(one.state)
      return html`<div class="standing ask">
        <p>${say(asks ? words.open.line : words.given.line, params)}</p>
        <a class="button" href="${action(sheet, one)}">${asks ? words.open.act : words.withdraw.link}</a>
      </div>`
    })}`
}

/** For 我的选择和记录: each answer with its number, and where each purpose stands. */
export function choicesSection(
  sheet: Sheet,
  choices: readonly Choice[],
  receipts: readonly { receipt: string | null; purpose: string; type: string; at: Date }[],
): Html {
  const words = choiceWords(sheet.language)
  const line = (one: (typeof receipts)[number]) => {
    const subject = choices.find((c) => c.purpose === one.purpose)?.subject ?? sheet.words.colleague
    const matter = matterOf(sheet.language, one.purpose as Choice['purpose'], subject)
    return html`<li>
      <time datetime="${one.at.toISOString()}">${printMinute(one.at, sheet.language)}</time
      ><span
        >${words.receipt.answers[answerOf(one.type)]} · ${matter} ·
        <a href="${to(sheet, `${sheet.base}/receipt/${one.receipt}`)}">${one.receipt}</a></span
      >
    </li>`
  }
  return html`<h2>${words.section.heading}</h2>
    ${choiceNotes(sheet, choices)}
    ${
      receipts.length
        ? html`<ol class="record">
            ${receipts.map(line)}
          </ol>`
        : choices.length
          ? ''
          : html`<p>${sheet.words.record.consent}</p>`
    }`
}
