import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'

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
  /** ms until something was painted, until words or pictures were, until `ready` was true */
  painted: number
  contentful: number
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
  await page.addInitScript(watchReady, ready)
  await page.goto(url, { waitUntil: 'commit' })
  const cdp = await context.newCDPSession(page)
  const visible = await readyAt(cdp)
  await Promise.all(reading)
  const seen = await page.evaluate(async () => {
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? 0
    // It is told a moment after the frame.
    while (!at('first-contentful-paint')) await new Promise((done) => setTimeout(done, 50))
    return {
      painted: at('first-paint'),
      contentful: at('first-contentful-paint'),
      shift: (window as unknown as { shift: number }).shift,
    }
  })
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

/** In the page: when what makes it useful was painted, on the page's own clock. */
function watchReady(selector: string): void {
  const look = () => {
    if (document.querySelector(selector)?.getClientRects().length)
      setTimeout(() => ((window as unknown as { ready: number }).ready = performance.now()))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** `waitForSelector` would put 330 KB of script into the page first, which a slow processor is busy with while it should paint. */
async function readyAt(cdp: CDPSession): Promise<number> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const { result } = await cdp.send('Runtime.evaluate', { expression: 'window.ready ?? 0', returnByValue: true })
    if (Number(result.value) > 0) return Number(result.value)
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('the page did not become useful within a minute')
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
