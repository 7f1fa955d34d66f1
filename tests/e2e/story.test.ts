import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { verifyAudit } from '../../src/server/audit/verify'
import { openPool } from '../../src/server/db/open'
import { launchBrowser } from '../support/browser'
import { takeSeat, type Seat } from '../support/desk'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'

/** The whole story as people live it: real browser, real @wecom/jssdk, real HTTP, real PostgreSQL, through the window. */
let browser: Browser
let database: FreshDatabase
let stage: Stage
let seat: Seat

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  database = await freshDatabase()
  stage = await openStage(database.urls)
  await expect
    .poll(() => signIn(stage.simulator, stage.appUrl, STORY.admin).catch(() => null), { timeout: 20_000 })
    .not.toBeNull()
  await expect
    .poll(async () => (await query('select 1 from mirror_run where ended_at is not null')).length, { timeout: 30_000 })
    .toBe(1)
  seat = await takeSeat(browser, stage)
})
afterEach(async () => {
  await seat.page.context().close()
  await stage.close()
  await database.drop()
})

async function query<T extends object>(sql: string): Promise<T[]> {
  const pool = openPool(database.connection, () => undefined)
  try {
    return (await pool.query<T>(sql)).rows
  } finally {
    await pool.end()
  }
}

/** The story's customer, with what the database says of the handover. */
const handover = async () => {
  const [row] = await query<{ transfer: string; notice: string; objections: number }>(`
    select t.state as transfer, n.state as notice, (select count(*)::int from objection o where o.handover_id = t.handover_id) as objections
    from transfer t join notice n using (handover_id) join handover h on h.id = t.handover_id
    join wecom_contact c on c.customer_id = h.customer_id where c.external_userid = '${STORY.customer}'`)
  return row
}

/** Removes the leaver, plans all their customers for the successor, approves as the second manager. */
async function leaveAndAssign(): Promise<void> {
  await seat.remove(STORY.leaver)
  await seat.become(STORY.manager)
  await seat.openWorkbench()
  await seat.app.getByRole('link', { name: /离职交接/ }).click()
  await seat.app.getByRole('link', { name: /林晓/ }).click()
  await seat.app.getByRole('checkbox', { name: /全选/ }).check()
  await seat.app.getByRole('button', { name: '选择接替成员' }).click()
  await seat.app.getByRole('checkbox', { name: /陈一鸣/ }).check()
  await seat.app.getByRole('button', { name: '起草方案' }).click()
  await seat.app.getByRole('button', { name: '提交审批', exact: true }).click()
  await seat.app.getByRole('button', { name: '确认提交审批' }).click()
  await seat.see('待审批')
  expect(await seat.app.getByRole('button', { name: /通过并提交/ }).count()).toBe(0)
  await seat.become(STORY.secondManager)
  await seat.openWorkbench()
  await seat.app.getByRole('link', { name: /方案与审批/ }).click()
  await seat.app.getByRole('link', { name: /林晓/ }).click()
  await seat.app.getByRole('button', { name: /通过并提交/ }).click()
  await seat.see('已通过')
  await expect.poll(async () => (await handover())?.transfer, { timeout: 20_000 }).toBe('waiting')
}

/** The successor opens the chat, reads the preview and sends the notice by WeCom's own confirmation. */
async function tell(): Promise<void> {
  await seat.become(STORY.successor)
  await seat.openChat(STORY.customer)
  await seat.see('先告诉客户换人了，再查看更多')
  await seat.app.getByRole('button', { name: '发送交接告知' }).click()
  await seat.app.getByRole('button', { name: '发送', exact: true }).click()
  await seat.page.getByTestId('confirm-send').click()
  await seat.see(/^已发送/)
  await seat.app.getByRole('button', { name: '完成' }).click()
}

/** The first hello: what must not be said stays in the field, what may goes out by WeCom's own confirmation (T-16, T-45). */
async function sayHello(): Promise<void> {
  const press = (name: string) => seat.app.getByRole('button', { name, exact: true }).click()
  await press('第一次问候')
  const words = seat.app.getByLabel('要发的话')
  await expect.poll(() => words.inputValue()).toContain('陈一鸣')
  await words.fill('您好，这周有优惠')
  await press('发送')
  await seat.see('客户没有同意收优惠和推销')
  await words.fill('您好，我是陈一鸣，报价单我周五前给您。')
  await press('发送')
  // Where the clock says that it is night, somebody has to mean it.
  const late = seat.app.getByRole('button', { name: '知道了，仍要发送' })
  const confirm = seat.page.getByTestId('confirm-send')
  await expect.poll(async () => (await late.count()) + (await confirm.count())).toBeGreaterThan(0)
  if (await late.count()) await late.click()
  await confirm.click()
  await seat.see(/^已发送/)
  await press('完成')
  await seat.page.getByTestId('phone').getByText('报价单我周五前给您').waitFor()
  expect(await query(`select outcome, script, edited from notice_attempt where script is not null`)).toEqual([
    { outcome: 'sent', script: 'hello', edited: true },
  ])
}

async function openLink(): Promise<void> {
  await seat.page.getByTestId('phone').getByTestId('link').last().click()
  await seat.phone.getByRole('heading', { name: '您的服务人员有变更' }).waitFor()
}

/** No word of a consent anywhere: not of silence, not of a takeover, not of 我知道了 (invariant 3, T-76). */
async function noConsent(): Promise<void> {
  const [{ n } = { n: -1 }] = await query<{ n: number }>(
    `select (select count(*) from audit where action like '%consent%' or detail::text like '%consent%')::int
          + (select count(*) from history where kind like '%consent%' or body::text like '%consent%')::int as n`,
  )
  expect(n).toBe(0)
}

async function endInOrder(): Promise<void> {
  await noConsent()
  const pool = openPool(database.connection, () => undefined)
  expect(await verifyAudit(pool)).toMatchObject({ whole: true })
  await pool.end()
  expect(stage.simulator.unknown).toEqual([])
  expect(seat.complaints).toEqual([])
  expect(stage.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
}

describe('the story, through the simulated window', () => {
  it('runs from the member’s removal to the customer’s 我知道了, every state true wherever it is shown', async () => {
    await leaveAndAssign()
    const started = stage.simulator.ledger.filter(
      (e) => e.kind === 'transfer_started' && e.externalUserid === STORY.customer,
    )
    expect(started).toHaveLength(1)

    await seat.become(STORY.manager)
    await seat.openWorkbench()
    await seat.app.getByRole('link', { name: /离职交接/ }).click()
    await seat.app.getByRole('link', { name: /林晓/ }).click()
    await seat.app.getByRole('tab', { name: /进度/ }).click()
    await seat.see(/还剩 2[34] 小时/)

    await seat.become(STORY.successor)
    await seat.openWorkbench()
    await seat.app.getByRole('link', { name: /我承接的客户/ }).click()
    await seat.see('等待接替完成')

    await seat.nextDay()
    await expect.poll(async () => (await handover())?.transfer, { timeout: 30_000 }).toBe('taken_over')
    expect((await handover())?.notice).toBe('due')
    await expect
      .poll(() => stage.simulator.world.appMessages(STORY.successor).length, { timeout: 20_000 })
      .toBeGreaterThan(0)

    await seat.openChat(STORY.customer)
    await seat.see('承接自 林晓')
    await seat.see('先告诉客户换人了，再查看更多')
    // The gate is the server's: what is closed was never sent (T-80).
    expect(await seat.app.getByText('补发报价单').count()).toBe(0)
    await tell()
    await expect.poll(async () => (await handover())?.notice).toBe('sent')
    await seat.see('补发报价单')
    await seat.see('林晓')
    await sayHello()

    await openLink()
    await seat.phone.getByText('陈一鸣').first().waitFor()
    await seat.phone.getByText('林晓').first().waitFor()
    await expect.poll(async () => (await handover())?.notice, { timeout: 15_000 }).toBe('opened')
    // The picture of the README: `PICTURES=1 npx vitest run --project e2e -t 我知道了`.
    if (process.env['PICTURES']) await seat.page.screenshot({ path: 'docs/window.png' })
    await seat.phone.getByRole('button', { name: '我知道了' }).click()
    await seat.phone.getByText(/您已在.*点了“我知道了”/).waitFor()
    expect((await handover())?.notice).toBe('acknowledged')

    await seat.page.getByTestId('frame-reload').click()
    await seat.app.getByRole('tab', { name: '告知与选择' }).click()
    await seat.see(/客户回复「我知道了」/)
    await seat.become(STORY.manager)
    await seat.openWorkbench()
    await seat.app.getByRole('link', { name: /离职交接/ }).click()
    await seat.app.getByRole('link', { name: /林晓/ }).click()
    await seat.app.getByRole('tab', { name: /进度/ }).click()
    await seat.see('已告知')
    await endInOrder()
  })

  it('tells a customer’s refusal in WeChat as final: nobody tries again, and the manager sees what to do (T-77)', async () => {
    await leaveAndAssign()
    // On the phone of the leaver's customer: WeChat's own notice of the takeover, with its button.
    await seat.become(STORY.leaver)
    await seat.page.getByTestId('signed-out').waitFor()
    await seat.page.getByTestId('phone-list').click()
    await seat.page.getByTestId('phone-service').click()
    await seat.page.getByTestId('phone-refuse').click()
    await expect.poll(async () => (await handover())?.transfer, { timeout: 30_000 }).toBe('refused')
    await seat.nextDay()
    await seat.become(STORY.manager)
    await seat.openWorkbench()
    await seat.app.getByRole('link', { name: /离职交接/ }).click()
    await seat.app.getByRole('link', { name: /林晓/ }).click()
    await seat.app.getByRole('tab', { name: /例外/ }).click()
    await seat.see(/企业微信不会再次接替/)
    const calls = stage.simulator.ledger.filter(
      (e) => e.kind === 'transfer_started' && e.externalUserid === STORY.customer,
    )
    expect(calls).toHaveLength(1)
    expect((await handover())?.transfer).toBe('refused')
    await endInOrder()
  })

  it('brings 我想换人 to the successor as a stop and to the manager as a task, without the customer’s words (T-12)', async () => {
    await leaveAndAssign()
    await seat.nextDay()
    await expect.poll(async () => (await handover())?.transfer, { timeout: 30_000 }).toBe('taken_over')
    await tell()
    await openLink()
    await seat.phone.getByRole('link', { name: '我想换人' }).click()
    await seat.phone.getByRole('textbox').fill('他不熟悉我们的项目')
    await seat.phone.getByRole('button', { name: '提交' }).click()
    await expect.poll(async () => (await handover())?.objections, { timeout: 15_000 }).toBe(1)
    expect((await handover())?.notice).toBe('objected')

    await seat.page.getByTestId('frame-reload').click()
    await seat.see('客户希望换一位服务人员')
    expect(await seat.app.getByText('他不熟悉我们的项目').count()).toBe(0)
    expect(await seat.app.getByText('补发报价单').count()).toBe(0)
    await seat.become(STORY.manager)
    await seat.openWorkbench()
    await seat.app.getByRole('link', { name: /离职交接/ }).click()
    await seat.app.getByRole('link', { name: /林晓/ }).click()
    await seat.app.getByRole('tab', { name: /例外/ }).click()
    await seat.see(/2 个工作日内另找同事负责/)
    await endInOrder()
  })
})
