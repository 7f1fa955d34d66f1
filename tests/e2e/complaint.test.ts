import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signIn } from '../../mock/person'
import { createMailHost, type MailHost } from '../../mock/mail/host'
import { launchBrowser } from '../support/browser'
import { growOld } from '../support/old'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'

/** Complained and heard, and not accepted: from the customer's phone to the rows and back, with two handlers (T-31, T-33). */
let browser: Browser
let database: FreshDatabase
let stage: Stage
let mail: MailHost
beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  mail = await createMailHost()
  stage = await openStage({
    ...database.urls,
    COMPLIANCE: 'shenlan,wangsiqi',
    MAIL_ADDRESS: mail.address,
    MAIL_IMAP_URL: mail.imapUrl,
    MAIL_SMTP_URL: mail.smtpUrl,
  })
})
afterAll(async () => {
  await browser.close()
  await stage.close()
  await mail.close()
  await database.drop()
})

const contexts: BrowserContext[] = []
async function newPage(width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'zh-CN' })
  await growOld(context)
  contexts.push(context)
  context.setDefaultTimeout(20_000)
  return context.newPage()
}

/** A member of compliance at a place in the workbench. */
async function workbench(member: string, at: string, width = 360): Promise<Page> {
  const page = await newPage(width)
  await page.goto(`${stage.windowUrl}/__window/`)
  await page.request.post(`${stage.windowUrl}/__window/desk`, { data: { member, language: 'zh' } })
  await page.goto(`${stage.windowUrl}/workbench?at=${encodeURIComponent(at)}`)
  return page
}
const picture = async (page: Page, name: string) => {
  const folder = process.env['PICTURES']
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}
const row = () =>
  stage.running.deps.db
    .selectFrom('complaint')
    .select(['number', 'state', 'round', 'informedBy'])
    .orderBy('number')
    .executeTakeFirst()

it('a customer without a living link complains, is heard with reasons, disagrees, and somebody else hears them again', async () => {
  await expect
    .poll(() => signIn(stage.simulator, stage.appUrl, 'shenlan').catch(() => null), { timeout: 20_000 })
    .not.toBeNull()
  const phone = await newPage(360)
  await phone.goto(`${stage.windowUrl}/n/${'A'.repeat(22)}`)
  await phone.getByLabel('疑问、要求或投诉的内容').fill('换人后没有人回复我的发货问题。')
  await phone.getByLabel(/怎么联系您/).fill('139 0000 1111')
  await phone.getByRole('button', { name: '提交' }).click()
  await phone.getByText(/已收到您的投诉，编号TS-/).waitFor()
  await picture(phone, 'customer-received')
  const number = (await row())?.number ?? ''

  const first = await workbench('shenlan', '/complaints')
  await first.getByText('换人后没有人回复我的发货问题。').first().waitFor()
  await picture(first, 'queue-360')
  await first.getByText('换人后没有人回复我的发货问题。').first().click()
  await first.getByRole('button', { name: '分类并指定经办人' }).click()
  await first.getByLabel('服务', { exact: true }).check()
  await first.getByLabel('一般').check()
  await first.getByLabel(/^沈岚/).check()
  await picture(first, 'triage-360')
  await first.getByRole('button', { name: '保存' }).click()
  await first.getByRole('button', { name: '开始办理' }).click()
  await first.getByRole('button', { name: '作出决定' }).click()
  await first.getByLabel('部分成立').check()
  await first.getByLabel('一句话结果（客户会收到）').fill('已补发，并安排专人跟进')
  await first.getByLabel('理由（客户会看到）').fill('核对了三天的聊天记录，确有两次没有回复。')
  await picture(first, 'decide-360')
  await first.getByRole('dialog').getByRole('button', { name: '作出决定' }).click()
  await first.getByRole('heading', { name: '已决定，待告知客户' }).waitFor()
  await picture(first, 'decided-360')

  // By number and contact from another device; two seconds on the screen are the proof.
  const other = await newPage(360)
  await other.goto(`${stage.windowUrl}/n/complaint/find`)
  await other.getByLabel('投诉编号').fill(number)
  await other.getByLabel('当时留下的电话或邮箱').fill('13900001111')
  await other.getByRole('button', { name: '查询' }).click()
  await other.getByText('核对了三天的聊天记录').waitFor()
  await expect.poll(async () => (await row())?.informedBy, { timeout: 10_000 }).toBe('page')
  await other.reload()
  await picture(other, 'customer-result')
  await other.getByLabel('哪里不认可').fill('还是没有人联系我')
  await other.getByRole('button', { name: '不认可，要求重新处理' }).click()
  await other.getByText('现由另一位同事重新处理').waitFor()

  await first.reload()
  await first.getByText('您先前经办或决定过这件投诉').waitFor()
  const second = await workbench('wangsiqi', `/complaints/${number}`, 1280)
  await second.getByRole('button', { name: '开始办理' }).click()
  await second.getByRole('heading', { name: '办理中' }).waitFor()
  await picture(second, 'split-1280')
  expect(await row()).toMatchObject({ state: 'handling', round: 2 })

  // The same register takes a mail.
  mail.write({ from: 'li@customer.example', to: mail.address, subject: '催一下', text: '我的报价单呢？' })
  stage.running.deps.wake('mail')
  await expect.poll(() => mail.lying('li@customer.example').length, { timeout: 20_000 }).toBe(1)
  await second.getByRole('button', { name: '刷新' }).first().click()
  await second.getByText(/催一下/).waitFor()
  await Promise.all(contexts.map((context) => context.close()))
})
