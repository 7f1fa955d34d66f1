import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import { serve } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'

/**
 * The customer's pages in a real browser, without WeCom: what they look like, what keys and fingers reach, what works without
 * JavaScript. The file beside them is served as the built app serves it; `/authorize` is WeChat's page, which asks nothing.
 * `RUNS=9` looks at each page in every width, tone and size.
 */
const ALL = Number(process.env['RUNS'] ?? 0) >= 9
const DAY = 86_400_000

let desk: Desk
let browser: Browser
let origin: string
let close: () => void
/** Who WeChat says is reading. */
let reader = { openid: '', external_userid: '' }

beforeAll(async () => {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => answer(request) })
  if (!server.listening) await new Promise((done) => server.once('listening', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  desk = await openDesk({ PUBLIC_URL: origin, WECOM_AUTHORIZE_URL: `${origin}/authorize` })
  desk.deps.wecom = { ask: () => Promise.resolve(reader as never) }
  browser = await launchBrowser()
  close = () => server.close()
})
afterAll(async () => {
  await browser.close()
  close()
  await desk.close()
})

async function answer(request: Request): Promise<Response> {
  const { pathname, search, searchParams } = new URL(request.url)
  if (pathname === '/letter.js')
    return new Response(readFileSync('public/letter.js'), { headers: { 'content-type': 'text/javascript' } })
  if (pathname === '/authorize') {
    const back = new URL(searchParams.get('redirect_uri') ?? '')
    back.searchParams.set('code', 'c')
    back.searchParams.set('state', searchParams.get('state') ?? '')
    return new Response(null, { status: 302, headers: { location: back.href } })
  }
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

interface Asked {
  placed: Placed
  /** Links of the notice and of the question. */
  letter: string
  question: string
  purpose: 'history_raw' | 'serve'
}
/** A customer who was told and then asked; a child's guardian where `purpose` says so. */
async function asked(purpose: Asked['purpose'] = 'history_raw'): Promise<Asked> {
  const placed = await desk.handover()
  const { customer, leaver, successor } = placed
  if (purpose === 'serve') await successor.ask('POST', `/api/customers/${customer}/child`, { callName: '小宝' })
  const raw = { id: desk.deps.id(), customerId: customer, authorId: leaver.id, at: desk.deps.now(), text: '送到后门' }
  await desk.db.insertInto('rawRecord').values(raw).execute()
  const { path } = await tell(placed)
  const wish = { purpose, language: 'zh-CN' }
  const { body } = await successor.ask('POST', `/api/handovers/${placed.id}/question`, wish)
  const { id, link } = body as { id: string; link: string }
  await successor.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome: 'sent' })
  return { placed, letter: path, question: new URL(link).pathname, purpose }
}
const choiceOf = ({ question, purpose }: Asked) => `${question}/choice/${purpose}`
/** Through WeChat to that page: as the customer, or as somebody else in WeChat. */
function knownAt({ placed, question, purpose }: Asked, as: 'customer' | 'stranger' = 'customer'): string {
  reader = { openid: 'o', external_userid: as === 'customer' ? placed.external : '' }
  return `${question}/identify?to=${encodeURIComponent(`choice/${purpose}`)}`
}
const consentOf = async ({ placed, purpose }: Asked) =>
  (
    await desk.db
      .selectFrom('consent')
      .select('state')
      .where('customerId', '=', placed.customer)
      .where('purpose', '=', purpose)
      .executeTakeFirst()
  )?.state

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
    `[...document.querySelectorAll('button:not([hidden]), a.button, nav a, textarea, select, .tick, input:not([type=hidden], [type=radio], [type=checkbox])')]
      .filter((e) => e.getBoundingClientRect().height < ${least} || e.getBoundingClientRect().width < 44)
      .map((e) => e.outerHTML.slice(0, 80))`,
  )
const tooWide = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

/** A page as somebody finds it: `known` is the way through WeChat to it, `later` how many days have passed. */
interface Spot {
  name: string
  path: string
  known?: [Asked, ('customer' | 'stranger')?]
  later?: number
}

/** Every page there is, each in the states that look different. */
async function spots(): Promise<Spot[]> {
  const [open, given, no, child] = [await asked(), await asked(), await asked(), await asked('serve')]
  for (const [one, name] of [
    [given, '同意'],
    [no, '不同意'],
  ] as const)
    await visit(knownAt(one), {}, (page) => arrive(page, () => page.getByRole('button', { name, exact: true }).click()))
  const receipt = await desk.db
    .selectFrom('consentEvent')
    .select('receipt')
    .where('customerId', '=', given.placed.customer)
    .where('receipt', 'is not', null)
    .executeTakeFirstOrThrow()
  const { path } = await told()
  const wished = await told()
  await desk.send(`${wished.path}/objection`, { about: 'manner', text: '', share: '' })
  const complained = (await desk.send(`${path}/complaint`, { text: '没有人回复' })).headers.get('location') ?? ''
  const requested = (await desk.send(`${path}/request`, { kind: 'explain_allocation' })).headers.get('location') ?? ''
  return [
    { name: 'first', path },
    { name: 'first, with a question', path: open.question },
    { name: 'first, wanting somebody else', path: wished.path },
    { name: 'full', path: `${path}/full` },
    { name: 'versions', path: `${path}/versions` },
    { name: 'question, nobody known', path: choiceOf(open) },
    { name: 'question, a stranger', path: choiceOf(open), known: [open, 'stranger'] },
    { name: 'question', path: choiceOf(open), known: [open] },
    { name: 'question for a guardian', path: choiceOf(child), known: [child] },
    { name: 'given', path: choiceOf(given), known: [given] },
    { name: 'refused', path: choiceOf(no), known: [no] },
    { name: 'receipt', path: `${given.question}/receipt/${receipt.receipt}`, known: [given] },
    { name: 'record', path: `${given.question}/record` },
    { name: 'objection', path: `${path}/objection` },
    { name: 'complaint', path: `${path}/complaint` },
    { name: 'complained', path: complained },
    { name: 'progress', path: '/n/complaint/find' },
    { name: 'requests', path: `${path}/request` },
    { name: 'request, correct', path: `${path}/request?kind=correct` },
    { name: 'request, explain', path: `${path}/request?kind=explain_rules` },
    { name: 'request answered', path: requested },
    { name: 'not found', path: `/n/${'A'.repeat(22)}` },
    { name: 'complaint without a link', path: '/n/complaint' },
    // Last, because the clock goes on.
    { name: 'expired', path, later: 91 },
  ]
}

/** In every width, tone and size; `large` and English exclude each other only to be fewer. */
const LOOKS = ['', 'size=large', 'lang=en'].flatMap((query) =>
  (['light', 'dark'] as const).flatMap((tone) => [320, 360, 768].map((width) => ({ width, tone, query }))),
)
/** One of them a page, another one for the next page, so that each run has all of them; by hand every page has all. */
const looksAt = (n: number) => (ALL ? LOOKS : [LOOKS[(n * 7) % LOOKS.length]!])
const plus = (path: string, query: string) => (query ? `${path}${path.includes('?') ? '&' : '?'}${query}` : path)

describe('every page', () => {
  it(
    'is for every eye and finger and all keys: axe, targets, reflow, in light, dark, large and English; all that can be used gets the ' +
      'focus, in order, visibly, and lets go of it (Q61, Q63, Q64, Q65, T-82)',
    { timeout: 600_000 },
    async () => {
      const wrong: Record<string, unknown> = {}
      const all = await spots()
      for (const [n, spot] of all.entries()) {
        desk.clock.now += (spot.later ?? 0) * DAY
        await visit(spot.known ? knownAt(...spot.known) : spot.path, {}, async (page) => {
          for (const { width, tone, query } of looksAt(n)) {
            const at = `${spot.name} ${width} ${tone} ${query}`
            await page.setViewportSize({ width, height: 640 })
            await page.emulateMedia({ colorScheme: tone })
            await page.goto(origin + plus(spot.path, query))
            const found = [...(await faults(page)), ...(await tooSmall(page, query === 'size=large' ? 60 : 44))]
            const wide = await tooWide(page)
            if (found.length || wide) wrong[at] = { found, wide }
            await picture(page, at)
          }
          const lost = await walk(page)
          if (lost.length) wrong[`${spot.name}, by keyboard`] = lost
        })
      }
      expect(wrong).toEqual({})
      expect(all.length).toBeGreaterThanOrEqual(24)
    },
  )
})

/** `PICTURES=folder` keeps them. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/${name.trim()}.png`, fullPage: true })
}

/** Tab by Tab through a page; what was not reached, out of order, covered, or without a mark of the focus. */
async function walk(page: Page): Promise<string[]> {
  const stops = await page.evaluate<number>(
    `(() => { const seen = new Set()
      window.stops = [...document.querySelectorAll('a[href], button, input, select, textarea')].filter((e) => {
        if (e.disabled || e.type === 'hidden' || !e.getClientRects().length) return false
        if (e.type !== 'radio') return true
        return seen.has(e.name) ? false : seen.add(e.name)
      })
      return window.stops.length })()`,
  )
  const found: string[] = []
  for (let n = 0; n < stops; n++) {
    await page.keyboard.press('Tab')
    const wrong = await page.evaluate<string>(
      `(() => { const e = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(e)
        if (e !== window.stops[${n}]) return 'the focus is on ' + e.outerHTML.slice(0, 90)
        if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'no mark on ' + e.outerHTML.slice(0, 90)
        const { left, top, bottom, width } = e.getBoundingClientRect()
        const seen = [top + 6, (top + bottom) / 2, bottom - 6].some((y) => {
          const hit = document.elementFromPoint(left + Math.min(width / 2, 20), y)
          return hit && (e.contains(hit) || (hit.contains(e) && !hit.matches('.pair')))
        })
        return seen ? '' : 'covered: ' + e.outerHTML.slice(0, 90) })()`,
    )
    if (wrong) found.push(wrong)
  }
  await page.keyboard.press('Tab')
  const left = await page.evaluate<boolean>('document.activeElement !== window.stops.at(-1)')
  return left ? found : [...found, 'the last one keeps the focus']
}

/** What is pressed leads to another page. */
async function arrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  const arrived = page.waitForEvent('framenavigated')
  await act()
  await arrived
  await page.waitForLoadState()
}
const enter = (page: Page) => arrive(page, () => page.keyboard.press('Enter'))

/** By keys alone to what is called so, as somebody without a mouse. */
async function go(page: Page, name: string): Promise<void> {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate<string>(
      `(() => { const e = document.activeElement; return (e.labels?.[0] ?? e).textContent.trim() })()`,
    )
    if (here === name) return
  }
  throw new Error(`No key leads to ${name}`)
}

describe('by keyboard alone (T-82)', () => {
  it('acknowledged, asked for somebody else, complained', async () => {
    const letter = await told()
    await visit(letter.path, {}, async (page) => {
      await go(page, '我知道了')
      await enter(page)
      await page.getByText(/点了“我知道了”/).waitFor()
      await go(page, '我想换人')
      await enter(page)
      await page.getByRole('heading', { name: '我想换人' }).waitFor()
      await go(page, '沟通方式')
      await page.keyboard.press('Space')
      await go(page, '想说的话（可不填）')
      await page.keyboard.type('说话太快')
      await go(page, '提交')
      await enter(page)
      await page.getByText('已收到：您想换一位服务人员').waitFor()
      await go(page, '我有疑问或投诉')
      await enter(page)
      await go(page, '疑问、要求或投诉的内容')
      await page.keyboard.type('想知道为什么换人')
      await go(page, '提交')
      await enter(page)
      await page.getByText(/编号TS-/).waitFor()
    })
    expect(await stateOf(letter)).toBe('objected')
  })

  it('agreed and taken back; a guardian’s Enter in the question answers nothing', async () => {
    const one = await asked()
    await visit(knownAt(one), {}, async (page) => {
      await go(page, '同意')
      await enter(page)
      await page.getByRole('heading', { name: '回执' }).waitFor()
      expect(await consentOf(one)).toBe('given')
      await go(page, '查看或撤回')
      await enter(page)
      await go(page, '撤回同意')
      await enter(page)
      await page.getByRole('heading', { name: '回执' }).waitFor()
    })
    expect(await consentOf(one)).toBe('withdrawn')
    const child = await asked('serve')
    await visit(knownAt(child), {}, async (page) => {
      await go(page, '父亲')
      await page.keyboard.press('Space')
      // Enter in a field presses a form's first button; here that would be a yes that nobody pressed.
      await enter(page)
      expect(await consentOf(child)).toBe('requested')
      expect(new URL(page.url()).pathname).toBe(choiceOf(child))
      await go(page, '不同意')
      await arrive(page, () => page.keyboard.press('Space'))
      await page.getByRole('heading', { name: '回执' }).waitFor()
    })
    expect(await consentOf(child)).toBe('refused')
  })
})

describe('the two answers (T-53)', () => {
  const sizes: [string, BrowserContextOptions, string][] = [
    ['360 × 640', {}, ''],
    ['360 × 640 at 200 % zoom', { viewport: { width: 180, height: 320 }, deviceScaleFactor: 2 }, ''],
    ['large', {}, 'size=large'],
    ['English', { viewport: { width: 320, height: 640 } }, 'lang=en'],
  ]
  it.each(sizes)('are both in view, alike to the pixel, and nothing is preselected: %s', async (_, options, query) => {
    for (const one of [await asked(), await asked('serve')])
      await visit(knownAt(one), options, async (page) => {
        await page.goto(origin + plus(choiceOf(one), query))
        for (const where of ['top', 'end']) {
          // Down to the last line of the question; below it are the hotline and the contacts.
          if (where === 'end') await page.evaluate("document.querySelector('main').scrollIntoView({ block: 'end' })")
          const [yes, no] = await page.evaluate<Answer[]>(answersNow)
          expect(yes?.inView, `同意 ${where}`).toBe(true)
          expect(no?.inView, `不同意 ${where}`).toBe(true)
          expect(Math.abs(yes!.width - no!.width)).toBeLessThanOrEqual(1)
          expect(Math.abs(yes!.height - no!.height)).toBeLessThanOrEqual(1)
          expect(yes!.style).toEqual(no!.style)
          expect(yes!.clipped || no!.clipped).toBe(false)
        }
        const chosen = 'input:checked, option:checked, [autofocus], [aria-checked=true]'
        expect(await page.locator(`main :is(${chosen})`).count()).toBe(0)
        expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
        expect(await page.locator('button:visible').count()).toBe(2)
      })
  })
})
interface Answer {
  width: number
  height: number
  inView: boolean
  clipped: boolean
  style: string[]
}
const answersNow = `[...document.querySelectorAll('button[name=answer]')].map((e) => {
  const { left, top, right, bottom, width, height } = e.getBoundingClientRect(), s = getComputedStyle(e)
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)
  return { width, height, clipped: e.scrollWidth > e.clientWidth + 1,
    inView: hit === e && left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
    style: [s.font, s.color, s.backgroundColor, s.border, s.borderRadius, s.padding, s.opacity] } })`

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

describe('with JavaScript off', () => {
  const off = { javaScriptEnabled: false }
  const press = (page: Page, name: string) =>
    arrive(page, () => page.getByRole('button', { name, exact: true }).click())

  it('read, acknowledge, ask for somebody else, complain, get the number, add to it and find it (T-12)', async () => {
    const letter = await told()
    await visit(letter.path, off, async (page) => {
      await press(page, '我知道了')
      expect(await page.textContent('[role=status]')).toContain('点了“我知道了”')
      await page.click('text=我想换人')
      await press(page, '提交')
      expect(await page.textContent('[role=status]')).toContain('已收到：您想换一位服务人员')
      await page.click('text=我有疑问或投诉')
      await page.fill('textarea', '想知道为什么换人')
      await page.fill('input[name=contact]', '13900001111')
      await press(page, '提交')
      const number = /TS-\d{8}-\d{4}/.exec((await page.textContent('[role=status]')) ?? '')?.[0] ?? ''
      expect(number).not.toBe('')
      await page.fill('textarea', '再说一句')
      await arrive(page, () => page.locator('main form button').last().click())
      expect(await page.textContent('[role=status]')).toContain(number)
      await page.goto(`${origin}/n/complaint/find`)
      await page.fill('input[name=number]', number)
      await page.fill('input[name=contact]', '13900001111')
      await press(page, '查询')
      expect(await page.textContent('[role=status]')).toContain(number)
    })
    expect(await stateOf(letter)).toBe('objected')
  })

  it('agree, keep the receipt, take it back, take it up again; correct one’s own data', async () => {
    const one = await asked()
    await visit(knownAt(one), off, async (page) => {
      await press(page, '同意')
      expect(await page.textContent('h1')).toBe('回执')
      expect(await consentOf(one)).toBe('given')
      await page.click('text=查看或撤回')
      await press(page, '撤回同意')
      expect(await consentOf(one)).toBe('withdrawn')
      await page.goto(origin + choiceOf(one))
      await press(page, '我改变主意了，重新决定')
      await press(page, '不同意')
      expect(await consentOf(one)).toBe('refused')
      await page.goto(`${origin}${one.question}/record`)
      await page.click('text=查阅、更正、删除等要求')
      await page.click('text=更正写错的内容')
      await page.selectOption('select', 'title')
      await page.fill('textarea', '采购总监')
      await press(page, '提交')
      expect(await page.textContent('[role=status]')).toMatch(/更正写错的内容 · 编号/)
    })
  })
})
