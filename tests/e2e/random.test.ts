import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, asyncProperty, boolean, constant, constantFrom, oneof, record } from 'fast-check'
import { sql } from 'kysely'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { departureOf, mirrorOnce, plan, until } from '../../mock/prologue'
import { signIn, type Person } from '../../mock/person'
import { STORY } from '../../mock/people'
import type { Cast } from '../../mock/wecom/cast'
import { launchBrowser } from '../support/browser'
import { putFinger } from '../support/finger'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'
import { visit } from '../support/visit'

/**
 * Q67: random scripts of what happens to a page beside a chat, on the real app with the real SDK, against a small model of
 * what must be true afterwards. Of quality.md's 500 scripts 45 run here, or as many as fit into the time (45 take 75 s on two
 * cores); `RUNS=500 npx vitest run --project e2e tests/e2e/random.test.ts` runs all. A failure prints its seed and the
 * shortest script that fails; `SCRIPT='[…]'` runs that one alone. Requests are lost in the page, since routing them would switch its cache off.
 */
const RUNS = Number(process.env['RUNS'] ?? 0)
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const SCRIPT = process.env['SCRIPT']
const MOST_MS = 110_000
/** Devices that play at a time: each waits half of its time. */
const SEATS = 3
const HOUR = 3600_000

type Kind = 'note' | 'promise'
const on = oneof({ weight: 5, arbitrary: constant(0) }, { weight: 1, arbitrary: constant(1) })
const step = oneof(
  {
    weight: 3,
    arbitrary: record({ do: constant('open'), who: constantFrom(0, 1), how: constantFrom('anew', 'close') }),
  },
  { weight: 2, arbitrary: record({ do: constant('turn'), who: constantFrom(0, 1) }) },
  {
    weight: 6,
    arbitrary: record({ do: constant('type'), kind: constantFrom<Kind>('note', 'promise'), over: boolean(), on }),
  },
  { weight: 6, arbitrary: record({ do: constant('save'), taps: constantFrom(1, 2, 3), wait: boolean(), on }) },
  { weight: 1, arbitrary: record({ do: constant('close'), on }) },
  { weight: 1, arbitrary: record({ do: constant('back') }) },
  { weight: 3, arbitrary: record({ do: constant('line'), is: constantFrom('off', 'bad', 'good', 'held') }) },
  { weight: 2, arbitrary: record({ do: constant('keep'), on }) },
  { weight: 3, arbitrary: record({ do: constant('undo'), on }) },
  { weight: 1, arbitrary: record({ do: constant('withdraw'), on }) },
  { weight: 2, arbitrary: record({ do: constant('say'), turned: boolean(), on }) },
  { weight: 2, arbitrary: record({ do: constant('wait'), ms: constantFrom(300, 4200, 6500) }) },
)
type Step = typeof step extends { generate: (...args: never[]) => { value: infer S } } ? S : never

let browser: Browser
let database: FreshDatabase
let stage: Stage
interface Customer {
  contact: string
  id: string
  name: string
}
/** A device of the successor's own, with customers that no other device writes about: several play at once. */
interface Seat {
  context: BrowserContext
  pages: (Page | null)[]
  thrown: string[]
  customers: readonly Customer[]
  scripts: number
}
const seats: Seat[] = []
/** Enough that no customer's page grows long. */
const KEPT = RUNS ? 40 : 12

beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  stage = await openStage({ ...database.urls, LIMIT_MEMBER: '100000', LIMIT_LISTS: '100000' }, recast)
  await mirrorOnce(stage)
  stage.simulator.world.removeMember(STORY.leaver)
  const departure = await departureOf(stage, '林晓')
  await plan(stage, departure, { take: 100, successors: [STORY.successor] })
  const waiting = async (boss: Person) =>
    (await boss.ask<{ counts: Record<string, number> }>('GET', `/api/departures/${departure.id}`)).counts['waiting'] ??
    0
  await until(stage, waiting, (n) => n > 0, 'they wait')
  await stage.simulator.clock.advance(25 * HOUR)
  await until(stage, waiting, (n) => n === 0, 'WeCom took over')
  const customers = await tellAll()
  for (let n = 0; n < SEATS; n++) seats.push(await sitDown(customers.filter((_, i) => i % SEATS === n)))
}, 120_000)
afterAll(async () => {
  await browser.close()
  await stage.close()
  await database.drop()
})

function recast(cast: Cast): void {
  const own = cast.relations.filter((r) => r.userid === STORY.leaver)
  const kept = new Set([STORY.customer, ...own.map((r) => r.externalUserid)].slice(0, KEPT))
  cast.relations = cast.relations.filter((r) => r.userid !== STORY.leaver || kept.has(r.externalUserid))
  cast.groups = cast.groups.filter((g) => g.owner !== STORY.leaver)
}

/** Every customer is told, so that there are notes and promises. */
async function tellAll(): Promise<Customer[]> {
  const customers: Customer[] = []
  const successor = await signIn(stage.simulator, stage.appUrl, STORY.successor)
  for (const relation of stage.simulator.world.relations({ userid: STORY.successor })) {
    const contact = relation.externalUserid
    const found = await successor
      .ask<{ kind: string; customer: string; brief: { standing: { handover: string } } }>('POST', '/api/brief', {
        contact,
      })
      .catch(() => null)
    if (found?.kind !== 'inherited') continue
    const { id } = await successor.ask<{ id: string }>(
      'POST',
      `/api/handovers/${found.brief.standing.handover}/notice`,
      {
        language: 'zh-CN',
      },
    )
    await successor.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome: 'sent' })
    customers.push({ contact, id: found.customer, name: stage.simulator.world.customer(contact)?.name ?? '' })
  }
  return customers
}

async function sitDown(customers: readonly Customer[]): Promise<Seat> {
  const { context, page } = await visit(browser, stage, STORY.successor, {
    customer: customers[0]?.contact ?? '',
    prepare: async (made) => {
      await made.clock.install()
      await made.addInitScript(putFinger)
    },
  })
  const seat: Seat = { context, pages: [], thrown: [], customers, scripts: 0 }
  seat.pages = [watched(seat, page), null]
  return seat
}

function watched(seat: Seat, page: Page): Page {
  page.setDefaultTimeout(15_000)
  page.on('pageerror', (error) => seat.thrown.push(error.message))
  return page
}

/** One writing: what its words are, whose customer it was begun beside, and what its writer was told of it. */
interface Writing {
  kind: Kind
  home: Customer
  pressed: boolean
  /** The page has said that it is saved, or waits to be. */
  taken: boolean
  /** Written over, where it stood in the field, by its writer. */
  discarded: boolean
  kept: 'no' | 'pressed' | 'undone'
}

let count = 0
/** Letters only: digits would be looked at as numbers that must not be written down. */
const nextWords = (kind: Kind) =>
  `${kind === 'note' ? '记' : '约'}${[...String(++count)].map((d) => 'abcdefghij'[Number(d)]).join('')}`

const label = { note: '记录', promise: '答应了客户什么' }
const opener = { note: '写一条记录', promise: '添加约定' }

class Play {
  readonly writings = new Map<string, Writing>()
  line: 'off' | 'bad' | 'good' | 'held' = 'good'
  chat: Customer
  /** What was said to customers: whether the page called it sent, and whether the chat beside it was theirs. */
  readonly said = new Map<string, { home: Customer; sent: boolean; may: boolean }>()
  at = 0
  constructor(
    private readonly seat: Seat,
    readonly two: readonly [Customer, Customer],
  ) {
    this.chat = two[0]
  }

  async begin(): Promise<void> {
    await this.seat.context.setOffline(false)
    const [page] = this.open()
    await this.sit(this.two[0])
    const stands = await page?.evaluate(() => {
      window.finger.press('关闭')
      localStorage.clear()
      return window.finger.says('写一条记录')
    })
    if (!page || !stands) return this.show(0)
    // The page that is there turns to the new chat, which is quicker than a new one.
    await this.turn(page)
    await page.evaluate((name) => window.finger.wait([name]), this.two[0].name)
  }

  async sit(who: Customer): Promise<void> {
    this.chat = who
    await this.seat.context.request.post(`${stage.windowUrl}/__window/desk`, {
      data: { customer: who.contact, entry: 'sidebar', confirm: 'send' },
    })
  }

  /** The webview is made, or made anew; without a line there is nothing to be seen in it. */
  async show(at: number): Promise<void> {
    const page = (this.seat.pages[at] ??= watched(this.seat, await this.seat.context.newPage()))
    await page.goto(this.line === 'off' ? 'about:blank' : `${stage.windowUrl}/sidebar`, { waitUntil: 'commit' })
    if (this.line === 'off') return
    await page.waitForFunction(() => 'finger' in window)
    await page.evaluate(() => window.finger.wait(['添加约定'], 8000))
    // What comes half a second after the first screen is asked for.
    await page.clock.fastForward(800)
    await this.setLine(page)
  }

  /** The client tells nothing of a chat that was switched under a page; it asks again when it gets the focus. */
  async turn(page: Page): Promise<void> {
    await page.clock.fastForward(1100)
    await page.evaluate(() => void window.dispatchEvent(new Event('focus')))
  }

  async setLine(page: Page): Promise<void> {
    if (page.url() === 'about:blank') return
    const wish = { loss: this.line === 'bad' ? 0.3 : 0, held: this.line === 'held', seed: (SEED + ++count) % 1e9 }
    await page.evaluate((now) => {
      if (!now.held) window.finger.release()
      Object.assign(window.finger.line, now)
    }, wish)
  }

  async page(at: number): Promise<Page | null> {
    if (at === 1 && !this.seat.pages[1] && this.line !== 'off') await this.show(1)
    // The way from one window to the other is longer than a draft waits.
    if (at !== this.at) await this.pass(300)
    this.at = at
    const page = this.seat.pages[at]
    return page && page.url() !== 'about:blank' ? page : null
  }

  async play(now: Step): Promise<void> {
    if (now.do === 'open') {
      await this.sit(this.two[now.who] ?? this.chat)
      if (now.how === 'close') {
        await this.seat.pages[0]?.clock.fastForward(300)
        await this.seat.pages[0]?.close()
        this.seat.pages[0] = null
      }
      return this.show(0)
    }
    if (now.do === 'turn') {
      await this.sit(this.two[now.who] ?? this.chat)
      for (const page of this.open()) await this.turn(page)
      return
    }
    if (now.do === 'line') return this.change(now.is)
    if (now.do === 'wait') return this.pass(now.ms)
    const page = await this.page('on' in now ? now.on : 0)
    if (!page) return
    if (now.do === 'back') {
      await page.goBack({ waitUntil: 'commit' }).catch(() => null)
      return this.show(0)
    }
    if (now.do === 'close') return void (await page.evaluate(() => window.finger.press('关闭')))
    if (now.do === 'type') return this.type(page, now.kind, now.over)
    if (now.do === 'save') return this.save(page, now.taps, now.wait)
    if (now.do === 'keep') return this.keep(page)
    if (now.do === 'undo') return this.undo(page)
    if (now.do === 'say') return this.say(page, now.turned)
    await page.evaluate(() => window.finger.press('撤回这条记录：记'))
  }

  open = (): Page[] => this.seat.pages.filter((page): page is Page => page !== null && page.url() !== 'about:blank')

  async change(line: Play['line']): Promise<void> {
    const was = this.line
    this.line = line
    await this.seat.context.setOffline(line === 'off')
    for (const page of this.open()) await this.setLine(page)
    if (was === 'off' && line !== 'off')
      for (const at of [0, 1])
        if (this.seat.pages[at] && this.seat.pages[at]?.url() === 'about:blank') await this.show(at)
  }

  async pass(ms: number): Promise<void> {
    for (const page of this.open()) await page.clock.fastForward(ms)
  }

  async type(page: Page, kind: Kind, over: boolean): Promise<void> {
    const words = nextWords(kind)
    const wish = { open: opener[kind], label: label[kind], words, over, names: this.two.map(({ name }) => name) }
    const done = await page.evaluate(async (w) => {
      const { finger } = window
      if (finger.field(w.label) === null) {
        finger.press('关闭')
        await finger.wait([w.open])
        finger.press(w.open)
        for (let i = 0; i < 75 && finger.field(w.label) === null; i++) await finger.wait(['\u0000'], 20)
      }
      const home = w.names.findIndex((name) => finger.says(name))
      const before = finger.field(w.label)
      if (before === null || (before && !w.over)) return { home, before, typed: false }
      return { home, before, typed: finger.type(w.label, w.words) }
    }, wish)
    const home = this.two[done.home]
    if (!home || !done.typed) return
    this.writings.set(words, { kind, home, pressed: false, taken: false, discarded: false, kept: 'no' })
    for (const old of (done.before ?? '').split('\n')) {
      const writing = this.writings.get(old)
      if (writing) writing.discarded = true
    }
  }

  async save(page: Page, taps: number, wait: boolean): Promise<void> {
    const told = await page.evaluate(
      async ({ taps, wait }) => {
        const { finger } = window
        const { label, words } = finger.sends('保存') ?? {}
        if (!label || !words || !finger.press('保存', taps)) return null
        for (let i = 0; wait && i < 60 && finger.field(label) !== null; i++) await finger.wait(['\u0000'], 20)
        const stands = Object.entries(localStorage).some(
          ([key, kept]) => key.includes('.draft.') && kept.endsWith(words),
        )
        return { words, taken: finger.field(label) === null && !stands }
      },
      { taps, wait },
    )
    for (const words of told?.words.split('\n') ?? []) {
      const writing = this.writings.get(words)
      if (!writing || !told) continue
      writing.pressed = true
      // Joined by what was taken back, it is another action than it was.
      writing.taken = told.taken && !told.words.includes('\n')
    }
  }

  async keep(page: Page): Promise<void> {
    const words = await page.evaluate(async () => {
      if (window.finger.press('还有')) await window.finger.wait(['\u0000'], 40)
      const all = [...document.querySelectorAll<HTMLButtonElement>('button[aria-label^="标记为已兑现：约"]')]
      const found = all.at(-1)
      found?.click()
      return found?.getAttribute('aria-label')?.replace('标记为已兑现：', '') ?? null
    })
    const writing = words && this.writings.get(words)
    if (writing) writing.kept = 'pressed'
  }

  async undo(page: Page): Promise<void> {
    const done = await page.evaluate(async () => {
      const line = document.querySelector('.waiting-one:has(button)')
      const words = line?.querySelector('span')?.firstChild?.textContent?.trim() ?? null
      line?.querySelector('button')?.click()
      // What is sent all the same is told a moment after it has left the list.
      for (let i = 0; words && i < 60 && document.body.innerText.includes(words); i++)
        await window.finger.wait(['来不及撤销'], 20)
      if (words) await window.finger.wait(['来不及撤销'], 300)
      return { words, late: window.finger.says('来不及撤销') }
    })
    if (!done.words || done.late) return
    const [door, words] = done.words.split('：')
    const writing = this.writings.get(words ?? '')
    if (writing && door === '已兑现') writing.kept = 'undone'
    else if (writing) writing.taken = false
  }

  /** Words for the customer, handed to WeCom; `turned`: its chat was switched a moment before, which no page is told. */
  async say(page: Page, turned: boolean): Promise<void> {
    const words = `您好，${nextWords('note')}`
    const names = this.two.map(({ name }) => name)
    const at = await page.evaluate(
      async ({ words, names }) => {
        const { finger } = window
        finger.press('关闭')
        await finger.wait(['选一段话'])
        finger.press('选一段话')
        for (let i = 0; i < 75 && !finger.field('要发的话'); i++) await finger.wait(['\u0000'], 20)
        return finger.field('要发的话') && finger.type('要发的话', words) ? names.findIndex((n) => finger.says(n)) : -1
      },
      { words, names },
    )
    const home = this.two[at]
    if (!home) return
    const other = this.two[1 - at]
    if (turned && other) await this.sit(other)
    const sent = await page.evaluate(async () => {
      const go = (name: string) =>
        [...document.querySelectorAll<HTMLButtonElement>('.sheet button')].find((e) => e.innerText === name)?.click()
      go('发送')
      // At night it is asked whether it is meant.
      if ((await window.finger.wait(['知道了，仍要发送', '已发送', '没有发送'], 1500)) === 0) go('知道了，仍要发送')
      await window.finger.wait(['已发送', '没有发送'], 1500)
      const sent = (document.querySelector<HTMLElement>('.sheet')?.innerText ?? '').includes('已发送')
      window.finger.press('完成')
      return sent
    })
    this.said.set(words, { home, sent, may: this.chat === home })
  }

  /** The line is good, everything that waits is sent. */
  async settle(): Promise<void> {
    await this.change('good')
    if (!(await this.page(0))) await this.show(0)
    // What was typed last is kept by now.
    await this.pass(300)
    const [page] = this.open()
    for (let i = 0; page && i < 8; i++) {
      await page.evaluate(() => window.finger.wait(['\u0000'], 100))
      const left = await page.evaluate(() => localStorage.getItem('jiebang.waiting') ?? '[]')
      if (!(JSON.parse(left) as { refused?: string }[]).some(({ refused }) => !refused)) return
      await this.pass(6500)
    }
    throw new Error('something waits for ever')
  }

  /** What is wrong with what is left: nothing lost, nothing twice, nothing at another customer. */
  async judge(): Promise<string[]> {
    const page = await this.page(0)
    const drafts = (await page?.evaluate(() => ({ ...localStorage }))) as Record<string, string>
    const rows = await this.written()
    const wrong = [...this.writings].flatMap(([words, w]) => {
      const mine = rows.filter((row) => row.text === words)
      const draft = drafts[`jiebang.draft.${w.kind}.${w.home.id}`] ?? ''
      const offered = draft.replace(/^\d+ /, '').split('\n').includes(words)
      const joined = rows.some((row) => row.text !== words && row.text.split('\n').includes(words))
      const kept = mine.reduce((n, row) => n + row.kept, 0)
      return [
        mine.length > 1 && `${words} was written ${mine.length} times`,
        mine.some((row) => row.customer !== w.home.id) && `${words} stands at another customer`,
        mine.some((row) => row.entries !== 1) && `${words} has another number of audit entries than one`,
        mine.length && !w.pressed && `${words} was never pressed`,
        w.taken && !mine.length && `${words} was said to be saved and is not`,
        !mine.length && !offered && !joined && !w.discarded && `${words} is lost`,
        kept > 1 && `${words} was kept ${kept} times`,
        kept === 0 && w.kept === 'pressed' && `${words} was not kept`,
        kept > 0 && w.kept === 'undone' && `${words} was kept though that was taken back`,
      ].filter((fault) => typeof fault === 'string')
    })
    const spoken = [...this.said].flatMap(([words, { home, sent, may }]) => {
      const chats = this.two.flatMap(({ contact }) =>
        stage.simulator.world
          .chat(STORY.successor, contact)
          .filter((message) => JSON.stringify(message).includes(words))
          .map(() => contact),
      )
      return [
        chats.length > 1 && `${words} was sent ${chats.length} times`,
        chats.some((contact) => contact !== home.contact) && `${words} was sent to another customer`,
        sent && !chats.length && `${words} was called sent and was not`,
        !may && chats.length > 0 && `${words} was sent though the chat had been switched`,
      ].filter((fault) => typeof fault === 'string')
    })
    return [...wrong, ...spoken, ...this.seat.thrown.splice(0)]
  }

  async written() {
    const { db } = stage.running.deps
    const words = [...this.writings.keys()]
    const all = await db
      .selectFrom('history')
      .select(['history.id', 'history.customerId as customer', 'history.kind'])
      .select(sql<string | null>`body->>'text'`.as('text'))
      .where(
        'history.customerId',
        'in',
        this.two.map(({ id }) => id),
      )
      .where('history.kind', 'in', ['note.written', 'promise.made', 'promise.kept'])
      .execute()
    const rows = all.filter((row) => words.some((one) => row.text?.split('\n').includes(one)))
    const promises = await db
      .selectFrom('promise')
      .select(['id', 'text', 'customerId', 'keptAt'])
      .where('text', 'in', [...words, ''])
      .execute()
    const audit = await db
      .selectFrom('audit')
      .select(['action', 'subject'])
      .where('action', 'in', ['note.written', 'promise.made', 'promise.kept'])
      .where('subject', 'in', [...rows.map(({ id }) => id), ...promises.map(({ id }) => id)].concat(''))
      .execute()
    const entries = (kind: string, subject?: string) =>
      audit.filter((entry) => entry.action === kind && entry.subject === subject).length
    return rows
      .filter(({ kind }) => kind !== 'promise.kept')
      .map(({ id, customer, kind, text }) => {
        const promise = promises.find((p) => p.text === text && p.customerId === customer)
        const kept = rows.filter((r) => r.kind === 'promise.kept' && r.text === text).length
        const subject = kind === 'promise.made' ? promise?.id : id
        // Said in all three places, or in none.
        const told = [kept, promise?.keptAt ? 1 : 0, entries('promise.kept', promise?.id)]
        return {
          text: text ?? '',
          customer,
          entries: entries(kind, subject),
          kept: new Set(told).size === 1 ? kept : 9,
        }
      })
  }
}

async function run(seat: Seat, script: readonly Step[]): Promise<void> {
  const { customers, pages } = seat
  const at = 2 * seat.scripts++
  const [one, two] = [customers[at % customers.length], customers[(at + 1) % customers.length]]
  if (!one || !two) throw new Error('no customers')
  const play = new Play(seat, [one, two])
  await play.begin()
  try {
    for (const now of script) await play.play(now)
    await play.settle()
    const wrong = await play.judge()
    if (wrong.length) throw new Error(wrong.join('; '))
  } finally {
    await pages[1]?.close()
    pages[1] = null
  }
}

it('loses no word, writes nothing twice and nothing at another customer, whatever happens to the line and the page (Q67)', async () => {
  for (const { customers } of seats) expect(customers.length).toBeGreaterThan(2)
  if (SCRIPT) return run(seats[0]!, JSON.parse(SCRIPT) as Step[])
  // No script is broken off: what it began would go on beside the next. After a fault there is time to make it shorter.
  let until = Date.now() + (RUNS ? 24 * HOUR : MOST_MS)
  const property = (seat: Seat) =>
    asyncProperty(array(step, { minLength: 4, maxLength: 9 }), async (script) => {
      if (Date.now() > until) return
      await run(seat, script).catch((fault: unknown) => {
        until = Math.max(until, Date.now() + MOST_MS)
        throw fault
      })
    })
  const each = (RUNS || 45) / seats.length
  const plays = seats.map((seat, n) => assert(property(seat), { seed: SEED + n, numRuns: each }))
  // A fault on one device is made shorter while the other plays on.
  const faults = (await Promise.allSettled(plays)).filter((played) => played.status === 'rejected')
  if (faults[0]) throw faults[0].reason
  const scripts = seats.reduce((sum, seat) => sum + seat.scripts, 0)
  console.info(`${scripts} scripts, seeds ${SEED} to ${SEED + SEATS - 1}`)
  expect(scripts).toBeGreaterThanOrEqual(3)
  expect(stage.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
  expect(stage.simulator.unknown).toEqual([])
}, 3_600_000)

it('a page of the release before is told so, reloads once when its reader likes, and loses nothing (Q54)', async () => {
  const [seat] = seats
  const [one, two] = seat!.customers
  const play = new Play(seat!, [one!, two!])
  await play.begin()
  const [page] = play.open()
  if (!page) throw new Error('no page')
  await play.type(page, 'note', true)
  const [words = 'nothing was written'] = play.writings.keys()
  const old = await page.evaluate(() => document.documentElement.dataset['release'])
  let documents = 0
  page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0))

  const next = mkdtempSync(join(tmpdir(), 'jiebang-next-'))
  try {
    cpSync('dist/client', next, { recursive: true })
    appendFileSync(join(next, 'index.html'), '<!-- the next release -->')
    const gone = readdirSync(join(next, 'assets')).find((name) => /^NoticeSheet-.*\.js$/.test(name)) ?? ''
    rmSync(join(next, 'assets', gone))
    await stage.release(next)
    // The page asks twice a minute whether it may go on, and each answer names the release; one may be lost with the old server.
    const told = async () => {
      await page.clock.fastForward(31_000)
      return page.getByTestId('release').count()
    }
    await expect.poll(told, { interval: 500, timeout: 15_000 }).toBe(1)
    expect(await page.evaluate(async (path) => (await fetch(path)).status, `/assets/${gone}`)).toBe(200)

    // Never over what is being written; it says so, and the words stand.
    expect(await page.evaluate(() => window.finger.press('重新加载'))).toBe(true)
    await page.getByText('完成后再重新加载').waitFor()
    expect([documents, await page.evaluate((label) => window.finger.field(label), label.note)]).toEqual([0, words])

    await page.evaluate(() => window.finger.press('关闭'))
    await page.evaluate(() => window.finger.press('重新加载'))
    await page.waitForFunction((was) => 'finger' in window && document.documentElement.dataset['release'] !== was, old)
    await page.evaluate(() => window.finger.wait(['添加约定'], 8000))
    await page.clock.fastForward(800)
    await page.evaluate(() => window.finger.wait(['写一条记录'], 8000))
    await page.evaluate(() => window.finger.press('写一条记录'))
    await expect.poll(() => page.evaluate((label) => window.finger.field(label), label.note)).toBe(words)
    expect([documents, await page.getByTestId('release').count()]).toEqual([1, 0])
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
})

it('what is undone in its time has not left the page, and WeCom hears of none of it (Q72)', async () => {
  const [, seat] = seats
  const [one, two] = seat!.customers
  const play = new Play(seat!, [one!, two!])
  await play.begin()
  const [page] = play.open()
  if (!page) throw new Error('no page')
  await play.type(page, 'promise', true)
  await play.save(page, 1, true)
  const [words = 'nothing was written'] = play.writings.keys()
  expect(play.writings.get(words)?.taken).toBe(true)
  // The page reads the brief anew; what is due first stands before it.
  await expect
    .poll(() => page.evaluate(() => window.finger.says('还有') || window.finger.says('标记为已兑现：约')))
    .toBe(true)
  const asked: string[] = []
  page.on('request', (request) => request.method() === 'POST' && asked.push(new URL(request.url()).pathname))
  const upstream = stage.simulator.ledger.length
  await expect.poll(async () => (await play.keep(page), play.writings.get(words)?.kept)).toBe('pressed')
  await page.getByTestId('waiting').waitFor()
  await expect.poll(async () => (await play.undo(page), play.writings.get(words)?.kept)).toBe('undone')
  await play.pass(6500)
  await play.settle()
  expect(asked.filter((path) => path.endsWith('/kept'))).toEqual([])
  expect(stage.simulator.ledger.length).toBe(upstream)
  expect(await play.judge()).toEqual([])
})
