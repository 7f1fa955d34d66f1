import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { prologue } from '../../mock/prologue'
import { STORY } from '../../mock/people'
import { launchBrowser } from '../support/browser'
import { freePort, openStage, type Stage } from '../support/stage'
import { load, median, type Load } from './page'
import { longestScrollTask } from './scroll'
import { BRIEF, openSkeleton } from './skeleton'

const ROUNDS = 5

/**
 * The sidebar's first useful screen for a customer just taken over, against two baselines of the same run: a page of plain DOM
 * that shows as much, and our packages without our code.
 */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const stage = await openStage({ DATA_DIR: folder })
  const browser = await launchBrowser()
  const skeleton = await openSkeleton()
  try {
    await prologue(stage)
    const customer = takenOver(stage)
    const plainUrl = await servePlain()
    const rounds: Record<'app' | 'plain' | 'bare', Load>[] = []
    for (let n = 0; n < ROUNDS; n++)
      rounds.push({
        app: await openSidebar(browser, stage, customer),
        plain: await load(browser, plainUrl, 'main h1'),
        bare: await load(browser, skeleton.url, 'main h1'),
      })
    const app = (of: (load: Load) => number) => median(rounds.map((r) => of(r.app)))
    const over = (base: 'plain' | 'bare', of: (load: Load) => number) =>
      Math.round(100 * median(rounds.map((r) => of(r.app) / of(r[base])))) / 100
    const scroll = await longestScrollTask(browser, stage)
    const figures = {
      jsGzip: app((l) => l.jsGzip),
      cssGzip: app((l) => l.cssGzip),
      requests: app((l) => l.requests),
      bytesOverSkeleton: over('bare', (l) => l.jsGzip + l.cssGzip),
      timeOverSkeleton: over('bare', (l) => l.visible),
      timeOverPlainDom: over('plain', (l) => l.visible),
      paintedOverPlainDom: over('plain', (l) => l.painted),
      shift: Math.round(1000 * app((l) => l.shift)) / 1000,
      heapBytes: app((l) => l.heap),
      longestScrollTaskMs: scroll.ms,
      rowsInDocument: scroll.rows,
    }
    return {
      figures,
      rows: [
        ['JavaScript, gzip bytes', figures.jsGzip, 'aim ≤ 98304'],
        ['CSS, gzip bytes', figures.cssGzip, 'aim ≤ 10240'],
        ['requests', figures.requests],
        ['something painted, ms (4× CPU, 1.6 Mbps)', Math.round(app((l) => l.painted)), 'aim ≤ 900'],
        ['words painted, ms', Math.round(app((l) => l.contentful))],
        ['brief visible, ms', Math.round(app((l) => l.visible)), 'aim ≤ 1500'],
        ['script and style, ratio to our packages alone', figures.bytesOverSkeleton, 'aim ≤ 1.25'],
        ['visible, ratio to our packages alone', figures.timeOverSkeleton, 'aim ≤ 1.25'],
        ['visible, ratio to plain DOM', figures.timeOverPlainDom],
        ['painted, ratio to plain DOM', figures.paintedOverPlainDom],
        ['layout shift', figures.shift, 'aim < 0.05'],
        ['heap, bytes', figures.heapBytes, 'aim ≤ 4194304'],
        ['longest task while scrolling 10,000, ms (4× CPU)', figures.longestScrollTaskMs, 'aim < 50'],
        ['rows in the document meanwhile', figures.rowsInDocument],
      ],
    }
  } finally {
    skeleton.close()
    await browser.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function takenOver({ simulator }: Stage): string {
  const found = simulator.ledger.find((e) => e.kind === 'taken_over' && e.takeover === STORY.successor)
  if (!found?.externalUserid) throw new Error('nobody was taken over')
  return found.externalUserid
}

/** What one answer of the client takes here: nobody has measured a real one, and a message to a native process takes less. */
const CLIENT_MS = 20

/**
 * Signed in once, as a member is all day; the measured load is opening another chat. The client answers there as it did before, but
 * by itself: the simulated one asks its own server for each, which takes 100 ms on the slow processor, and no real one does.
 */
function openSidebar(browser: Browser, { windowUrl }: Stage, customer: string): Promise<Load> {
  return load(browser, `${windowUrl}/sidebar`, '[data-testid="brief"]', async (context) => {
    await context.request.post(`${windowUrl}/__window/desk`, {
      data: { member: STORY.successor, entry: 'sidebar', customer },
    })
    const first = await context.newPage()
    const answers: Record<string, string> = {}
    first.on('response', async (response) => {
      if (!response.url().endsWith('/__window/bridge')) return
      const { name } = response.request().postDataJSON() as { name: string }
      answers[name] = await response.text()
    })
    await first.goto(`${windowUrl}/sidebar`)
    await first.waitForSelector('[data-testid="brief"]')
    await first.close()
    if (!answers['getCurExternalContact']) throw new Error('the client was not asked whose chat it is')
    await context.addInitScript(answerAtOnce, { answers, ms: CLIENT_MS })
  })
}

/** In the page, before the bridge: what it would ask its server is known. Anything else goes there. */
function answerAtOnce({ answers, ms }: { answers: Record<string, string>; ms: number }): void {
  const ask = window.fetch.bind(window)
  window.fetch = (address, init) => {
    const name = address === '/__window/bridge' ? (JSON.parse(init?.body as string) as { name: string }).name : ''
    const known = answers[name]
    if (known === undefined) return ask(address, init)
    return new Promise((answer) => setTimeout(() => answer(new Response(known)), ms))
  }
}

async function servePlain(): Promise<string> {
  const port = await freePort()
  const page = `<!doctype html><meta charset=utf-8><title>plain</title><main></main><script>
fetch('/brief.json').then((r) => r.json()).then((b) => {
  const add = (tag, text) => document.querySelector('main').append(Object.assign(document.createElement(tag), { textContent: text }))
  add('h1', b.name); b.lines.forEach((line) => add('p', line))
})</script>`
  serve({
    fetch: (r) =>
      r.url.endsWith('.json')
        ? new Response(BRIEF, { headers: { 'content-type': 'application/json' } })
        : new Response(page, { headers: { 'content-type': 'text/html' } }),
    port,
    hostname: '127.0.0.1',
  })
  return `http://127.0.0.1:${port}/`
}
