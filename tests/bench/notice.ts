import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { prologue } from '../../mock/prologue'
import { launchBrowser } from '../support/browser'
import { openStage, type Stage } from '../support/stage'
import { load, median, type Load } from './page'

const ROUNDS = 5

/** The customer's page, all of it, with JavaScript and without; the page without is the baseline. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const stage = await openStage({ DATA_DIR: folder })
  const browser = await launchBrowser()
  try {
    await prologue(stage)
    const link = await freshLink(stage)
    const rounds: Load[] = []
    for (let n = 0; n < ROUNDS; n++) rounds.push(await load(browser, link, 'h1'))
    const figures = {
      bytesGzip: median(rounds.map((r) => r.allGzip)),
      jsGzip: median(rounds.map((r) => r.jsGzip)),
      cssGzip: median(rounds.map((r) => r.cssGzip)),
      requests: median(rounds.map((r) => r.requests)),
      foreignRequests: median(rounds.map((r) => r.foreign)),
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
        ['painted, ms (4× CPU, 1.6 Mbps)', Math.round(median(rounds.map((r) => r.painted))), 'aim ≤ 900'],
        ['layout shift', figures.shift, 'aim < 0.05'],
      ],
    }
  } finally {
    await browser.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function freshLink({ simulator, appUrl }: Stage): Promise<string> {
  const successor = await signIn(simulator, appUrl, STORY.successor)
  const { items } = await successor.ask<{ items: { handover: string; label: string }[] }>('GET', '/api/inherited')
  const due = items.find((i) => i.label === 'to_tell')
  if (!due) throw new Error('nobody is to be told')
  const attempt = await successor.ask<{ id: string; link: string }>('POST', `/api/handovers/${due.handover}/notice`, {
    language: 'zh-CN',
  })
  await successor.ask('POST', `/api/notice-attempts/${attempt.id}/outcome`, { form: 'text', outcome: 'sent' })
  return attempt.link
}
