import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { prologue } from '../../mock/prologue'
import { launchBrowser } from '../support/browser'
import { openStage, type Stage } from '../support/stage'
import { load, median, SLOW_3G, type Load } from './page'
import { openStatic } from './static'

const ROUNDS = 5

/** The customer's page, all of it; its time on slow 3G beside that of the same words in a file written by hand. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const stage = await openStage({ DATA_DIR: folder })
  const browser = await launchBrowser()
  try {
    await prologue(stage)
    const link = await freshLink(stage)
    const rounds: Load[] = []
    for (let n = 0; n < ROUNDS; n++) rounds.push(await load(browser, link, 'h1'))
    const baseline = await openStatic(await wordsOf(browser, link))
    const slow: [number, number][] = []
    // One after the other, so that what else the machine does meets both.
    for (let n = 0; n < ROUNDS; n++)
      slow.push([
        (await load(browser, link, 'h1', undefined, SLOW_3G)).contentful,
        (await load(browser, baseline.url, 'h1', undefined, SLOW_3G)).contentful,
      ])
    baseline.close()
    const [ours, byHand] = [median(slow.map(([one]) => one)), median(slow.map(([, other]) => other))]
    const figures = {
      bytesGzip: median(rounds.map((r) => r.allGzip)),
      jsGzip: median(rounds.map((r) => r.jsGzip)),
      cssGzip: median(rounds.map((r) => r.cssGzip)),
      requests: median(rounds.map((r) => r.requests)),
      foreignRequests: median(rounds.map((r) => r.foreign)),
      timeOverStatic: Math.round((1000 * ours) / byHand) / 1000,
      shift: Math.round(1000 * median(rounds.map((r) => r.shift))) / 1000,
    }
    return {
      figures,
      rows: [
        ['all of it, gzip bytes', figures.bytesGzip, 'aim ≤ 30720'],
        ['of it JavaScript', figures.jsGzip],
        ['of it CSS', figures.cssGzip],
        ['requests', figures.requests],
        ['requests to others', figures.foreignRequests, 'aim 0'],
        ['readable, ms (4× CPU, 1.6 Mbps)', Math.round(median(rounds.map((r) => r.contentful))), 'aim ≤ 900'],
        ['readable on slow 3G, ms (4× CPU, 400 kbps)', Math.round(ours)],
        ['the same words in a static file, ms', Math.round(byHand)],
        ['ours over static', figures.timeOverStatic, 'aim ≤ 1.3'],
        ['layout shift', figures.shift, 'aim < 0.05'],
      ],
    }
  } finally {
    await browser.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function freshLink({ simulator, appUrl, windowUrl }: Stage): Promise<string> {
  const successor = await signIn(simulator, appUrl, STORY.successor)
  const { items } = await successor.ask<{ items: { handover: string; label: string }[] }>('GET', '/api/inherited')
  const due = items.find((i) => i.label === 'to_tell')
  if (!due) throw new Error('nobody is to be told')
  const attempt = await successor.ask<{ id: string; link: string }>('POST', `/api/handovers/${due.handover}/notice`, {
    language: 'zh-CN',
  })
  await successor.ask('POST', `/api/notice-attempts/${attempt.id}/outcome`, { form: 'text', outcome: 'sent' })
  // From the app itself, as a customer gets it: the simulated client in between neither compresses nor keeps headers.
  return attempt.link.replace(windowUrl, appUrl)
}

async function wordsOf(browser: Browser, link: string): Promise<{ heading: string; paragraphs: string[] }> {
  const page = await browser.newPage()
  await page.goto(link)
  const heading = (await page.textContent('h1')) ?? ''
  const paragraphs = (await page.innerText('body')).split('\n').filter((line) => line.trim() && line !== heading)
  await page.close()
  return { heading, paragraphs }
}
