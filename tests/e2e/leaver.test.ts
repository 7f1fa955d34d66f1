import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { jobs } from '../../src/server/app'
import { launchBrowser } from '../support/browser'
import { growOld } from '../support/old'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { openStage, type Stage } from '../support/stage'

/** Seed case 2 as it is lived: somebody leaves with two devices open and a request under way (T-40, Q28, Q55). */
let browser: Browser
let database: FreshDatabase
let stage: Stage
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  database = await freshDatabase()
  stage = await openStage(database.urls)
  await expect
    .poll(() => signIn(stage.simulator, stage.appUrl, STORY.leaver).catch(() => null), { timeout: 20_000 })
    .not.toBeNull()
})
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()))
  await stage.close()
  await database.drop()
})

/** Another browser is another device: the simulated client keeps its cookies apart. */
async function device(at: string, change: object): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  await growOld(context)
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  await page.clock.install()
  await page.goto(`${stage.windowUrl}/__window/`)
  await page.request.post(`${stage.windowUrl}/__window/desk`, { data: { member: STORY.leaver, ...change } })
  // What keeps a page from outliving its session comes after the first screen; from then on it beats.
  const watched = page.waitForResponse(/\/watch-[^/]+\.js$/)
  await page.goto(stage.windowUrl + at)
  await (await watched).finished()
  return page
}

const statusOfMe = (page: Page) => page.evaluate(async () => (await fetch('/api/me')).status)
const said = (page: Page) => page.locator('body').innerText()
const kept = (page: Page) => page.evaluate(() => [...Object.keys(sessionStorage), ...Object.keys(localStorage)])
const customerName = () => stage.simulator.world.customer(STORY.customer)?.name ?? '?'

/** What arrived with data in it after somebody had nothing any more. */
function dataAfter(page: Page, since: { dead: boolean }): string[] {
  const found: string[] = []
  const underWay = new Set<Request>()
  page.on('request', (request) => void (since.dead && underWay.add(request)))
  page.on('response', (answer) => {
    if (underWay.has(answer.request()) && answer.url().includes('/api/') && answer.status() !== 401)
      found.push(`${answer.status()} ${answer.url()}`)
  })
  return found
}

async function live(leave: () => void | Promise<void>, within: number): Promise<void> {
  const sidebar = await device('/sidebar', { entry: 'sidebar', customer: STORY.customer })
  await sidebar.getByText(customerName()).first().waitFor()
  await sidebar.evaluate(() => sessionStorage.setItem('jiebang.draft.promise', 'a half sentence about a customer'))
  const workbench = await device('/workbench', {})
  await workbench.getByText('林晓，您好').waitFor()

  // The second device has asked for something and has not heard yet.
  let deliver = (): void => undefined
  const asked = new Promise<void>((begun) => {
    void workbench.route(/\/api\/inherited/, async (route) => {
      const answer = await route.fetch()
      begun()
      await new Promise<void>((go) => (deliver = go))
      await route.fulfill({ response: answer }).catch(() => undefined)
    })
  })
  await workbench.evaluate(() => void (location.hash = '#/inherited'))
  await asked

  const since = { dead: false }
  const leaks = [dataAfter(sidebar, since), dataAfter(workbench, since)]
  const began = Date.now()
  await leave()
  for (const page of [sidebar, workbench])
    await expect.poll(() => statusOfMe(page), { timeout: within, interval: 50 }).toBe(401)
  const took = Date.now() - began
  expect(took).toBeLessThan(within)
  since.dead = true

  // One is only looked at: its own beat finds out. The other is touched.
  await workbench.clock.fastForward(31_000)
  await workbench.getByText('这一页的内容已清除').waitFor()
  await sidebar.clock.fastForward(6000)
  await sidebar.mouse.click(180, 300)
  await sidebar.getByText('这一页的内容已清除').waitFor()
  deliver()
  await new Promise((done) => setTimeout(done, 300))
  for (const page of [sidebar, workbench]) {
    expect(await said(page)).not.toMatch(new RegExp(`${customerName()}|林晓`))
    expect(
      (await kept(page)).filter((key) => !/^jiebang\.(language|outcomes|logins|reloaded)$|^window/.test(key)),
    ).toEqual([])
    await page.goBack().catch(() => null)
    await page.goForward().catch(() => null)
    expect(await said(page)).not.toMatch(new RegExp(`${customerName()}|林晓，您好`))
  }
  expect(leaks.flat()).toEqual([])

  // And what every other door says stands with the departure, seconds later.
  await expect
    .poll(
      () =>
        stage.running.deps.db
          .selectFrom('probe')
          .select(['why', 'red', 'leftOver'])
          .where('why', '=', 'left')
          .executeTakeFirst(),
      { timeout: 30_000 },
    )
    .toEqual({ why: 'left', red: 0, leftOver: 0 })
}

describe('a leaver with two devices, one page open, one request under way', () => {
  it('has nothing five seconds after WeCom’s call, and both pages wipe themselves (Q28, Q55)', async () => {
    await live(() => stage.simulator.world.removeMember(STORY.leaver), 5000)
  })

  it('nor when the call is lost: by the next look for departures, every five minutes at most (T-40)', async () => {
    expect(jobs.departures.every).toBeLessThanOrEqual(300)
    stage.simulator.faults.add({ event: '*', lose: true })
    await live(() => {
      stage.simulator.world.removeMember(STORY.leaver)
      // Those five minutes are real ones; this is their end.
      stage.running.deps.wake('departures')
    }, 20_000)
  })
})
