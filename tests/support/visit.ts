import type { Browser, BrowserContext, Page } from 'playwright-core'
import { growOld } from './old'
import type { Stage } from './stage'

/** Somebody's own device, without the window around the app: the page is the app's. */
export interface Visit {
  page: Page
  context: BrowserContext
  /** A route of the workbench; resolves when nothing loads any more. */
  go(route: string): Promise<void>
}

export async function visit(
  browser: Browser,
  stage: Stage,
  member: string,
  more: { customer?: string; language?: 'zh' | 'en'; prepare?: (context: BrowserContext) => Promise<void> } = {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  context.setDefaultTimeout(20_000)
  await growOld(context)
  await more.prepare?.(context)
  const page = await context.newPage()
  const { customer, language = 'zh' } = more
  const seat = customer ? { member, language, entry: 'sidebar', customer } : { member, language, entry: 'workbench' }
  const sat = await page.request.post(`${stage.windowUrl}/__window/desk`, { data: seat })
  if (!sat.ok()) throw new Error(await sat.text())
  await page.goto(stage.windowUrl + (customer ? '/sidebar' : '/workbench'))
  await settled(page)
  return {
    page,
    context,
    async go(route) {
      await page.evaluate(turnTo, route)
      await settled(page)
    },
  }
}

/** Runs in the page: the part for a route may still have to come, and until then the one before stands there as if ready. */
function turnTo(route: string): Promise<void> | undefined {
  if (location.hash === `#${route}`) return undefined
  const moved = new Promise<void>((done) => {
    new MutationObserver((_, observer) => {
      observer.disconnect()
      done()
    }).observe(document.body, { childList: true, subtree: true })
  })
  location.hash = route
  return moved
}

/** The page has its heading, and nothing on it stands in for what is still to come. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor({ state: 'attached' })
  await page.waitForTimeout(60)
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true]'))
}
