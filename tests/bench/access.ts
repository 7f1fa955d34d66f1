import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type pg from 'pg'
import { sql } from 'kysely'
import { pino } from 'pino'
import * as z from 'zod/mini'
import { demoSettings } from '../../mock/demo'
import { openBrief } from '../../src/shared/customer'
import { endpoint, id as idSchema } from '../../src/shared/endpoint'
import { createApp } from '../../src/server/app'
import { makeHead } from '../../src/server/audit/heads'
import { briefOf, depthOf } from '../../src/server/brief/rows'
import { briefShown } from '../../src/server/brief/shown'
import { act } from '../../src/server/db/act'
import { startPostgres } from '../../src/server/db/embedded'
import { migrate } from '../../src/server/db/migrate'
import { openDb, openPool } from '../../src/server/db/open'
import type { Deps } from '../../src/server/deps'
import { readConfig } from '../../src/server/lib/config'
import { FIRST_HASH } from '../../src/server/lib/chain'
import { hashToken, secretToken, timeId } from '../../src/server/lib/id'
import { serve } from '../../src/server/lib/serve'
import { LIVE } from '../support/live'
import { smallCorp } from '../support/small-corp'
import { median } from './page'
import type { Verifying } from './verify-part'

const CUSTOMERS = Number(process.env['CUSTOMERS'] ?? 100_000)
const HISTORY_EACH = 10
const MINE = 2000
const ROUNDS = Number(process.env['ROUNDS'] ?? 1500)
const NOW = Date.parse('2026-11-24T02:00:00Z')

/** The same reading without table, masks and log; and the least a route with a login can do. Only here. */
const plainBrief = endpoint({
  method: 'POST',
  path: '/api/bench/plain',
  access: ['rep'],
  input: z.object({ customer: idSchema }),
  output: z.any(),
})
const oneRow = endpoint({
  method: 'POST',
  path: '/api/bench/row',
  access: ['rep'],
  input: z.object({ customer: idSchema }),
  output: z.looseObject({}),
})

/** What it costs that the server decides, masks and writes down each look, at the size of a large company. */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const postgres = await startPostgres(folder)
  const pool = openPool(postgres.config, () => undefined)
  const undurable = openPool({ ...postgres.config, options: '-c synchronous_commit=off' }, () => undefined)
  try {
    await migrate(pool)
    await pool.query(LIVE)
    const { ask, customers, deps } = await openLarge(pool, undurable)
    const figures = {
      ...(await looks(ask, customers)),
      ...(await lengthen(deps).then(() => verifying(postgres.config))),
    }
    await deps.db.destroy()
    return {
      figures,
      rows: [
        [`customers / history rows`, `${CUSTOMERS} / ${CUSTOMERS * HISTORY_EACH}`],
        ['brief, median ms', figures.briefMs],
        ['the same without table, masks and log, median ms', figures.plainMs],
        ['  brief over it', figures.briefCostRatio, 'aim ≤ 1.5'],
        ['  were the look not waited for until it is on disk', figures.briefCostWithoutDisk],
        ['brief, p95 ms', figures.briefP95Ms],
        ['a route that reads one row, p95 ms', figures.rowP95Ms],
        ['  brief over it', figures.briefOverBareRoute, 'aim ≤ 3'],
        ['audit log verified, MB a second', figures.verifyMBps],
        ['SHA-256 of the same entries, at hand, MB a second', figures.sha256MBps],
        ['  verified over it', figures.auditVerifyOverSha256, 'aim ≥ 0.5'],
        ['the same entries read and SHA-256, MB a second', figures.readSha256MBps],
        ['  verified over it', figures.auditVerifyOverReadAndSha256],
        ['verified over SHA-256 in one call an entry', figures.auditVerifyOverOneCallSha256],
      ],
    }
  } finally {
    await Promise.all([pool, undurable].map((one) => one.end().catch(() => undefined)))
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const kinds = ['brief', 'hasty', 'plain', 'row'] as const
type Kind = (typeof kinds)[number]
/** `hasty`: the brief of a server whose database answers before its log is on disk, which nobody may run. */
const paths = { brief: openBrief.path, hasty: openBrief.path, plain: plainBrief.path, row: oneRow.path }
type Ask = (kind: Kind, customer: string) => Promise<number>

/** In turns, so that whatever else the machine does befalls all of them alike. */
async function looks(ask: Ask, customers: readonly string[]) {
  const times: Record<Kind, number[]> = { brief: [], hasty: [], plain: [], row: [] }
  for (let n = -200; n < ROUNDS; n++)
    for (const kind of kinds) {
      const ms = await ask(kind, customers[Math.abs(n * 7) % customers.length]!)
      if (n >= 0) times[kind].push(ms)
    }
  const p95 = (of: number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length * 0.95)]!
  const [briefMs, plainMs] = [median(times.brief), median(times.plain)]
  const [briefP95, rowP95] = [p95(times.brief), p95(times.row)]
  return {
    briefCostRatio: round(briefMs / plainMs),
    briefCostWithoutDisk: round(median(times.hasty) / plainMs),
    briefOverBareRoute: round(briefP95 / rowP95),
    briefMs: round(briefMs),
    plainMs: round(plainMs),
    briefP95Ms: round(briefP95),
    rowP95Ms: round(rowP95),
  }
}

/** As long as a log of some months: entries like those of looks, and a signed head over each thousand. */
async function lengthen(deps: Deps): Promise<void> {
  const detail = { who: 'successor', stage: 'V2', classes: ['F0', 'F1', 'F2', 'F3'], reason: 'assigned' }
  for (let n = 0; n < 1000; n++) {
    await act(deps.db, new Date(NOW), 'm2', (_tx, audit) => {
      for (let i = 0; i < 100; i++)
        audit('look.brief', `c${i}`, { ...detail, door: 'POST /api/brief', handover: `h${n}` })
      return Promise.resolve()
    })
    if (n % 10 === 9) await makeHead(deps)
  }
  await settle(deps.db)
}

/** What the filling left to the database is not the work of what is measured. */
async function settle(db: Deps['db']): Promise<void> {
  await sql`vacuum analyze`.execute(db)
  await sql`checkpoint`.execute(db)
}

/** In a process of its own, as `npm run audit:verify` is one: its memory is not full of what was measured before. */
async function verifying(where: pg.PoolConfig): Promise<Verifying> {
  const child = fork(resolve('tests/bench/part.mjs'), [resolve('tests/bench/verify-part.ts')], {
    env: { ...process.env, DATABASE: JSON.stringify(where) },
  })
  const ended = once(child, 'exit').then(([code]) => Promise.reject<never>(new Error(`it ended with ${code}`)))
  const [measured] = (await Promise.race([once(child, 'message'), ended])) as [Verifying]
  child.kill()
  return measured
}

const round = (n: number): number => Math.round(n * 1000) / 1000

async function openLarge(pool: pg.Pool, undurable: pg.Pool) {
  const cast = smallCorp()
  const publicUrl = `https://${cast.app.trustedHosts[0]}`
  const settings = demoSettings(cast, {
    publicUrl,
    apiUrl: 'https://qyapi.test',
    port: 0,
    secret: 's'.repeat(32),
    dataDir: '',
  })
  const db = openDb(pool)
  const deps: Deps = {
    db,
    wecom: { ask: () => Promise.reject(new Error('no WeCom here')) },
    config: readConfig({ ...settings, LIMIT_MEMBER: '1000000' }),
    log: pino({ level: 'silent' }),
    now: () => new Date(NOW),
    id: () => timeId(NOW),
    wake: () => undefined,
  }
  const house = createApp(deps)
  const hasty = createApp({ ...deps, db: openDb(undurable) })
  serve(house, plainBrief, async ({ input: { customer }, caller }) => {
    const row = await briefOf(db, caller.id, customer)
    if (!row) throw new Error('a brief without its row')
    const deep = { ...(await depthOf(db, caller.id, customer)), raw: [] }
    return z.parse(openBrief.output, { kind: 'inherited', customer, brief: briefShown(row, deep, [], deps.now()) })
  })
  serve(house, oneRow, async ({ input }) => {
    const found = db.selectFrom('customer').selectAll().where('id', '=', input.customer)
    return { row: await found.executeTakeFirstOrThrow() }
  })
  const token = secretToken()
  await fill(db, hashToken(token))
  const customers = await sql<{ id: string }>`select customer_id as id from handover order by id`.execute(db)
  const headers = {
    cookie: `__Host-jiebang=${token}`,
    origin: publicUrl,
    'x-jiebang': '1',
    'content-type': 'application/json',
  }
  const post = async (kind: Kind, customer: string) => {
    const { app } = kind === 'hasty' ? hasty : house
    const body = JSON.stringify({ customer })
    const answer = await app.request(`${publicUrl}${paths[kind]}`, { method: 'POST', headers, body })
    return { status: answer.status, text: await answer.text() }
  }
  const ask: Ask = async (kind, customer) => {
    const began = performance.now()
    const { status } = await post(kind, customer)
    const ms = performance.now() - began
    if (status !== 200) throw new Error(`${kind} answered ${status}`)
    return ms
  }
  const ids = customers.rows.map(({ id }) => id)
  // What is closed is not read either: a brief that shows less would be measured as a fast one.
  const first = z.parse(openBrief.output, JSON.parse((await post('brief', ids[0]!)).text))
  const read = first.kind === 'inherited' ? [first.brief.history?.items.length, first.brief.promises?.length] : []
  if (read.join() !== `${HISTORY_EACH},2`) throw new Error(`a brief without its history: ${JSON.stringify(first)}`)
  return { ask, deps, customers: ids }
}

/** A leaver whose customers one successor has taken over and told, in a company with very many others. */
async function fill(db: Deps['db'], sessionHash: string): Promise<void> {
  const at = new Date(NOW - 86_400_000)
  const run = (query: ReturnType<typeof sql>) => query.execute(db)
  await run(sql`insert into member (id, userid, name, status, follows, first_seen_at)
    select 'm' || n, 'u' || n, '成员' || n, case when n = 1 then 'left' else 'active' end, true, ${at} from generate_series(1, 500) n`)
  await run(sql`insert into customer (id, name, kind, company, first_seen_at)
    select 'c' || lpad(n::text, 8, '0'), '客户' || n, 'wechat', '公司' || n % 5000, ${at} from generate_series(1, ${CUSTOMERS}::int) n`)
  await run(sql`insert into relation (member_id, customer_id, remark, description, mobiles, since, ended_at)
    select 'm' || 1 + (n % 500), 'c' || lpad(n::text, 8, '0'), '备注' || n, '每月十五日前报价，联系电话 13800001111', array['13800002222'], ${at}, null
      from generate_series(1, ${CUSTOMERS}::int) n`)
  await run(sql`insert into history (id, customer_id, at, author_id, source, kind, body)
    select 'h' || lpad(n::text, 9, '0'), 'c' || lpad((1 + n % ${CUSTOMERS}::int)::text, 8, '0'), ${at}::timestamptz - n * interval '1 second', 'm1', 'mirror',
           'remark.changed', jsonb_build_object('from', '', 'to', '备注' || n) from generate_series(1, ${CUSTOMERS * HISTORY_EACH}::int) n`)
  await run(
    sql`insert into departure (id, member_id, left_at, known_by, noticed_at) values ('d1', 'm1', ${at}, 'event', ${at})`,
  )
  await run(sql`insert into handover (id, departure_id, customer_id, created_at)
    select 'h' || n, 'd1', 'c' || lpad(n::text, 8, '0'), ${at} from generate_series(1, ${MINE}::int) n`)
  await run(sql`insert into relation (member_id, customer_id, remark, description, mobiles, since, ended_at)
    select 'm1', 'c' || lpad(n::text, 8, '0'), '老客户', '喜欢上午联系', array['13800003333'], ${at}, ${at} from generate_series(1, ${MINE}::int) n
    on conflict do nothing`)
  await run(sql`insert into transfer (handover_id, state, successor_id, submitted_at, takeover_at, settled_at)
    select 'h' || n, 'taken_over', 'm2', ${at}, ${at}, ${at} from generate_series(1, ${MINE}::int) n`)
  await run(
    sql`insert into notice (handover_id, state, sent_at, sent_by) select 'h' || n, 'sent', ${at}, 'm2' from generate_series(1, ${MINE}::int) n`,
  )
  await run(sql`insert into promise (id, customer_id, made_by, made_at, source, text, due)
    select 'p' || n, 'c' || lpad((1 + n % ${MINE}::int)::text, 8, '0'), 'm1', ${at}, 'description', '周五前补发报价单' || n, '2026-11-27' from generate_series(1, ${2 * MINE}::int) n`)
  await run(
    sql`insert into session (id_hash, member_id, epoch, created_at, seen_at) values (${sessionHash}, 'm2', 0, ${new Date(NOW)}, ${new Date(NOW)})`,
  )
  await settle(db)
  if (FIRST_HASH.length !== 64) throw new Error('the chain has changed')
}
