import { html } from 'hono/html'
import * as z from 'zod/mini'
import { CONTACT_MAX, requestForm, TEXT_MAX } from '../../shared/letter'
import {
  correctable,
  explainable,
  isCorrection,
  isEnough,
  type Explainable,
  type IdentityLevel,
  type RequestKind,
} from '../../shared/request'
import { fill } from '../../shared/lang/fill'
import { frame } from './frame'
import { to, type Html, type Params, type Sheet } from './sheet'

interface Given {
  about: string
  text: string
  contact: string | null
}
interface WrongRequest extends Given {
  why: string
}

/** Kinds that mean nothing without words. */
const needsWords = (kind: RequestKind): boolean =>
  isCorrection(kind) || ['object', 'withdraw', 'explain_rules', 'deceased'].includes(kind)

/** One form a kind; it works without JavaScript and loses nothing when something is missing. */
export function requestFormPage(
  sheet: Sheet,
  kind: RequestKind,
  level: IdentityLevel,
  params: Params,
  wrong?: WrongRequest,
): Html {
  const words = sheet.words.request
  const asked = wrong?.about ?? sheet.query.get('about') ?? ''
  const body = html`<p>${words.notes[kind]}</p>
    ${wrong ? html`<p class="wrong" role="alert">${wrong.why}</p>` : ''}
    <form method="post" action="${to(sheet, `${sheet.base}/request`)}">
      <input type="hidden" name="kind" value="${kind}" />
      ${kind === 'explain_rules' ? select(words.about, explainable, (one) => headOf(sheet, one, params), asked) : ''}
      ${isCorrection(kind) ? select(words.field, correctable, (one) => words.fields[one], asked) : ''}
      ${kind === 'explain_allocation' ? '' : texts(sheet, kind, wrong)}
      ${isEnough(level, kind) ? '' : html`<p class="small">${words.identity}</p>`}
      <button>${words.send}</button>
    </form>`
  return frame(sheet, { heading: words.kinds[kind], body })
}

const headOf = (sheet: Sheet, line: Explainable, params: Params): string => fill(sheet.words.full[line][0], params)

function select<T extends string>(
  label: string,
  options: readonly T[],
  name: (one: T) => string,
  chosen: string,
): Html {
  return html`<label for="about">${label}</label>
    <select id="about" name="about">
      ${options.map((one) => html`<option value="${one}" ${one === chosen ? 'selected' : ''}>${name(one)}</option>`)}
    </select>`
}

function texts(sheet: Sheet, kind: RequestKind, wrong?: WrongRequest): Html {
  const words = sheet.words.request
  const label = isCorrection(kind) ? words.value : needsWords(kind) ? words.text_needed : words.text
  return html`<label for="text">${label}</label>
    <textarea id="text" name="text" rows="4" maxlength="${TEXT_MAX}" ${needsWords(kind) ? 'required' : ''}>
${wrong?.text ?? ''}</textarea>
    ${
      kind === 'explain_rules'
        ? ''
        : html`<label for="contact">${words.contact}</label>
            <input id="contact" name="contact" maxlength="${CONTACT_MAX}" value="${wrong?.contact ?? ''}" />`
    }`
}

/** What the form said, or what is wrong with it; null: it is no kind that there is. */
export function readRequest(
  fields: Partial<Record<string, string>>,
  sheet: Sheet,
): { kind: RequestKind; given: Given | WrongRequest } | null {
  const form = z.safeParse(requestForm, fields)
  if (!form.success) return null
  const { kind, text, contact, about } = form.data
  const allowed: readonly string[] = kind === 'explain_rules' ? explainable : isCorrection(kind) ? correctable : []
  const given = { about: about && allowed.includes(about) ? about : (allowed[0] ?? ''), text, contact: contact || null }
  if (text.length > TEXT_MAX) return { kind, given: { ...given, why: sheet.words.complaint.long } }
  if (needsWords(kind) && !text) return { kind, given: { ...given, why: sheet.words.request.empty } }
  return { kind, given }
}
