import type { Browser, FrameLocator, Page } from 'playwright-core'
import { growOld } from './old'
import type { Stage } from './stage'

/** Somebody at the simulated window, with a browser: what they can do there, in their words. */
export interface Seat {
  page: Page
  /** The app inside the simulated WeCom client: sidebar or workbench. */
  app: FrameLocator
  /** The page open in the customer's phone. */
  phone: FrameLocator
  /** Waits until the words are visible in the app. */
  see(words: string | RegExp): Promise<void>
  become(userid: string): Promise<void>
  remove(userid: string): Promise<void>
  nextDay(): Promise<void>
  openWorkbench(): Promise<void>
  openChat(externalUserid: string): Promise<void>
  /** Console errors and broken requests so far; a test ends by expecting none. */
  complaints: string[]
}

export async function takeSeat(browser: Browser, stage: Stage): Promise<Seat> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  page.setDefaultTimeout(20_000)
  await growOld(page.context())
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // The first look of somebody not yet signed in is answered 401; that is how the app learns it.
    // WeCom vouches for nobody who has left: 400, which is the point of the story.
    const refused = message.location().url.includes('/connect/oauth2/authorize')
    if (message.type() === 'error' && !message.text().includes('401') && !refused)
      complaints.push(`${message.text()} ${message.location().url}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`)
  })
  const app = page.frameLocator('[data-testid=frame]')
  await page.goto(`${stage.windowUrl}/__window/`)
  await page.getByTestId('client').waitFor()
  return {
    page,
    app,
    see: (words) => app.getByText(words).filter({ visible: true }).first().waitFor(),
    phone: page.frameLocator('[data-testid=phone-frame]'),
    complaints,
    async become(userid) {
      await page.getByTestId('bar-member').click()
      await page.getByTestId(`become-${userid}`).click()
    },
    async remove(userid) {
      await page.getByTestId('bar-leave').click()
      await page.getByTestId(`leave-${userid}`).click()
      await page.getByTestId('leave-confirm').click()
    },
    async nextDay() {
      await page.getByTestId('bar-advance').click()
    },
    async openWorkbench() {
      await page.getByTestId('rail-workbench').click()
    },
    async openChat(externalUserid) {
      await page.getByTestId('rail-chats').click()
      await page.getByTestId(`chat-${externalUserid}`).click()
    },
  }
}
