import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'

/** 4× slower processor, 1.6 Mbps, 150 ms (DESIGN 9). */
const SLOW = { cpu: 4, bytesPerSecond: (1.6 * 1e6) / 8, latency: 150 }
/** The same on slow 3G: 400 kbps, 400 ms (quality Q60). */
export const SLOW_3G: typeof SLOW = { cpu: 4, bytesPerSecond: (0.4 * 1e6) / 8, latency: 400 }

export interface Load {
  jsGzip: number
  cssGzip: number
  allGzip: number
  requests: number
  foreign: number
  /** ms until something was painted, until `ready` was true */
  painted: number
  visible: number
  shift: number
  heap: number
}

/** Opens the address once on a slow machine, with nothing cached, until `ready` says the page is useful. */
export async function load(
  browser: Browser,
  url: string,
  ready: string,
  prepare?: (context: BrowserContext) => Promise<void>,
  line = SLOW,
): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 360, height: 700 }, locale: 'zh-CN' })
  await prepare?.(context)
  const page = await context.newPage()
  // What the simulated client does is a function call in a real one, so it costs no network here.
  await page.route('**/__window/**', async (route) => route.fulfill({ response: await route.fetch() }))
  const sizes = { js: 0, css: 0, all: 0, requests: 0, foreign: 0 }
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (response.url().includes('/__window/')) return
    sizes.requests++
    if (new URL(response.url()).origin !== new URL(url).origin) sizes.foreign++
    reading.push(
      response.body().then(
        (body) => {
          const bytes = gzipSync(body).length
          sizes.all += bytes
          const type = response.headers()['content-type'] ?? ''
          if (type.includes('javascript')) sizes.js += bytes
          if (type.includes('css')) sizes.css += bytes
        },
        () => undefined,
      ),
    )
  })
  await slow(page, line)
  await page.addInitScript(watchShift)
  const began = Date.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForSelector(ready, { state: 'visible' })
  const visible = Date.now() - began
  await Promise.all(reading)
  const seen = await page.evaluate(() => ({
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    shift: (window as unknown as { shift: number }).shift,
  }))
  const cdp = await context.newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await context.close()
  return {
    jsGzip: sizes.js,
    cssGzip: sizes.css,
    allGzip: sizes.all,
    requests: sizes.requests,
    foreign: sizes.foreign,
    visible,
    heap: usedSize,
    ...seen,
  }
}

async function slow(page: Page, line: typeof SLOW): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: line.latency,
    downloadThroughput: line.bytesPerSecond,
    uploadThroughput: line.bytesPerSecond,
  })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: line.cpu })
}

function watchShift(): void {
  const w = window as unknown as { shift: number }
  w.shift = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) w.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}

export const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
