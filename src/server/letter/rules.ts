import { html } from 'hono/html'
import { printDay } from '../../shared/day'
import { act } from '../db/act'
import { textInUse } from '../db/text'
import { open, type House } from '../lib/serve'
import { page, safely } from './doors'
import { frame } from './frame'
import { table } from './full'
import { listsOf } from './letter'
import { house as ours, say, sheetOf, to, type Html, type Params, type Sheet } from './sheet'

/** The rules that M8 leads to (compliance S15): the same for everybody who has just met us, so the address holds nobody's secret. */
export function rulesDoor(house: House): void {
  const { deps } = house
  open(house, 'GET', '/n/rules', 'anyone', (c) =>
    safely(deps, c, null, () =>
      act(deps.db, deps.now(), 'customer', async (tx, audit) => {
        const text = await textInUse(tx, audit, deps.now(), 'page')
        return page(c, rulesPage(sheetOf(c, deps.config, null, 'zh-CN', text)))
      }),
    ),
  )
}

function rulesPage(sheet: Sheet): Html {
  const { rules, full, complaint } = sheet.words
  const params: Params = { ...ours(sheet.config), ...listsOf(sheet), new: rules.next }
  const part = ([head, text]: readonly string[], more: Html | string = '', values = params): Html =>
    html`<section>
      <h2>${say(head ?? '', values)}</h2>
      <p>${say(text ?? '', values)}</p>
      ${more}
    </section>`
  const since = sheet.text && { version: sheet.text.version, date: printDay(sheet.text.since, sheet.language) }
  const body = html`
    <p>${say(rules.lead, params)}</p>
    ${since && html`<p class="small">${say(full.version, since)}</p>`}
    ${part(full.we, '', { ...params, company: sheet.config.COMPANY_FULL_NAME })}
    ${part(
      rules.use,
      html`${table(sheet, params, 'serving')}
        <p>${full.automatic}</p>`,
    )}
    ${part(rules.changes)} ${part(rules.closed)} ${part(full.vendors)} ${part(rules.rights)} ${part(rules.children)}
    ${part(
      rules.complaints,
      html`<p><a class="button" href="${to(sheet, '/n/complaint')}">${complaint.heading}</a></p>`,
    )}
  `
  return frame(sheet, { heading: rules.heading, body })
}
