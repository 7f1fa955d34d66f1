import { html } from 'hono/html'
import { fieldClasses, type Standpoint } from '../../shared/access'
import { explainable, type Explainable } from '../../shared/request'
import { frame } from './frame'
import { paramsOf, type Letter } from './letter'
import { say, to, type Html, type Params, type Sheet } from './sheet'

/** Layer 2: the whole notice in eleven parts, its table printed from the access table (compliance 3.4). */
export function fullPage(letter: Letter, sheet: Sheet, note: Html | string = ''): Html {
  const words = sheet.words.full
  const params = paramsOf(letter, sheet)
  const part = (line: Explainable, more: Html | string = '', values: Params = params): Html => {
    const [head, text] = words[line]
    // A preview is nobody's letter: there is nobody to ask.
    const ask = sheet.base && to(sheet, `${sheet.base}/request`, { kind: 'explain_rules', about: line })
    return html`<section>
      <h2>${say(head, values)}</h2>
      <p>${say(text, values)}</p>
      ${more} ${ask ? html`<p class="small"><a href="${ask}">${sheet.words.request.explain}</a></p>` : ''}
    </section>`
  }
  const body = html`
    ${note}
    <p class="small">${say(words.version, params)}</p>
    ${part('we', '', { ...params, company: sheet.config.COMPANY_FULL_NAME })} ${part('what')}
    ${part(
      'use',
      html`${table(sheet, params)}
        <p>${words.automatic}</p>`,
    )}
    ${explainable.slice(3, -1).map((line) => part(line))}
    ${part('changes', sheet.base === null ? '' : html`<p><a href="${to(sheet, `${sheet.base}/versions`)}">${sheet.words.versions.heading}</a></p>`)}
    ${sheet.base === null ? '' : html`<p><a class="button" href="${to(sheet, `${sheet.base}/full/file`)}">${sheet.words.request.download}</a></p>`}
  `
  return frame(sheet, { heading: words.heading, body })
}

/**
 * What is seen, one row a class; `also` sees all of it. On a narrow screen each row becomes a block, so every cell carries its column's
 * name; the roles keep it a table.
 */
export function table(sheet: Sheet, params: Params, ...also: Standpoint[]): Html {
  const { full, fields, who, listed } = sheet.words
  const { seen } = sheet.lists
  const rows = fieldClasses.filter((c) => seen[c].includes('successor'))
  const [, ...columns] = full.columns
  const cells = (c: (typeof rows)[number]) => [
    fields[c].use,
    fields[c].how,
    say([...new Set([...also, ...seen[c]])].map((w) => who[w]).join(listed), params),
    sheet.config.RETENTION,
  ]
  return html`<table role="table">
    <thead role="rowgroup">
      <tr role="row">
        ${full.columns.map((c) => html`<th role="columnheader" scope="col">${c}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (c) =>
          html`<tr role="row">
            <th role="rowheader" scope="row">${fields[c].name}</th>
            ${cells(c).map(
              (cell, n) =>
                html`<td role="cell"><span class="column" aria-hidden="true">${columns[n]}</span>${cell}</td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`
}
