import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { files } from '../../src/server/lib/files'
import { launchBrowser } from '../support/browser'
import { openDesk, tell, type Desk } from '../support/handovers'

/** Settings as in production: nobody is named who may frame us. */
let desk: Desk
let browser: Browser
let folder: string
const servers: ServerType[] = []

async function listen(fetch: (request: Request) => Response | Promise<Response>): Promise<string> {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch })
  servers.push(server)
  if (!server.listening) await new Promise((done) => server.once('listening', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jiebang-frame-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title><p id="here">here</p>')
  desk = await openDesk()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  servers.forEach((server) => server.close())
  rmSync(folder, { recursive: true, force: true })
  await desk.close()
})

const framing = (src: string) =>
  new Response(`<!doctype html><title>trap</title><iframe src="${src}"></iframe>`, {
    headers: { 'content-type': 'text/html' },
  })

/** The app, and on the same origin a page that frames what it is told to. */
function listenWith(ancestors: "'none'" | "'self'"): Promise<string> {
  const house = createApp({ ...desk.deps, config: { ...desk.deps.config, FRAME_ANCESTORS: ancestors } })
  files(house, folder)
  return listen((request) => {
    const { pathname, searchParams } = new URL(request.url)
    return pathname === '/trap' ? framing(searchParams.get('src') ?? '') : house.app.fetch(request)
  })
}

it(
  'Chromium refuses to show any page of ours in a frame, of another site or of our own (Q50)',
  { timeout: 90_000 },
  async () => {
    const own = await listenWith("'none'")
    const loose = await listenWith("'self'")
    const foreign = await listen((request) => framing(new URL(request.url).searchParams.get('src') ?? ''))
    const { path: letter } = await tell(await desk.handover())
    const page = await browser.newPage()
    /** Where the frame is once everything is loaded; a refused one is nowhere. */
    const framed = async (trap: string, src: string) => {
      await page.goto(`${trap}?src=${encodeURIComponent(src)}`)
      const url = page.frames()[1]?.url() ?? 'no frame'
      return url === 'chrome-error://chromewebdata/' ? '' : url
    }
    for (const path of ['/workbench', '/sidebar', letter, '/n/complaint', '/nothing'])
      for (const trap of [foreign, `${own}/trap`])
        expect([path, trap, await framed(trap, own + path)]).toEqual([path, trap, ''])
    // The traps work: beside the simulator its own origin may frame the app, and nobody else.
    expect(await framed(`${loose}/trap`, `${loose}/workbench`)).toBe(`${loose}/workbench`)
    expect(await framed(foreign, `${loose}/workbench`)).toBe('')
  },
)
