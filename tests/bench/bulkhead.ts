import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn } from '../../mock/person'
import { STORY } from '../../mock/people'
import { prologue } from '../../mock/prologue'
import { unlimited } from '../support/house'
import { openStage, type Stage } from '../support/stage'

const READS = 200
const SLOW_CALLS = 50

/**
 * Fifty people who come in while WeCom takes half a minute for each answer, and somebody who opens one chat after the other
 * beside them (Q24): what waits for WeCom must not hold up what does not.
 */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  // One person reads 450 times within seconds, which nobody may.
  const stage = await openStage({ DATA_DIR: folder, ...unlimited })
  try {
    await prologue(stage)
    const successor = await signIn(stage.simulator, stage.appUrl, STORY.successor)
    const { items } = await successor.ask<{ items: { customer: string }[] }>('GET', '/api/inherited?limit=1')
    const read = () => successor.ask('POST', '/api/brief', { customer: items[0]?.customer ?? '' })
    await percentile(read, 50)
    const calm = await percentile(read, READS)
    const undo = stage.simulator.faults.add({ path: '*', latency: 30_000 })
    const waiting = Array.from({ length: SLOW_CALLS }, () => comeIn(stage))
    await new Promise((done) => setTimeout(done, 200))
    const slow = await percentile(read, READS)
    undo()
    const statuses = await Promise.all(waiting)
    const figures = {
      briefP95Ms: Math.round(slow),
      briefOverCalm: Math.round((100 * slow) / calm) / 100,
      answered: statuses.filter((s) => s > 0).length,
    }
    return {
      figures,
      rows: [
        ['people coming in while WeCom takes 30 s', SLOW_CALLS],
        ['of them answered within 15 s', figures.answered, `aim ${SLOW_CALLS}`],
        ['brief beside them, p95, ms', figures.briefP95Ms, 'aim ≤ 500'],
        ['ratio to the same without them', figures.briefOverCalm],
      ],
    }
  } finally {
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function percentile(read: () => Promise<unknown>, times: number): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await read()
    took.push(performance.now() - began)
  }
  return took.sort((a, b) => a - b)[Math.floor(times * 0.95)] ?? 0
}

/** The HTTP status in the end; 0: none within 15 seconds. */
async function comeIn({ simulator, appUrl }: Stage): Promise<number> {
  const patience = { redirect: 'manual' as const, signal: AbortSignal.timeout(15_000) }
  const login = await fetch(`${appUrl}/auth/login?to=/workbench`, patience)
  const page = simulator.oauth.authorize(new URL(login.headers.get('location') ?? ''), { userid: STORY.successor })
  if (!('redirect' in page)) return 0
  const { pathname, search } = new URL(page.redirect)
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const back = await fetch(`${appUrl}${pathname}${search}`, { ...patience, headers: { cookie } }).catch(() => null)
  return back?.status ?? 0
}
