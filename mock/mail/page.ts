import type { MailHost } from './host'
import { simpleParser } from 'mailparser'

const clean = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)

/** The customers' side of the simulated mail server, for a person who tries things out: write to the company, read what came. */
export function mailPage(host: MailHost): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method === 'POST') {
      const form = new URLSearchParams(await request.text())
      const said = (name: string) => form.get(name) ?? ''
      const from = said('from').trim() || 'wang@customer.example'
      const answers = said('answers')
      host.write({
        from,
        to: host.address,
        subject: said('subject').replace(/[\r\n]+/g, ' '),
        text: said('text'),
        ...(answers ? { headers: { 'In-Reply-To': answers.replace(/[\r\n]+/g, ' ') } } : {}),
      })
      return new Response(null, { status: 303, headers: { location: '/' } })
    }
    return new Response(await page(host), { headers: { 'content-type': 'text/html; charset=utf-8' } })
  }
}

async function page(host: MailHost): Promise<string> {
  const owners = host.owners().filter((owner) => owner !== host.address)
  const boxes = await Promise.all(owners.map(async (owner) => box(owner, host.lying(owner))))
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>邮件 · 模拟</title><style>body{font:16px/1.6 sans-serif;max-width:40rem;margin:1rem auto;padding:0 1rem;color-scheme:light dark}
input,textarea,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}pre{white-space:pre-wrap}</style>
<h1>写给 ${clean(host.address)}</h1>${form('wang@customer.example', '', '')}${boxes.join('')}</html>`
}

async function box(owner: string, mails: readonly string[]): Promise<string> {
  const read = await Promise.all(mails.map((raw) => simpleParser(raw)))
  const shown = read.map(
    (mail) => `<details open><summary>${clean(mail.subject ?? '')}</summary><pre>${clean(mail.text ?? '')}</pre>
${form(owner, `Re: ${mail.subject ?? ''}`, mail.messageId ?? '')}</details>`,
  )
  return `<h2>${clean(owner)}</h2>${shown.reverse().join('')}`
}

const form = (from: string, subject: string, answers: string): string => `<form method="post">
<input name="from" aria-label="发件人" value="${clean(from)}"><input name="subject" aria-label="主题" placeholder="主题" value="${clean(subject)}">
<textarea name="text" aria-label="正文" rows="3" required></textarea><input type="hidden" name="answers" value="${clean(answers)}">
<button>发送</button></form>`
