import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { departureOf, mirrorOnce, plan, until } from '../../mock/prologue'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { verifyAudit } from '../../src/server/audit/verify'
import { openPool } from '../../src/server/db/open'
import { launchBrowser } from '../support/browser'
import { growOld } from '../support/old'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'
import { unzip } from '../support/unzip'
import { visit, type Visit } from '../support/visit'

/**
 * The customer's side of issue 5 as people live it: each story goes from the customer's phone to the row and back to the screens of
 * the successor, the managers and compliance. One house, one browser; the stories share the corp and the clock, and each has a
 * customer of its own. Told and 我知道了 are in story.test.ts, too, and complaints in complaint.test.ts.
 */
let browser: Browser
let database: FreshDatabase
let stage: Stage
const HOUR = 3600_000
const DAY = 24 * HOUR
const OTHER = { userid: 'sunting', name: '孙婷' }

interface Told {
  external: string
  customer: string
  handover: string
  /** The notice's own link. */
  letter: string
}
const stories = ['agree', 'refuse', 'other', 'copy', 'child', 'spoken'] as const
type Story = (typeof stories)[number]
const told = {} as Record<Story, Told>
const RAW = '上次说好送货到后门，先打电话'

beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  stage = await openStage(database.urls)
  await mirrorOnce(stage)
  const { world, clock } = stage.simulator
  const own = world.relations({ userid: STORY.leaver }).map((r) => r.externalUserid)
  // Nobody else follows them, so that what is shown of them comes from the handover.
  const alone = own.filter((id) => id !== STORY.customer && world.relations({ externalUserid: id }).length === 1)
  const chosen = [STORY.customer, ...alone].slice(0, stories.length)
  const ids = await customersOf(chosen)
  const leaver = await as(STORY.leaver)
  for (const external of chosen) await leaver.ask('POST', `/api/customers/${ids.get(external)}/raw`, { text: RAW })
  world.removeMember(STORY.leaver)
  const departure = await departureOf(stage, '林晓')
  await plan(stage, departure, { take: 100, successors: [STORY.successor] })
  const waiting = async () =>
    (await (await as(STORY.manager)).ask<{ counts: Record<string, number> }>('GET', `/api/departures/${departure.id}`))
      .counts['waiting'] ?? 0
  await until(stage, waiting, (n) => n >= stories.length, 'they wait')
  await clock.advance(25 * HOUR)
  await until(stage, waiting, (n) => n === 0, 'WeCom took over')
  for (const [n, story] of stories.entries()) {
    const external = chosen[n]!
    const customer = ids.get(external)!
    told[story] = { external, customer, handover: await handoverOf(customer), letter: '' }
  }
  for (const story of stories) if (story !== 'agree') await tell(told[story])
}, 120_000)
afterAll(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await browser.close()
  await stage.close()
  await database.drop()
})

const as = (userid: string) => signIn(stage.simulator, stage.appUrl, userid)
const db = () => stage.running.deps.db

async function customersOf(externals: string[]): Promise<Map<string, string>> {
  const rows = await db()
    .selectFrom('wecomContact')
    .select(['externalUserid', 'customerId'])
    .where('externalUserid', 'in', externals)
    .execute()
  return new Map(rows.map((row) => [row.externalUserid, row.customerId]))
}
const handoverOf = async (customer: string): Promise<string> =>
  (await db().selectFrom('handover').select('id').where('customerId', '=', customer).executeTakeFirstOrThrow()).id

/** The successor tells by the app's own API, as the sidebar does; the first story does it by hand. */
async function tell(one: Told): Promise<void> {
  const successor = await as(STORY.successor)
  await successor.ask('POST', '/api/brief', { customer: one.customer })
  one.letter = await send(successor, `/api/handovers/${one.handover}/notice`, { language: 'zh-CN' })
}
const ask = async (one: Told, purpose: string): Promise<string> =>
  send(await as(STORY.successor), `/api/handovers/${one.handover}/question`, { purpose, language: 'zh-CN' })
async function send(by: Awaited<ReturnType<typeof as>>, path: string, wish: object): Promise<string> {
  const { id, link } = await by.ask<{ id: string; link: string }>('POST', path, wish)
  await by.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome: 'sent' })
  return new URL(link).pathname
}

const consentOf = async ({ customer }: Told, purpose = 'history_raw') =>
  (
    await db()
      .selectFrom('consent')
      .select('state')
      .where('customerId', '=', customer)
      .where('purpose', '=', purpose)
      .executeTakeFirst()
  )?.state
const eventsOf = ({ customer }: Told) =>
  db().selectFrom('consentEvent').selectAll().where('customerId', '=', customer).orderBy('seq').execute()
const noticeOf = async ({ handover }: Told) =>
  (await db().selectFrom('notice').select('state').where('handoverId', '=', handover).executeTakeFirstOrThrow()).state

/** A page of the customer's, in the WeChat of whoever is `whose` customer. */
async function phone(whose: Told, path: string): Promise<Page> {
  const context = await newContext({ width: 360, height: 640 })
  const page = await context.newPage()
  const seat = { member: STORY.successor, entry: 'sidebar', customer: whose.external }
  const sat = await page.request.post(`${stage.windowUrl}/__window/desk`, { data: seat })
  expect(sat.ok()).toBe(true)
  await page.goto(stage.windowUrl + path)
  return page
}
async function newContext(viewport: { width: number; height: number }): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' })
  await growOld(context)
  context.setDefaultTimeout(20_000)
  return context
}

/** The successor's sidebar beside this customer's chat. */
async function beside(one: Told): Promise<Visit> {
  const seat = await visit(browser, stage, STORY.successor, { customer: one.external })
  // WeCom's own confirmation is pressed at once; story.test.ts presses it by hand.
  await seat.page.request.post(`${stage.windowUrl}/__window/desk`, { data: { confirm: 'send' } })
  return seat
}
const openChoices = ({ page }: Visit) => page.getByRole('tab', { name: '告知与选择' }).click()
const see = (page: Page, words: string | RegExp) => page.getByText(words).filter({ visible: true }).first().waitFor()
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click()
/** Both of the sheet that sends: hand it over, and away. */
async function sendFrom(page: Page, name: string): Promise<void> {
  await press(page, name)
  await see(page, /^已发送/)
  await press(page, '完成')
}
/** The link in the last message of the chat, as the customer finds it. */
function lastLink({ external }: Told): string {
  const text = JSON.stringify(stage.simulator.world.chat(STORY.successor, external).at(-1))
  const link = /https?:\/\/[^\s"，。\\]+\/n\/[\w-]{22}/.exec(text)?.[0]
  if (!link) throw new Error(`no link in ${text}`)
  return new URL(link).pathname
}

let officer: Visit
/** Compliance looks at its list. */
async function atCompliance(route: string): Promise<Page> {
  officer ??= await visit(browser, stage, STORY.compliance)
  await officer.go('/')
  await officer.go(route)
  return officer.page
}

let workbench: Visit
/** The successor opens the customer from their workbench. */
async function atSuccessor({ customer }: Told): Promise<Visit> {
  workbench ??= await visit(browser, stage, STORY.successor)
  await workbench.go(`/c/${customer}`)
  return workbench
}

/** The page that was left open when the customer took the consent back; asked for at the end. */
let gone: Promise<number> = Promise.resolve(-1)

describe('told, acknowledged, asked, agreed, and taken back while the successor has it open', () => {
  it('each state true on the phone, in the row, in the sidebar and at compliance', async () => {
    const one = told.agree
    const sidebar = await beside(one)
    await press(sidebar.page, '发送交接告知')
    await sendFrom(sidebar.page, '发送')
    const customer = await phone(one, lastLink(one))
    await customer.getByRole('heading', { name: '您的服务人员有变更' }).waitFor()
    await press(customer, '我知道了')
    await see(customer, /您已在.*点了“我知道了”/)
    expect(await noticeOf(one)).toBe('acknowledged')
    expect(await eventsOf(one)).toEqual([])

    await openChoices(sidebar)
    await press(sidebar.page, '请客户决定')
    await sendFrom(sidebar.page, '发送问题')
    await expect.poll(() => consentOf(one)).toBe('requested')
    await customer.goto(stage.windowUrl + lastLink(one))
    await follow(customer, '查看并决定')
    await customer.getByRole('heading', { name: '请您决定一件事' }).waitFor()
    await press(customer, '同意')
    await see(customer, /回执HR-/)
    expect(await consentOf(one)).toBe('given')
    expect((await eventsOf(one)).at(-1)).toMatchObject({ ial: 'IAL2', channel: 'web_page', entity: 'customer' })
    await sidebar.page.reload()
    await see(sidebar.page, RAW)

    await follow(customer, '查看或撤回')
    await press(customer, '撤回同意')
    await see(customer, /撤回了?对?/)
    const since = Date.now()
    gone = sidebar.page
      .getByText(RAW)
      .waitFor({ state: 'detached', timeout: 60_000 })
      .then(() => Date.now() - since)
    gone.catch(() => undefined)
    expect(await consentOf(one)).toBe('withdrawn')
    const list = await atCompliance('/consents')
    await see(list, '客户已撤回')
  })
})

describe('a question that was forwarded, and refused', () => {
  it('a stranger reads, cannot agree and learns nothing of anybody; the customer’s no is heard everywhere', async () => {
    const one = told.refuse
    const question = await ask(one, 'history_raw')
    // The same link in the WeChat of somebody else.
    const stranger = await phone(told.copy, `${question}/choice/history_raw`)
    await see(stranger, /现在确认不了您就是客户本人/)
    expect(await stranger.getByRole('button', { name: '同意', exact: true }).count()).toBe(0)
    const forged = await stranger.request.post(`${stage.windowUrl}${question}/choice/history_raw`, {
      form: { answer: 'agree' },
      maxRedirects: 0,
    })
    expect(forged.status()).toBe(303)
    expect(await consentOf(one)).toBe('requested')
    await stranger.goto(`${stage.windowUrl}${question}/record`)
    const { name, company } = await db()
      .selectFrom('customer')
      .select(['name', 'company'])
      .where('id', '=', one.customer)
      .executeTakeFirstOrThrow()
    const read = await stranger.locator('body').innerText()
    for (const word of [name, company, RAW]) if (word) expect(read).not.toContain(word)
    await stranger.goto(`${stage.windowUrl}${question}/request?kind=copy`)
    await press(stranger, '提交')
    await see(stranger, '已收到，等待核实身份')
    expect(await stranger.getByRole('button', { name: '下载副本' }).count()).toBe(0)

    const customer = await phone(one, question)
    await follow(customer, '查看并决定')
    await press(customer, '不同意')
    await see(customer, /回执HR-/)
    expect(await consentOf(one)).toBe('refused')
    const successor = await atSuccessor(one)
    await openChoices(successor)
    await see(successor.page, '客户不同意。照常服务，不要再问')
    expect(await successor.page.getByRole('button', { name: '请客户决定' }).count()).toBe(0)
    expect(await successor.page.getByText(RAW).count()).toBe(0)
    const list = await atCompliance('/consents')
    await see(list, '客户不同意')
  })
})

describe('an answer on the phone', () => {
  it('is read out, written down, and opens when a second person has heard it (T-83)', async () => {
    const one = told.spoken
    const sidebar = await beside(one)
    await openChoices(sidebar)
    await press(sidebar.page, '记下电话或书面答复')
    await see(sidebar.page, '不选择：按不同意处理。')
    await sidebar.page.getByLabel('电话', { exact: true }).check()
    await sidebar.page.getByLabel('同意', { exact: true }).check()
    await sidebar.page.getByLabel('录音或扫描件编号').fill('REC-2026-7')
    await press(sidebar.page, '记下答复')
    await see(sidebar.page, /合规同事核对录音或扫描件后才生效/)
    await press(sidebar.page, '完成')
    await see(sidebar.page, '口头或书面的同意已记下，等合规同事核对后生效')
    expect(await consentOf(one)).toBe('requested')
    expect(await sidebar.page.getByText(RAW).count()).toBe(0)

    const list = await atCompliance('/consents')
    await see(list, 'REC-2026-7')
    await press(list, '我核对过，确认客户同意')
    await expect.poll(() => consentOf(one)).toBe('given')
    const last = (await eventsOf(one)).at(-1)
    expect(last).toMatchObject({ channel: 'phone_call', witness: { proof: 'REC-2026-7' } })
    await sidebar.page.reload()
    await see(sidebar.page, RAW)
    const customer = await phone(one, `${one.letter}/record`)
    await follow(customer, /^HR-/)
    await see(customer, '这是您通过电话告诉我们的，由两位同事记录。')
  })
})

describe('a child under 14', () => {
  it('closes at once, is asked of a guardian, and opens with compliance’s approval (T-66)', async () => {
    const one = told.child
    const sidebar = await beside(one)
    await openChoices(sidebar)
    await press(sidebar.page, '客户是未满 14 周岁的孩子？')
    await sidebar.page.getByLabel('怎么称呼孩子').fill('小宝')
    await press(sidebar.page, '标记为孩子')
    await see(sidebar.page, '先请监护人决定')
    await openChoices(sidebar)
    await sidebar.page.getByTestId('choice-serve').getByRole('button', { name: '请客户决定' }).click()
    await sendFrom(sidebar.page, '发送问题')

    const guardian = await phone(one, lastLink(one))
    await follow(guardian, '查看并决定')
    await press(guardian, '同意')
    await see(guardian, '请先选您是孩子的什么人')
    await guardian.getByLabel('母亲').check()
    await press(guardian, '同意')
    await see(guardian, /回执HR-/)
    expect((await eventsOf(one)).at(-1)).toMatchObject({ entity: 'guardian', guardianRelation: 'mother' })
    await sidebar.page.reload()
    await see(sidebar.page, '先请监护人决定')

    const list = await atCompliance('/consents')
    await see(list, '孩子：小宝')
    await see(list, '监护人已同意现在的服务人员')
    await list.getByLabel('理由').fill('负责这个孩子的课程')
    await press(list, '批准查看 30 天')
    await see(list, /陈一鸣 可以查看到/)
    await sidebar.page.reload()
    await sidebar.page.getByRole('tab', { name: '标签与备注' }).waitFor()
    await expect.poll(() => sidebar.page.getByText('先请监护人决定').count()).toBe(0)
  })
})

describe('a copy', () => {
  it('is taken once by whom WeChat vouches for, and compliance sees that it was (T-68)', async () => {
    const one = told.copy
    const customer = await phone(one, `${one.letter}/record`)
    await follow(customer, '查阅、更正、删除等要求')
    await follow(customer, '用微信确认是我本人')
    await follow(customer, '要一份副本')
    await press(customer, '提交')
    await see(customer, '已办好')
    const coming = customer.waitForEvent('download')
    await press(customer, '下载副本')
    const files = unzip(readFileSync(await (await coming).path()))
    expect([...files.keys()]).toEqual(['copy.html', 'copy.json'])
    const { name } = await db()
      .selectFrom('customer')
      .select('name')
      .where('id', '=', one.customer)
      .executeTakeFirstOrThrow()
    expect(files.get('copy.html')!.toString()).toContain(name)
    expect(files.get('copy.json')!.toString()).toContain(RAW)
    await customer.reload()
    await see(customer, /副本已在.*取走/)
    expect(await customer.getByRole('button', { name: '下载副本' }).count()).toBe(0)
    const row = await db()
      .selectFrom('rightsRequest')
      .select(['number', 'state', 'takenAt', 'ial'])
      .where('customerId', '=', one.customer)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ ial: 'IAL2', takenAt: expect.any(Date) })
    // Its answer counts as told when the page was before the customer's eyes for two seconds.
    const heard = () =>
      db().selectFrom('rightsRequest').select('state').where('number', '=', row.number).executeTakeFirst()
    await expect.poll(heard, { timeout: 10_000 }).toEqual({ state: 'informed' })
    const list = await atCompliance('/requests')
    await list.getByRole('button', { name: /已答复/ }).click()
    await see(list, new RegExp(row.number))
  })
})

it('what was taken back is off the open page within a minute (T-14)', async () => {
  expect(await gone).toBeLessThan(60_000)
})

describe('another colleague', () => {
  it('asked for on the phone, passed on by one manager, approved by another; the letter names who serves now (T-85)', async () => {
    const one = told.other
    const customer = await phone(one, one.letter)
    await follow(customer, '我想换人')
    await customer.getByLabel('沟通方式').check()
    await customer.getByRole('textbox').fill('他说话太快')
    await press(customer, '提交')
    await see(customer, '已收到：您想换一位服务人员')
    const successor = await atSuccessor(one)
    await see(successor.page, '客户希望换一位服务人员')
    expect(await successor.page.getByText('他说话太快').count()).toBe(0)

    const manager = await visit(browser, stage, STORY.manager)
    await manager.go('/objections')
    await follow(manager.page, /陈一鸣/)
    await see(manager.page, '沟通方式')
    await press(manager.page, '换一位同事')
    await manager.page.getByRole('button', { name: new RegExp(`^${OTHER.name}`) }).click()
    await press(manager.page, '提交审批')
    await press(manager.page, '确认提交审批')
    await see(manager.page, '待审批')
    const second = await visit(browser, stage, STORY.secondManager)
    await second.go(new URL(manager.page.url()).hash.slice(1))
    await second.page.getByRole('button', { name: /通过并提交/ }).click()
    await see(second.page, '已通过')
    const passed = async () =>
      (
        await db()
          .selectFrom('transfer')
          .innerJoin('handover', 'handover.id', 'transfer.handoverId')
          .innerJoin('member', 'member.id', 'transfer.successorId')
          .select('transfer.state')
          .where('handover.customerId', '=', one.customer)
          .where('member.name', '=', OTHER.name)
          .executeTakeFirst()
      )?.state
    await expect.poll(passed, { timeout: 20_000 }).toBe('waiting')
    await stage.simulator.clock.advance(25 * HOUR)
    await expect.poll(passed, { timeout: 30_000 }).toBe('taken_over')

    await customer.reload()
    await see(customer, /您现在的服务人员是孙婷/)
    await successor.page.reload()
    await see(successor.page, '没有找到')
    const next = await visit(browser, stage, OTHER.userid)
    await next.go(`/c/${one.customer}`)
    await see(next.page, '先告诉客户换人了，再查看更多')
    const wishes = await visit(browser, stage, STORY.manager)
    await wishes.go('/objections')
    await wishes.page.getByRole('button', { name: /已答复/ }).click()
    await see(wishes.page, '已换好同事')
  })
})

describe('ninety days later', () => {
  it('the letter is still read, its buttons are a complaint’s, and what was given can be taken back', async () => {
    await stage.simulator.clock.advance(91 * DAY)
    const one = told.refuse
    const customer = await phone(one, one.letter)
    await see(customer, '这份告知的按钮已过期，文字仍可查看')
    for (const name of ['我知道了', '同意'])
      expect(await customer.getByRole('button', { name, exact: true }).count()).toBe(0)
    await customer.getByLabel('疑问、要求或投诉的内容').fill('没有人回复我')
    await press(customer, '提交')
    await see(customer, /已收到您的投诉，编号TS-/)
    const { handoverId } = await db().selectFrom('complaint').select('handoverId').executeTakeFirstOrThrow()
    expect(handoverId).toBe(one.handover)
    officer = await visit(browser, stage, STORY.compliance)
    const list = await atCompliance('/complaints')
    await see(list, '没有人回复我')

    const other = await phone(told.spoken, `${told.spoken.letter}/choice/history_raw`)
    await press(other, '撤回同意')
    await see(other, /回执HR-/)
    expect(await consentOf(told.spoken)).toBe('withdrawn')
  })
})

it('and neither log nor audit nor simulator has anything to complain of', async () => {
  expect(stage.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
  expect(stage.simulator.unknown).toEqual([])
  const pool = openPool(database.connection, () => undefined)
  expect(await verifyAudit(pool)).toMatchObject({ whole: true })
  await pool.end()
})
