import { createServer } from 'node:http'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser } from '../support/browser'
import { openStage } from '../support/stage'
import { prologue } from '../../mock/prologue'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { load, median, SLOW_3G } from './page'
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const stage = await openStage({ DATA_DIR: folder })
  const browser = await launchBrowser()
  await prologue(stage)
  const successor = await signIn(stage.simulator, stage.appUrl, STORY.successor)
  const { items } = await successor.ask<{ items: { handover: string; label: string }[] }>('GET', '/api/inherited')
  const due = items.find((i) => i.label === 'to_tell')!
  const attempt = await successor.ask<{ id: string; link: string }>('POST', `/api/handovers/${due.handover}/notice`, { language: 'zh-CN' })
  await successor.ask('POST', `/api/notice-attempts/${attempt.id}/outcome`, { form: 'text', outcome: 'sent' })
  const link = attempt.link.replace(stage.windowUrl, stage.appUrl)
  const first = await fetch(link)
  const heads = Object.fromEntries([...first.headers].filter(([k]) => !['content-encoding','transfer-encoding','content-length','connection','date','keep-alive'].includes(k)))
  console.error([...first.headers])
  const html = await first.text()
  writeFileSync('/tmp/letter.html', html)
  const js = await (await fetch(stage.appUrl + '/letter.js')).text()
  const noscript = (h: string) => h.replace(/<script[^]*?<\/script>/g, '')
  const variants: Record<string, Record<string, string>> = { bare: { 'content-type': 'text/html; charset=utf-8' }, all: heads }
  for (const k of Object.keys(heads)) if (k !== 'content-type') { const { [k]: _, ...rest } = heads; variants['-' + k] = rest }
  const urls: [string, string][] = []
  for (const [name, hs] of Object.entries(variants)) {
    const z = gzipSync(html)
    const server = createServer((q, a) => {
      if (q.url === '/letter.js') { const s = gzipSync(js); a.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip' }); a.end(s); return }
      a.writeHead(200, { ...hs, 'content-encoding': 'gzip' }); a.end(z) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    urls.push([name, `http://127.0.0.1:${(server.address() as any).port}/`])
  }
  const times: Record<string, number[]> = {}
  for (let n = 0; n < 5; n++)
    for (const [name, url] of [['real', link], ...urls] as [string, string][])
      (times[name] ??= []).push((await load(browser, url, 'h1', undefined, SLOW_3G)).contentful)
  for (const [name, t] of Object.entries(times)) console.error(name.padEnd(16), Math.round(median(t)), t.map(Math.round).join(' '))
  await browser.close(); await stage.close(); process.exit(0)
}
