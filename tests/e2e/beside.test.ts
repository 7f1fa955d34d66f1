import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { departureOf, mirrorOnce, plan, until } from '../../mock/prologue'
import { signIn } from '../../mock/person'
import { STORY, STRANGERS } from '../../mock/people'
import type { Cast } from '../../mock/wecom/cast'
import { launchBrowser } from '../support/browser'
import { compareLook, intoTone } from '../support/looks'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'
import { settled, visit, type Visit } from '../support/visit'

/**
 * Beside a chat, with the real SDK over the simulated bridge: the brief on one screen, its timeline, a group's chat and its notice, the
 * keyboard alone, and what the client may do wrong (Q68). One house, one browser; small: the leaver keeps a dozen customers.
 */
const KEPT = 12
const LONG = '欧阳·阿卜杜热合曼·麦麦提吐尔逊（宏远建材华东区采购中心）'
let browser: Browser
let database: FreshDatabase
let stage: Stage
let rep: Visit
const HOUR = 3600_000
/** Ten in the morning, so that what is shown is the same whenever this runs. */
const TUESDAY = Date.parse('2026-11-24T02:00:00Z')
/** 林晓's group that the story's customer is in. */
let chat = ''

beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  stage = await openStage(database.urls, recast, TUESDAY)
  await mirrorOnce(stage)
  // WeCom's events tell whole seconds: what happened in the second of the first reading would stand before or after it by chance.
  await stage.simulator.clock.advance(60_000)
  stage.simulator.world.removeMember(STORY.leaver)
  const departure = await departureOf(stage, '林晓')
  await plan(stage, departure, { take: 100, successors: [STORY.successor] })
  const waiting = async () =>
    (
      await (
        await signIn(stage.simulator, stage.appUrl, STORY.manager)
      ).ask<Counts>('GET', `/api/departures/${departure.id}`)
    ).counts['waiting'] ?? 0
  await until(stage, waiting, (n) => n > 0, 'they wait')
  await stage.simulator.clock.advance(25 * HOUR)
  await until(stage, waiting, (n) => n === 0, 'WeCom took over')
  await until(
    stage,
    async () => ((await groupState()) === 'moved' ? 1 : 0),
    (n) => n > 0,
    'the group is moved',
  )
  rep = await visit(browser, stage, STORY.successor, { customer: STORY.customer })
}, 120_000)
afterAll(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await browser.close()
  await stage.close()
  await database.drop()
})
interface Counts {
  counts: Record<string, number>
}

function recast(cast: Cast): void {
  const own = cast.relations.filter((r) => r.userid === STORY.leaver)
  const kept = new Set([STORY.customer, ...own.map((r) => r.externalUserid)].slice(0, KEPT))
  cast.relations = cast.relations.filter((r) => r.userid !== STORY.leaver || kept.has(r.externalUserid))
  const groups = cast.groups.filter((g) => g.owner === STORY.leaver)
  const one = groups.find((g) => g.members.some((m) => m.userid === STORY.customer)) ?? groups[0]
  if (!one) throw new Error('林晓 has no group')
  one.members = one.members.filter((m) => m.type === 1 || kept.has(m.userid))
  if (!one.members.some((m) => m.userid === STORY.customer))
    one.members.push({ userid: STORY.customer, type: 2, joinTime: one.createTime })
  cast.groups = cast.groups.filter((g) => g.owner !== STORY.leaver || g === one)
  chat = one.chatId
  const longest = [...kept].at(-1)
  for (const customer of cast.customers) if (customer.externalUserid === longest) customer.name = LONG
}

const db = () => stage.running.deps.db
const groupState = async () =>
  (await db().selectFrom('groupTransfer').select('state').where('chatId', '=', chat).executeTakeFirst())?.state

/** How the client stands, then the sidebar anew. */
async function reopen(desk: Record<string, unknown> = {}): Promise<void> {
  const sat = await rep.page.request.post(`${stage.windowUrl}/__window/desk`, { data: desk })
  if (!sat.ok()) throw new Error(await sat.text())
  await rep.page.goto(`${stage.windowUrl}/sidebar`)
}
const beside = {
  entry: 'sidebar',
  customer: STORY.customer,
  bridge: 'normal',
  version: '5.0.11',
  permitted: true,
  confirm: 'send',
}
const see = (words: string | RegExp) => rep.page.getByText(words).filter({ visible: true }).first().waitFor()

/** Tab by Tab, as somebody without a mouse; each stop must be seen. */
async function tabTo(name: string): Promise<void> {
  const { page } = rep
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const one = document.activeElement
      return { says: one?.textContent?.trim() ?? '', outline: one ? getComputedStyle(one).outlineStyle : 'none' }
    })
    if (at.says !== name) continue
    expect([name, at.outline]).toEqual([name, 'solid'])
    return
  }
  throw new Error(`No stop called ${name} within 40`)
}

const faults = (page: Page): Promise<string[]> =>
  page.evaluate(
    `(() => { const module = undefined, exports = undefined; ${axe.source};
      return axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        .then((r) => r.violations.map((v) => v.id + ' ' + v.nodes.map((n) => n.target).join())) })()`,
  )
const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

/** Q61, Q65 at what a sidebar can be: three widths, both tones, twice the text. */
async function rightForEveryEye(page: Page, name: string): Promise<void> {
  const wrong: unknown[] = []
  for (const [width, colorScheme] of [
    [320, 'dark'],
    [360, 'light'],
    [768, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 640 })
    await intoTone(page, colorScheme)
    wrong.push(...(await faults(page)).map((fault) => `${name} ${width} ${colorScheme}: ${fault}`))
  }
  for (const [width, size] of [
    [320, '100%'],
    [360, '200%'],
  ] as const) {
    await page.setViewportSize({ width, height: 640 })
    await page.evaluate((size) => (document.documentElement.style.fontSize = size), size)
    if ((await sideways(page)) > 0) wrong.push(`${name} ${width} ${size}: wider than the window`)
  }
  await page.evaluate(() => (document.documentElement.style.fontSize = ''))
  await page.setViewportSize({ width: 360, height: 640 })
  await intoTone(page, 'light')
  expect(wrong).toEqual([])
}

interface Fault {
  desk?: Record<string, unknown>
  /** What the bridge says to one call, whatever the desk would. */
  bridge?: Record<string, string>
  /** What our own signing door answers. */
  sign?: 'wrong' | 'slow' | 'down'
  outside?: true
}
const NUMBER = /编号/
const twelve: [string, Fault, string][] = [
  ['no bridge', { desk: { bridge: 'absent' } }, '没有连上企业微信客户端'],
  ['a silent client', { desk: { bridge: 'hang' } }, '企业微信没有回应'],
  ['a signature the client refuses', { sign: 'wrong' }, '页面没有通过企业微信的校验'],
  ['an untrusted domain', { bridge: { agentConfig: 'fail_invalid url domain' } }, '这个网址不是应用的可信域名'],
  ['an address that changed meanwhile', { sign: 'slow' }, '网址在校验时变了'],
  ['no permission', { desk: { permitted: false } }, '应用或您的账号没有客户联系权限'],
  [
    'a call that is not in force',
    { bridge: { getCurExternalContact: 'fail_no permission to execute' } },
    '页面的接口权限没有生效',
  ],
  [
    'a function that does not exist',
    { bridge: { getCurExternalContact: 'fail_function not exist' } },
    '这个客户端没有需要的接口',
  ],
  ['an old client', { desk: { version: '2.8.10' } }, '企业微信版本太低'],
  ['the wrong entry', { desk: { entry: 'workbench' } }, '这里不是客户的单聊'],
  ['outside WeCom', { outside: true }, '请在企业微信里打开'],
  ['a failure without a reason', { bridge: { getCurExternalContact: 'fail_something odd' } }, '企业微信没有说明原因'],
]

async function spoil({ bridge, sign, outside }: Fault): Promise<void> {
  const { page } = rep
  if (outside)
    await page.route('**/__window/bridge.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
  if (bridge)
    await page.route('**/__window/bridge', async (route) => {
      const { name } = route.request().postDataJSON() as { name: string }
      const said = bridge[name]
      return said ? route.fulfill({ json: { err_msg: `${name}:${said}` } }) : route.continue()
    })
  if (sign)
    await page.route('**/api/jssdk*', async (route) => {
      if (sign === 'down')
        return route.fulfill({
          status: 502,
          json: { code: 'wecom_unreachable', message: '暂时连不上企业微信。', requestId: 'req-down' },
        })
      const answer = await route.fetch()
      if (sign === 'wrong')
        return route.fulfill({
          response: answer,
          json: { ...((await answer.json()) as object), signature: 'f'.repeat(40) },
        })
      // It is asked for before the app is there (public/early.js); the client signs for what the app then names.
      await page.locator('.shell').waitFor({ state: 'detached' })
      await page.evaluate(() => history.replaceState(null, '', '/sidebar?elsewhere'))
      return route.fulfill({ response: answer })
    })
}

describe('what the client may do wrong (Q68)', () => {
  it('each of twelve faults has a page of its own with one act, and ours has the number to quote', async () => {
    const titles: string[] = []
    for (const [name, fault, title] of twelve) {
      await spoil(fault)
      await reopen({ ...beside, ...fault.desk })
      await rep.page
        .getByRole('heading', { name: title })
        .waitFor({ timeout: 10_000 })
        .catch(async () => {
          throw new Error(`${name}: ${await rep.page.evaluate(() => document.body.innerText)}`)
        })
      titles.push((await rep.page.getByRole('heading', { level: 2 }).first().innerText()).trim())
      expect([name, await rep.page.locator('main button.van-button').count()]).toEqual([name, 1])
      expect([name, await rep.page.locator('[aria-busy=true]').count()]).toEqual([name, 0])
      if (fault.sign) expect([name, await rep.page.getByText(NUMBER).count()]).toEqual([name, 1])
      await rep.page.unrouteAll()
    }
    expect(new Set(titles).size).toBe(12)
    await rightForEveryEye(rep.page, 'blocked')
  }, 90_000)

  it('a late bridge is waited for, and our own server’s failure to sign is told as ours', async () => {
    await reopen({ ...beside, bridge: 'late' })
    await see('先告诉客户换人了')
    await spoil({ sign: 'down' })
    await reopen(beside)
    await see('暂时连不上企业微信。')
    await see('req-down')
    await rep.page.unrouteAll()
  })
})

describe('the brief', () => {
  it('stands on one screen, closed and open; the rest is one tap below (T-80, T-86, T-87)', async () => {
    await reopen(beside)
    await see('先告诉客户换人了')
    await settled(rep.page)
    await rightForEveryEye(rep.page, 'to tell')
    expect(
      await onScreen(['承接自 林晓', '已接替 · 尚未告知客户', /请在 .* 内告知/, '发送交接告知', '待兑现']),
    ).toEqual([])
    expect(await rep.page.locator('.van-button--primary').count()).toBe(1)
    // The notice goes out by the keyboard alone: the focus is seen, goes into the sheet, and is not lost when that is gone (Q63).
    await tabTo('发送交接告知')
    await rep.page.keyboard.press('Enter')
    await rep.page.getByRole('dialog').waitFor()
    await tabTo('发送')
    expect(await rep.page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true)
    await rep.page.keyboard.press('Enter')
    await see(/^已发送/)
    await tabTo('完成')
    await rep.page.keyboard.press('Enter')
    await see('补发报价单')
    await expect.poll(() => rep.page.evaluate(() => document.activeElement !== document.body)).toBe(true)
    await settled(rep.page)
    await rep.page.locator('.entry').first().waitFor()
    expect(await onScreen(['承接自 林晓', '已告知 · 可服务', /发送了交接告知/, '记下一个约定', '补发报价单'])).toEqual(
      [],
    )
    await rightForEveryEye(rep.page, 'told')
  }, 60_000)

  it('is worked with the keyboard alone, and no single key acts while somebody types (Q63)', async () => {
    const { page } = rep
    await page.keyboard.press('/')
    await expect.poll(() => focusedType()).toBe('search')
    await page.keyboard.type('jk/?报价')
    expect(await page.getByRole('searchbox').inputValue()).toBe('jk/?报价')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('searchbox').fill('报价')
    // Only what holds the words is left of the timeline.
    await expect
      .poll(async () => (await page.locator('.entry').allInnerTexts()).map((text) => text.includes('报价')))
      .toEqual([true, true])
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('entry')
    expect(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)).toBe('solid')
    await page.keyboard.press('?')
    await page.getByRole('dialog').getByText('跳到查找').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })
})

describe('from the workbench', () => {
  it('a customer’s chat opens with one tap, and the sidebar there is theirs (T-48)', async () => {
    const { page } = rep
    const desk = async () =>
      (await (await page.request.get(`${stage.windowUrl}/__window/desk`)).json()) as { entry: string; customer: string }
    const { id, contact } = await db()
      .selectFrom('notice')
      .innerJoin('handover', 'handover.id', 'notice.handoverId')
      .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
      .innerJoin('transfer', 'transfer.handoverId', 'handover.id')
      .select(['handover.customerId as id', 'wecomContact.externalUserid as contact'])
      .where('notice.state', 'in', ['due', 'prompted'])
      .where('transfer.state', '=', 'taken_over')
      .where('wecomContact.externalUserid', '<>', STORY.customer)
      .limit(1)
      .executeTakeFirstOrThrow()
    await page.request.post(`${stage.windowUrl}/__window/desk`, { data: { ...beside, entry: 'workbench' } })
    await page.goto(`${stage.windowUrl}/workbench?at=/c/${id}`)
    await page.getByRole('button', { name: '发送交接告知' }).click()
    await page.getByRole('button', { name: '打开聊天' }).click()
    await expect.poll(async () => (await desk()).entry).toBe('sidebar')
    expect((await desk()).customer).toBe(contact)
    await page.goto(`${stage.windowUrl}/sidebar`)
    await page.getByRole('button', { name: '发送交接告知' }).click()
    // Once told, the next one's chat is one tap away.
    await page.getByRole('button', { name: '发送', exact: true }).click()
    await see(/还有 \d+ 位客户等您告知/)
    await rightForEveryEye(page, 'the next one to tell')
    await page.getByRole('button', { name: /^告知下一位/ }).click()
    await expect.poll(async () => (await desk()).customer).not.toBe(contact)
    await page.goto(`${stage.windowUrl}/sidebar`)
    await see('先告诉客户换人了')
  })
})

describe('a group’s chat', () => {
  it('says whose it was and who of mine is in it; its notice goes out once, and tells no customer anything (T-86)', async () => {
    await reopen({ ...beside, entry: 'group', chat })
    await see('先在群里说一声由您接替')
    await see('承接自 林晓')
    await see(/已告知$/)
    await settled(rep.page)
    await rightForEveryEye(rep.page, 'group')
    const told = await untold()
    await rep.page.getByRole('button', { name: '发送群告知' }).click()
    await rep.page.getByRole('button', { name: '发送', exact: true }).click()
    await see('群里已经说了')
    const rows = await db()
      .selectFrom('groupNotice')
      .select(['outcome', 'template'])
      .where('chatId', '=', chat)
      .execute()
    expect(rows).toEqual([{ outcome: 'sent', template: 'M10@1' }])
    expect(await untold()).toBe(told)
    await rep.page.getByRole('button', { name: '完成' }).click()
    await see(/告知了群里/)
    expect(stage.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
    expect(stage.simulator.unknown).toEqual([])
  }, 60_000)
})

describe('a customer who is new to the company', () => {
  it('is known within seconds of adding a member, told from the list, and reads the rules on their phone (S15, T-15)', async () => {
    const { page } = rep
    const [stranger = ''] = STRANGERS
    stage.simulator.world.customerAddsMember(STORY.successor, stranger)
    const member = await signIn(stage.simulator, stage.appUrl, STORY.successor)
    const list = () => member.ask<{ total: number }>('GET', '/api/newcomers')
    await expect.poll(async () => (await list()).total, { timeout: 15_000 }).toBe(1)
    await page.request.post(`${stage.windowUrl}/__window/desk`, { data: { ...beside, entry: 'workbench' } })
    await page.goto(`${stage.windowUrl}/workbench?at=/newcomers`)
    await see('1 位新客户还没有告知。')
    await settled(page)
    await rightForEveryEye(page, 'newcomers')
    await page.getByRole('button', { name: '告知下一位：赵*' }).click()
    await page.getByRole('button', { name: '打开聊天' }).click()
    await expect
      .poll(async () => (await page.request.get(`${stage.windowUrl}/__window/desk`)).json())
      .toMatchObject({ entry: 'sidebar', customer: stranger })
    await page.goto(`${stage.windowUrl}/sidebar`)
    await see('新客户，请先告知')
    await settled(page)
    await rightForEveryEye(page, 'new')
    await page.getByRole('button', { name: '发送首次告知' }).click()
    await page.getByRole('button', { name: '发送', exact: true }).click()
    await see(/^已发送/)
    await page.getByRole('button', { name: '完成' }).click()
    await see(/发出了首次告知/)
    expect((await list()).total).toBe(0)
    const said = stage.simulator.world.chat(STORY.successor, stranger).at(-1)
    const link = /https?:[^\s。]+\/n\/rules/.exec(JSON.stringify(said))?.[0] ?? ''
    const phone = await browser.newPage({ viewport: { width: 360, height: 740 } })
    await phone.goto(link)
    await phone.getByRole('heading', { name: '我们怎么处理您的信息' }).waitFor()
    await phone.getByRole('link', { name: '我有疑问或投诉' }).waitFor()
    await rightForEveryEye(phone, 'rules')
    await phone.close()
  }, 90_000)
})

/** What must not be in the panel, whatever happens in the page. */
const CANARIES = ['王磊', '13800138000', STORY.customer, 'TOKEN-CANARY', 'Canary Smith', '林晓']

describe('debugging in the client (quality 26)', () => {
  it('is loaded by who knows the gesture and was given it, shows and copies nothing of anybody, and needs no laxer policy', async () => {
    const { page, context } = rep
    const loaded: string[] = []
    page.on('request', (request) => void loaded.push(new URL(request.url()).pathname))
    const debugging = () => loaded.filter((path) => /\/assets\/(eruda|panel|DebugSheet)/.test(path))
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.windowUrl })
    await reopen(beside)
    const name = page.getByRole('heading', { level: 2 }).first()
    await name.waitFor()
    const gesture = async () => {
      const { x, y } = (await name.boundingBox())!
      for (let n = 0; n < 7; n++) await page.mouse.click(x + 5, y + 5)
    }
    await expect
      .poll(
        async () => {
          await gesture()
          return page.getByText('没有为您打开诊断').count()
        },
        { timeout: 15_000, interval: 800 },
      )
      .toBeGreaterThan(0)
    expect(debugging()).toEqual([])

    const admin = await signIn(stage.simulator, stage.appUrl, STORY.admin)
    const { id: member } = await db()
      .selectFrom('member')
      .select('id')
      .where('userid', '=', STORY.successor)
      .executeTakeFirstOrThrow()
    const { grant } = await admin.ask<{ grant: string }>('POST', '/api/debug', { member, reason: '页面打不开' })
    // A request that fails, with words in its answer; a client that says more than it should.
    await page.route('**/api/customers/*/sight', (route) =>
      route.fulfill({ status: 500, headers: { 'x-request-id': 'req-canary' }, json: { message: CANARIES.join() } }),
    )
    await page.locator('.fold summary').click()
    await page.locator('.fold').getByRole('alert').waitFor()
    await page.unrouteAll()
    await page.keyboard.press('Alt+Shift+KeyD')
    const text = page.getByRole('dialog').getByLabel('诊断信息')
    await expect.poll(() => text.inputValue()).toContain('req-canary')
    const said = await text.inputValue()
    expect(said).toMatch(/^Jiebang [\d.]+ · index-[\w-]+\.js$/m)
    expect(said).toMatch(/^WeCom 5\.0\.11 · entry single_chat_tools$/m)
    expect(said).toMatch(/^GET \/api\/customers\/:customer\/sight · 500 · \d+ ms · \d+ s ago · req-canary$/m)
    expect(said).toMatch(/^getCurExternalContact · ok · \d+ ms/m)
    await page.getByRole('button', { name: '复制诊断信息' }).click()
    await see('已复制')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(said)
    expect(debugging().filter((path) => !path.includes('DebugSheet'))).toEqual([])

    await page.getByRole('button', { name: '打开调试面板' }).click()
    const panel = page.locator('#eruda')
    await panel.getByText('failed requests: 1').waitFor()
    await page.evaluate(async (canaries) => {
      const all = canaries.join(' ')
      localStorage.setItem('canary', all)
      document.cookie = `canary=${encodeURIComponent(all)}`
      console.log('%cCanary Smith', 'color: red', { name: all }, [all])
      console.info(all)
      void Promise.reject(Object.assign(new TypeError(`x is not a function ${all}`), { name: all }))
      setTimeout(() => JSON.parse(all))
      await fetch('/api/me', { headers: { 'x-canary': all.replace(/[^\w ]/g, '') } })
    }, CANARIES)
    for (const tab of ['calls', 'diagnostics', 'console']) await panel.locator(`[data-id=${tab}]`).click()
    await panel.getByText('Error is not a function').waitFor()
    await panel.getByText('SyntaxError Unexpected token').waitFor()
    const shadow = await page.evaluate(() => document.querySelector('#eruda')?.shadowRoot?.innerHTML ?? '')
    expect(CANARIES.filter((canary) => (said + shadow).includes(canary))).toEqual([])
    expect(shadow.length).toBeGreaterThan(2000)
    expect(
      await panel.locator('[data-id]').evaluateAll((all) => all.map((one) => one.getAttribute('data-id'))),
    ).toEqual(['console', 'diagnostics', 'calls'])
    // It looks as it should under the policy that everybody has, listens to nothing, and leaves nothing.
    const state = await page.evaluate(() => ({
      fixed: getComputedStyle(document.querySelector('#eruda')!.shadowRoot!.querySelector('.eruda-dev-tools')!)
        .position,
      native: [
        XMLHttpRequest.prototype.open,
        XMLHttpRequest.prototype.send,
        fetch,
        Element.prototype.attachShadow,
      ].every((f) => f.toString().includes('[native code]')),
      kept: Object.keys(localStorage).filter((key) => key.startsWith('eruda')),
    }))
    expect(state).toEqual({ fixed: 'absolute', native: true, kept: [] })
    expect(stage.logged.filter((line) => line.includes('content security policy'))).toEqual([])

    await admin.ask('POST', `/api/debug/${grant}/end`)
    await reopen(beside)
    await name.waitFor()
    expect(await panel.count()).toBe(0)
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Alt+Shift+KeyD')
          return page.getByText('没有为您打开诊断').count()
        },
        { timeout: 15_000, interval: 400 },
      )
      .toBeGreaterThan(0)
  }, 60_000)
})

describe('the look', () => {
  it('of brief, list, departure, plan, letter and complaint is what was kept, light and dark; 8 px or another blue are seen', async () => {
    const wrong: Record<string, string[]> = {}
    const look = async (page: Page, name: string) => {
      await settled(page)
      const found = await compareLook(page, name)
      if (found.length) wrong[name] = found
    }
    await reopen(beside)
    await see('补发报价单')
    await settled(rep.page)
    await rep.page.locator('.entry').first().waitFor()
    await look(rep.page, 'brief')
    // What is compared can fail.
    const seen = async (change: () => void) => {
      await rep.page.evaluate(change)
      return (await compareLook(rep.page, 'brief')).length
    }
    if (!process.env['LOOKS']) {
      expect(
        await seen(() => (document.querySelector<HTMLElement>('.van-button')!.style.marginTop = '8px')),
      ).toBeGreaterThan(0)
      await rep.page.evaluate(() => (document.querySelector<HTMLElement>('.van-button')!.style.marginTop = ''))
      expect(await seen(() => void document.documentElement.style.setProperty('--blue', '#0b62ca'))).toBeGreaterThan(0)
      await rep.page.evaluate(() => document.documentElement.style.removeProperty('--blue'))
    }
    // Who wants nothing to move has every colour at once, not one after the other down the page.
    await rep.page.emulateMedia({ reducedMotion: 'reduce' })
    await look(rep.page, 'brief')
    await rep.page.emulateMedia({ reducedMotion: 'no-preference' })
    const boss = await visit(browser, stage, STORY.manager)
    await boss.go('/departures')
    await look(boss.page, 'list')
    const departure = await db()
      .selectFrom('departure')
      .innerJoin('member', 'member.id', 'departure.memberId')
      .select('departure.id')
      .where('member.userid', '=', 'tangjun')
      .executeTakeFirstOrThrow()
    await boss.go(`/departures/${departure.id}`)
    await look(boss.page, 'departure')
    const plan = await db().selectFrom('plan').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
    await boss.go(`/plans/${plan.id}`)
    await look(boss.page, 'plan')
    const path = await letterPath()
    for (const [name, part] of [
      ['letter', ''],
      ['complaint', '/complaint'],
    ] as const) {
      await boss.page.goto(stage.windowUrl + path + part)
      await look(boss.page, name)
    }
    expect(wrong).toEqual({})
  }, 60_000)
})

/** Of a customer who is told now. */
async function letterPath(): Promise<string> {
  const { ask } = await signIn(stage.simulator, stage.appUrl, STORY.successor)
  const { items } = await ask<{ items: { handover: string; customer: string; name?: string }[] }>(
    'GET',
    '/api/inherited?limit=100',
  )
  const { handover, customer } = items.at(-1)!
  await ask('POST', '/api/brief', { customer })
  const notice = { language: 'zh-CN' }
  const { id, link } = await ask<{ id: string; link: string }>('POST', `/api/handovers/${handover}/notice`, notice)
  await ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome: 'sent' })
  return new URL(link).pathname
}

const untold = async () =>
  (
    await db()
      .selectFrom('notice')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('sentAt', 'is', null)
      .executeTakeFirstOrThrow()
  ).n
const focusedType = () => rep.page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.type)

/** Which of these do not stand wholly within 360 × 640. */
async function onScreen(words: (string | RegExp)[]): Promise<string[]> {
  await rep.page.evaluate(() => window.scrollTo(0, 0))
  const out: string[] = []
  for (const one of words) {
    const box = await rep.page.getByText(one).filter({ visible: true }).first().boundingBox()
    if (!box || box.y < 0 || box.y + box.height > 640) out.push(`${one} at ${box?.y}`)
  }
  return out
}
