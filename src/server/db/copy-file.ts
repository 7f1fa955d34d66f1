import { html } from 'hono/html'
import type { Json } from '../../shared/canonical'
import { printMinute } from '../../shared/day'
import { fill, type Language } from '../../shared/lang/fill'
import { copyLetter as en } from '../../shared/lang/en/letter/copy'
import { copyLetter as zh } from '../../shared/lang/zh-CN/letter/copy'
import { zip } from '../lib/zip'
import { copyOf, type Copy, type CopyRow } from './copy'
import type { Db } from './open'

/** Whose house it comes from, and what to write above it. */
interface Head {
  number: string
  at: Date
  language: Language
  kind: 'all' | 'given'
  house: Record<'company' | 'person' | 'mail' | 'tel', string>
}

/** One ZIP: a page to read (no script, nothing from outside) and the same as JSON. */
export async function copyFile(db: Db, customerId: string, head: Head): Promise<Buffer> {
  const copy = await copyOf(db, customerId, head.kind)
  const { number, at, house } = head
  const json = { schema: 'jiebang-copy/1', number, made_at: at.toISOString(), by: house.company, ...copy }
  return zip([
    { name: 'copy.html', body: (await page(copy, head)).toString() },
    { name: 'copy.json', body: `${JSON.stringify(json, null, 1)}\n` },
  ])
}

type Words = (typeof zh)['copy']

function page(copy: Copy, { number, at, language, kind, house }: Head) {
  const { copy: words } = language === 'en' ? en : zh
  const params = { ...house, number, time: printMinute(at, language) }
  return html`<!doctype html>
    <html lang="${language}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${words.title}</title>
      <style>
        body {
          max-width: 48rem;
          margin: 0 auto;
          padding: 1rem;
          font:
            1rem/1.6 system-ui,
            sans-serif;
        }
        article {
          margin: 0.75rem 0;
          padding: 0.5rem 0.75rem;
          border-inline-start: 3px solid #8884;
          overflow-wrap: anywhere;
        }
        dl {
          display: grid;
          grid-template-columns: minmax(6rem, 30%) 1fr;
          gap: 0.25rem 0.75rem;
          margin: 0;
        }
        dt {
          color: #5f6368;
        }
        dd {
          margin: 0;
          white-space: pre-wrap;
        }
      </style>
      <h1>${words.title}</h1>
      <p>${fill(words.made, params)}</p>
      <p>${fill(kind === 'given' ? words.about_move : words.about, params)}</p>
      ${copy.parts.map(({ name, rows }) => section(words.tables[name as keyof Words['tables']] ?? name, rows, words, language))}
      ${kind === 'all' ? section(words.looks, copy.looks, words, language) : ''}
    </html>`
}

const section = (title: string, rows: readonly CopyRow[] | Copy['looks'], words: Words, language: Language) =>
  html`<section>
    <h2>${title}</h2>
    ${rows.length ? rows.map((row) => html`<article>${list(row, words, language)}</article>`) : html`<p>${words.none}</p>`}
  </section>`

/** What is empty says nothing and is left out; in the JSON it stands as null. */
const list = (row: object, words: Words, language: Language) =>
  html`<dl>
    ${Object.entries(row)
      .map(([name, value]) => [name, printed(value as Json, language)] as const)
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<dt>${words.columns[name as keyof Words['columns']] ?? name}</dt>
            <dd>${value}</dd>`,
      )}
  </dl>`

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

function printed(value: Json, language: Language): string {
  if (value === null || value === false) return ''
  if (value === true) return '✓'
  if (typeof value === 'string') return INSTANT.test(value) ? printMinute(new Date(value), language) : value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value))
    return (value as Json[]).map((one) => printed(one, language)).join(language === 'en' ? ', ' : '、')
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${printed(one ?? null, language)}`)
    .join('\n')
}
