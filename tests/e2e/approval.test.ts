import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import type { Plan } from '../../src/shared/plan'
import { launchBrowser } from '../support/browser'
import { takeSeat, type Seat } from '../support/desk'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'

/** From a departure to an approved plan through the card in WeCom: run out once, changed once, decided by another person. */
let browser: Browser
let database: FreshDatabase
let stage: Stage
let seat: Seat
beforeAll(async () => {
  browser = await launchBrowser()
  database = await freshDatabase()
  stage = await openStage(database.urls)
  await vi.waitFor(() => signIn(stage.simulator, stage.appUrl, STORY.manager), { timeout: 20_000, interval: 200 })
  const read = () =>
    stage.running.deps.db.selectFrom('mirrorRun').select('id').where('endedAt', 'is not', null).execute()
  await vi.waitFor(async () => expect(await read()).toHaveLength(1), { timeout: 30_000, interval: 300 })
  seat = await takeSeat(browser, stage)
})
afterAll(async () => {
  await browser.close()
  await stage.close()
  await database.drop()
})

const cards = () => seat.page.getByTestId('app-template-card')
const button = (name: string) => cards().getByRole('button', { name, exact: true })
async function openCards(): Promise<void> {
  await seat.become(STORY.secondManager)
  await seat.page.getByTestId('rail-chats').click()
  await seat.page.getByTestId('chat-app').click()
}
async function openPlan(): Promise<void> {
  await seat.openWorkbench()
  await seat.app.getByRole('link', { name: /方案与审批/ }).click()
  await seat.app.getByRole('link', { name: /林晓/ }).first().click()
}
async function submit(): Promise<void> {
  await seat.app.getByRole('button', { name: '提交审批', exact: true }).click()
  await seat.app.getByLabel('等待接替时由谁值班').waitFor()
  await seat.app.getByRole('button', { name: '确认提交审批' }).click()
  await seat.see('待审批')
}
/** Another plan in place of the pending one, while somebody still reads that. */
async function planAnew(): Promise<void> {
  const { db } = stage.running.deps
  const pending = await db.selectFrom('plan').selectAll().where('state', '=', 'pending').executeTakeFirstOrThrow()
  const to = await db.selectFrom('member').select('id').where('userid', '=', 'sunting').executeTakeFirstOrThrow()
  const planner = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  await planner.ask('POST', `/api/plans/${pending.id}/discard`)
  const wish = { handovers: 'all', successors: [to.id] }
  const next = await planner.ask<Plan>('POST', `/api/departures/${pending.departureId}/plans`, wish)
  await planner.ask('POST', `/api/plans/${next.id}/submit`, { digest: next.digest })
}

it('a plan runs out, is submitted again, changes under the approver’s eyes, and is approved from the card (T-25, T-06)', async () => {
  await seat.remove(STORY.leaver)
  await seat.become(STORY.manager)
  await seat.openWorkbench()
  await seat.app.getByRole('link', { name: /离职交接/ }).click()
  await seat.app.getByRole('link', { name: /林晓/ }).click()
  await seat.app.getByRole('checkbox', { name: /全选/ }).check()
  await seat.app.getByRole('button', { name: '选择接替成员' }).click()
  await seat.app.getByRole('checkbox', { name: /陈一鸣/ }).check()
  await seat.app.getByRole('button', { name: '起草方案' }).click()
  await submit()

  await openCards()
  await cards().getByText('交接方案待审批').waitFor()
  await cards().getByText('林晓', { exact: true }).waitFor()
  await stage.simulator.clock.advance(48 * 3600_000)
  await button('已过期').waitFor({ timeout: 40_000 })
  expect(await button('已过期').isDisabled()).toBe(true)

  await seat.become(STORY.manager)
  await openPlan()
  await seat.see(/48 小时内没有通过，审批已过期/)
  await submit()

  await openCards()
  await button('去批准').click()
  await seat.see('通过后会发生什么')
  await planAnew()
  await seat.app.getByRole('button', { name: /通过并提交/ }).click()
  await seat.see('方案刚刚有变化')
  await seat.see('已放弃')

  await openCards()
  await expect.poll(() => cards().count(), { timeout: 40_000 }).toBe(3)
  await button('已放弃').waitFor({ timeout: 40_000 })
  await button('去批准').last().click()
  await seat.see(/分给 1 位成员/)
  await seat.app.getByRole('button', { name: /通过并提交/ }).click()
  await seat.see('已通过')
  await seat.page.getByTestId('rail-chats').click()
  await seat.page.getByTestId('chat-app').click()
  await button('已通过').waitFor({ timeout: 40_000 })

  // Whoever leads the department answers meanwhile.
  await seat.become(STORY.manager)
  await seat.openWorkbench()
  await seat.app.getByRole('link', { name: /值班/ }).click()
  await seat.see(/这些客户正在等待接替/)
  // The browser's note of the refused approval, which is the point of the story, and nothing else.
  expect(seat.complaints).toEqual([expect.stringMatching(/409 .*\/approve$/)])
  expect(stage.logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([])
})
