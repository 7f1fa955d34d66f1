import { createHash, hash as hashOnce } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type pg from 'pg'
import type * as Verify from '../../src/server/audit/verify'
import { openPool } from '../../src/server/db/open'
import { asBuilt } from './built'
import { median } from './page'

export interface Verifying {
  auditVerifyOverSha256: number
  auditVerifyOverReadAndSha256: number
  auditVerifyOverOneCallSha256: number
  verifyMBps: number
  readSha256MBps: number
  sha256MBps: number
  entries: number
}

const ROUNDS = 7

/** From its sources each name that a module takes from another is asked for anew at each use: half again as much time. */
const { verifyAudit } = await asBuilt<typeof Verify>('src/server/audit/verify.ts')
const pool = openPool(JSON.parse(process.env['DATABASE'] ?? '{}') as pg.PoolConfig, () => undefined)

/**
 * Every entry of the log, against nothing but hashing the same bytes entry by entry; since the verifier has to read them first, against
 * reading them from the same database and hashing each; and against Node's quickest way to hash, which makes no object.
 */
async function verifying(): Promise<Verifying> {
  const times = { verify: [] as number[], plain: [] as number[], hash: [] as number[], once: [] as number[] }
  const { rows } = await pool.query<{ line: string }>('select line from audit')
  const lines = rows.map(({ line }) => Buffer.from(line))
  const bytes = lines.reduce((sum, line) => sum + line.length, 0)
  for (let n = -3; n < ROUNDS; n++) {
    const verify = await timed(() => isWhole(verifyAudit(pool)))
    const plain = await timed(() => readAndHash(lines.length))
    const hash = await timed(() => lines.forEach((line) => sha256(line)))
    const once = await timed(() => lines.forEach((line) => hashOnce('sha256', line)))
    // What the engine has not yet compiled is nobody's speed.
    if (n < 0) continue
    times.verify.push(verify)
    times.plain.push(plain)
    times.hash.push(hash)
    times.once.push(once)
  }
  const [verify, plain, hash] = [median(times.verify), median(times.plain), median(times.hash)]
  const mbps = (ms: number) => round(bytes / 1e6 / (ms / 1000))
  return {
    auditVerifyOverSha256: round(hash / verify),
    auditVerifyOverReadAndSha256: round(plain / verify),
    auditVerifyOverOneCallSha256: round(median(times.once) / verify),
    verifyMBps: mbps(verify),
    readSha256MBps: mbps(plain),
    sha256MBps: mbps(hash),
    entries: lines.length,
  }
}

async function isWhole(verdict: Promise<{ whole: boolean }>): Promise<void> {
  if (!(await verdict).whole) throw new Error('the log is broken')
}

const sha256 = (line: string | Buffer): string => createHash('sha256').update(line).digest('hex')

/** As many at a time as the verifier reads. */
async function readAndHash(count: number): Promise<void> {
  for (let seq = 0; seq < count; seq += 5000) {
    const page = await pool.query<{ line: string }>('select line from audit where seq > $1 order by seq limit 5000', [
      seq,
    ])
    for (const { line } of page.rows) sha256(line)
  }
}

/**
 * Each pays for its own garbage, and for all of it. Left to the engine, one part's was collected while another was timed: to destroy
 * 100,000 hash objects takes half as long as to hash with them.
 */
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: { type: 'minor' }) => void
async function timed(work: () => Promise<void> | void): Promise<number> {
  await tidy()
  const began = performance.now()
  await work()
  await tidy()
  return performance.now() - began
}

/** What an object held outside the heap is freed a turn later. */
async function tidy(): Promise<void> {
  collect({ type: 'minor' })
  await new Promise((done) => setImmediate(done))
}

const round = (n: number): number => Math.round(n * 1000) / 1000

const measured = await verifying()
await pool.end()
process.send!(measured)
