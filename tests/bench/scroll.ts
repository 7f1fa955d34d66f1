import type { Browser } from 'playwright-core'
import { STORY } from '../../mock/people'
import type { Stage } from '../support/stage'

const CUSTOMERS = 10_000

interface TraceEvent {
  name: string
  ph: string
  ts: number
  dur?: number
  /** Time the thread really worked: on a busy machine less than what passed. */
  tdur?: number
  pid: number
  tid: number
  args?: { name?: string }
}

/**
 * The longest task of the page's main thread, in ms, while somebody scrolls through 10,000 inherited customers on a processor
 * four times slower. What is asked of the server is answered at once: the list is measured, not the line.
 */
export async function longestScrollTask(browser: Browser, { windowUrl }: Stage): Promise<{ ms: number; rows: number }> {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'zh-CN' })
  const page = await context.newPage()
  await context.request.post(`${windowUrl}/__window/desk`, { data: { member: STORY.successor, entry: 'workbench' } })
  await page.route('**/api/inherited*', (route) => {
    const asked = new URL(route.request().url()).searchParams
    const [from, limit] = [Number(asked.get('after') ?? 0), Number(asked.get('limit') ?? 50)]
    const to = Math.min(CUSTOMERS, from + limit)
    const items = Array.from({ length: to - from }, (_, n) => row(from + n))
    return route.fulfill({
      json: { items, next: to < CUSTOMERS ? String(to) : null, total: CUSTOMERS, toTell: 0, inChat: 0 },
    })
  })
  await page.goto(`${windowUrl}/workbench#/inherited`)
  await page.locator('.row-body').first().waitFor()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] })
  const until = Date.now() + 12_000
  while (Date.now() < until) {
    await page.mouse.move(180, 320)
    // 8,000 pixels a second, as a hard fling does.
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(50)
  }
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const rows = await page.evaluate(() => document.querySelectorAll('.row-body').length)
  await context.close()
  return { ms: longest(trace.traceEvents), rows }
}

/** Of the busiest renderer's main thread: another page of the browser may be open. */
function longest(events: readonly TraceEvent[]): number {
  const mains = events.filter((e) => e.name === 'thread_name' && e.args?.name === 'CrRendererMain')
  const key = (e: TraceEvent) => `${e.pid} ${e.tid}`
  const wanted = new Set(mains.map(key))
  const tasks = events.filter((e) => /RunTask$/.test(e.name) && e.ph === 'X' && wanted.has(key(e)))
  if (!tasks.length) throw new Error('the trace holds no tasks')
  return Math.round(Math.max(...tasks.map((e) => (e.tdur ?? e.dur ?? 0) / 1000)))
}

const at = '2026-11-01T02:00:00.000Z'
const row = (n: number) => ({
  ...{ handover: `h${n}`, label: 'told', transfer: 'taken_over', notice: 'sent', submittedAt: at, takeoverAt: at },
  ...{ settledAt: at, sentAt: at, openedAt: null, answeredAt: null, errcode: null, customer: `c${n}` },
  ...{ shortName: '王*', company: `宏远建材有限公司第 ${n} 分公司`, from: '林晓', promisesDue: n % 5 ? 0 : 2 },
})
