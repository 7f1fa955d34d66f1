import { html } from 'hono/html'
import { here, house, say, to, type Html, type Sheet } from './sheet'
import { style } from './style'

/** The paper every page is written on: who writes, how to check that it is true, how to read it larger. */
export function frame(sheet: Sheet, page: { heading: string; body: Html; seen?: string }): Html {
  const { words, config, language, large, base } = sheet
  const link = (page: string, label: string) =>
    sheet.path === `${base}${page}` ? '' : html`<a href="${to(sheet, `${base}${page}`)}">${label}</a>`
  return html`<!doctype html>
    <html lang="${language}" class="${large ? 'large' : 'normal'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.heading} · ${config.COMPANY_NAME}</title>
        ${style}
        <script src="/letter.js" defer ${page.seen ? html`data-seen="${page.seen}"` : ''}></script>
      </head>
      <body>
        <header>
          <p class="company">${config.COMPANY_FULL_NAME}</p>
          <nav class="switches">
            <a href="${here(sheet, { size: large ? '' : 'large' })}">${large ? words.normal : words.large}</a>
            <a
              href="${here(sheet, { lang: language === 'en' ? 'zh-CN' : 'en' })}"
              lang="${language === 'en' ? 'zh-CN' : 'en'}"
              >${words.other}</a
            >
          </nav>
        </header>
        <main>
          <h1>${page.heading}</h1>
          ${page.body}
        </main>
        <footer>
          ${
            base
              ? html`<nav class="more">
                  ${link('', words.back)} ${link('/full', words.links.full)} ${link('/record', words.links.record)}
                </nav>`
              : ''
          }
          <dl class="contacts">
            <dt>${words.hotline}</dt>
            <dd>${say('{tel}', house(config))}</dd>
            <dt>${words.privacy}</dt>
            <dd>${say('{person} {mail}', house(config))}</dd>
          </dl>
          <p class="small">${words.wary}</p>
        </footer>
      </body>
    </html>`
}
