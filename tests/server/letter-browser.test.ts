import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser'
import { openDesk, tell, type Desk } from '../support/handovers'

/** The customer's page in a real browser. The file beside it is served as the built app serves them. */
let desk: Desk
let browser: Browser
let origin: string
let close: () => void

beforeAll(async () => {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => answer(request) })
  if (!server.listening) await new Promise((done) => server.once('listening', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  desk = await openDesk({ PUBLIC_URL: origin })
  browser = await launchBrowser()
  close = () => server.close()
})
afterAll(async () => {
  await browser.close()
  close()
  await desk.close()
})

async function answer(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  if (pathname === '/letter.js')
    return new Response(readFileSync('public/letter.js'), { headers: { 'content-type': 'text/javascript' } })
  const body = request.method === 'POST' ? await request.text() : undefined
  return desk.request(pathname + search, {
    method: request.method,
    headers: request.headers,
    ...(body ? { body } : {}),
  })
}

const told = async () => tell(await desk.handover())
const stateOf = async ({ attempt }: { attempt: string }) =>
  (
    await desk.db
      .selectFrom('noticeAttempt')
      .innerJoin('notice', 'notice.handoverId', 'noticeAttempt.handoverId')
      .select('notice.state')
      .where('noticeAttempt.id', '=', attempt)
      .executeTakeFirstOrThrow()
  ).state

async function visit<T>(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, ...options })
  const page = await context.newPage()
  try {
    await page.goto(origin + path)
    return await look(page)
  } finally {
    await context.close()
  }
}

const faults = (page: Page): Promise<string[]> =>
  page.evaluate(
    `(() => { const module = undefined, exports = undefined; ${axe.source};
      return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        .then((r) => r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join())) })()`,
  )
const tooSmall = (page: Page, least: number): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('button, a.button, nav a, textarea, .tick')]
      .filter((e) => e.getBoundingClientRect().height < ${least} || e.getBoundingClientRect().width < 44)
      .map((e) => e.textContent.trim())`,
  )

describe('every page, for every eye (Q61, Q64, Q65)', () => {
  it.each([
    ['narrow', '', { viewport: { width: 320, height: 640 } }, 44],
    ['dark', '', { colorScheme: 'dark' }, 44],
    ['large', '?size=large', {}, 60],
    ['large and English', '?size=large&lang=en', { viewport: { width: 320, height: 640 } }, 60],
  ] as [string, string, BrowserContextOptions, number][])('%s', async (_, query, options, least) => {
    const { path } = await told()
    for (const part of ['', '/full', '/record', '/objection', '/complaint'])
      await visit(path + part + query, options, async (page) => {
        expect(await faults(page), part).toEqual([])
        expect(await tooSmall(page, least), part).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), part).toBe(0)
      })
  })
})

it('weighs little and asks nobody else', async () => {
  const { path } = await told()
  const asked: string[] = []
  let bytes = 0
  await visit('/n/complaint', {}, async (page) => {
    page.on('response', (response) => {
      asked.push(response.url())
      void response.body().then((body) => (bytes += gzipSync(body).length))
    })
    await page.goto(origin + path, { waitUntil: 'networkidle' })
  })
  expect(asked.filter((url) => !url.startsWith(`${origin}/`))).toEqual([])
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes).toBeLessThan(30 * 1024)
})

it('counts as opened after two seconds before somebody’s eyes (T-78), and the buttons work', async () => {
  const letter = await told()
  await visit(letter.path, {}, async (page) => {
    await page.waitForTimeout(1000)
    expect(await stateOf(letter)).toBe('sent')
    await page.waitForTimeout(1500)
    expect(await stateOf(letter)).toBe('opened')
    await page.click('text=我知道了')
    await page.waitForSelector('[role=status]')
  })
  expect(await stateOf(letter)).toBe('acknowledged')
})

it('works with JavaScript off: read, ask for somebody else, complain and get the number (T-12)', async () => {
  const letter = await told()
  const said = await visit(letter.path, { javaScriptEnabled: false }, async (page) => {
    await page.click('text=我想换人')
    await page.click('button')
    const objected = await page.textContent('[role=status]')
    await page.click('text=我有疑问或投诉')
    await page.fill('textarea', '想知道为什么换人')
    await page.click('button')
    return [objected, await page.textContent('[role=status]')]
  })
  expect(said[0]).toContain('已收到：您想换一位服务人员')
  expect(said[1]).toMatch(/已收到您的投诉，编号TS-\d{8}-\d{4}/)
  expect(await stateOf(letter)).toBe('objected')
})
