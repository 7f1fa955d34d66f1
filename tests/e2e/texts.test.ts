import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { launchBrowser } from '../support/browser'
import { growOld } from '../support/old'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'

/** A text from the page of compliance to the customer’s phone: written, refused, mended, confirmed by another, read. */
let browser: Browser
let database: FreshDatabase
let stage: Stage
beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  stage = await openStage(database.urls)
  await vi.waitFor(() => signIn(stage.simulator, stage.appUrl, STORY.compliance), { timeout: 20_000, interval: 200 })
})
afterAll(async () => {
  await browser.close()
  await stage.close()
  await database.drop()
})

const complaints: string[] = []
async function workbench(member: string, at: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  await growOld(context)
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/401|409/.test(message.text())) complaints.push(message.text())
  })
  await page.goto(`${stage.windowUrl}/__window/`)
  await page.request.post(`${stage.windowUrl}/__window/desk`, { data: { member, language: 'zh' } })
  await page.goto(`${stage.windowUrl}/workbench?at=${encodeURIComponent(at)}`)
  return page
}

it('a text is changed, refused while an element is missing, confirmed by a second person and read by the customer (T-54, T-59)', async () => {
  const { db } = stage.running.deps
  const author = await workbench(STORY.compliance, '/texts/page')
  await author.getByRole('button', { name: '修改' }).click()
  const hidden = author.locator('section', { hasText: '首屏' }).locator('textarea')
  const what = hidden.nth(1)
  const before = await what.inputValue()
  expect(before).toContain('{company}告知您')
  await what.fill(before.replace('{company}', '我们'))
  await author.getByText('缺少要素 N1').first().waitFor()
  await what.fill(before.replace('告知您', '郑重告知您'))
  await author.getByText('没有发现问题').waitFor()
  await author.frameLocator('iframe').first().getByText('郑重告知您').waitFor()
  await author.getByRole('button', { name: '保存' }).click()
  await author.getByRole('button', { name: '提交确认' }).click()
  await author.locator('.sheet').getByText('文字性').click()
  await author.locator('.sheet').getByLabel('为什么改').fill('语气')
  await author.locator('.sheet').getByRole('button', { name: '提交确认' }).click()
  await author.getByText('您写过这一稿，由另一位合规人员确认。').waitFor()

  const second = await workbench('wangsiqi', '/texts/page')
  await second.getByText('郑重').first().waitFor()
  await second.getByRole('button', { name: /确认，启用为第 2 版/ }).click()
  await second.getByText('已启用第 2 版').waitFor()
  const versions = await db
    .selectFrom('textVersion')
    .select(['version', 'class'])
    .where('text', '=', 'page')
    .orderBy('version')
    .execute()
  expect(versions).toEqual([
    { version: 1, class: 'editorial' },
    { version: 2, class: 'editorial' },
  ])

  // A customer whose successor has told them, told here by hand: what leads there is story.test.ts.
  const path = await tellSomebody()
  const phone = await (await browser.newContext({ javaScriptEnabled: false, locale: 'zh-CN' })).newPage()
  await phone.goto(stage.windowUrl + path)
  await phone.getByText('郑重告知您').waitFor()
  await phone.getByRole('link', { name: '看全文' }).click()
  await phone.getByText('版本2').waitFor()
  await phone.getByRole('link', { name: '这份告知的各个版本' }).click()
  await phone.getByRole('link', { name: /第1版/ }).click()
  await phone.getByText('这是第1版').waitFor()
  expect(complaints).toEqual([])
})

/** One handover in rows, one notice through the API of its successor. */
async function tellSomebody(): Promise<string> {
  const { db, id, now } = stage.running.deps
  const at = now()
  const of = async (userid: string) =>
    (await db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
  const [leaver, successor] = [await of(STORY.leaver), await of(STORY.successor)]
  const { customerId } = await db
    .selectFrom('wecomContact')
    .select('customerId')
    .where('externalUserid', '=', STORY.customer)
    .executeTakeFirstOrThrow()
  const [departure, handover] = [id(), id()]
  await db
    .insertInto('departure')
    .values({ id: departure, memberId: leaver, leftAt: at, knownBy: 'unassigned_list', noticedAt: at })
    .execute()
  await db.insertInto('handover').values({ id: handover, departureId: departure, customerId, createdAt: at }).execute()
  await db
    .insertInto('transfer')
    .values({ handoverId: handover, state: 'taken_over', successorId: successor, settledAt: at })
    .execute()
  await db.insertInto('notice').values({ handoverId: handover, state: 'due' }).execute()
  const teller = await signIn(stage.simulator, stage.appUrl, STORY.successor)
  const prepared = await teller.ask<{ id: string; link: string }>('POST', `/api/handovers/${handover}/notice`, {
    language: 'zh-CN',
  })
  await teller.ask('POST', `/api/notice-attempts/${prepared.id}/outcome`, { form: 'text', outcome: 'sent' })
  return new URL(prepared.link).pathname
}
