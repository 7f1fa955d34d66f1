import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { demoSettings } from '../../mock/demo'
import type { Cast } from '../../mock/wecom/cast'
import { startPostgres } from '../../src/server/db/embedded'
import { freePort } from '../support/stage'
import { bareInsert } from './bare-insert'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const SPEED = number('RELATIONS', 20_000)
const SMALL = number('RELATIONS_SMALL', 100_000)
const LARGE = number('RELATIONS_LARGE', 1_000_000)
const RELATIONS_A_MEMBER = 500

interface Round {
  /** Relations in a second, of a run that finds everything new, and of one that finds nothing new. */
  first: number
  again: number | null
  calls: Record<string, number>
  minimum: number
  /** The most the server ever held, in bytes. */
  peak: number
}

/**
 * The mirror as in production: the built server, the simulated WeCom and PostgreSQL, each a process of its own. The baseline
 * is PostgreSQL alone: the rows the mirror had made, put once more into a database of the same server.
 */
export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-bench-'))
  const postgres = await startPostgres(folder, { settings: { max_wal_size: '2GB' } })
  try {
    const speed = await mirrorOnce(postgres.config, 'speed', SPEED, true)
    const bare = await bareInsert(postgres.config, 'speed')
    const small = await mirrorOnce(postgres.config, 'small', SMALL, false)
    const large = await mirrorOnce(postgres.config, 'large', LARGE, false)
    const made = Object.values(speed.calls).reduce((sum, n) => sum + n, 0)
    const figures = {
      callsOverMinimum: ratio(made / speed.minimum),
      rowsOverBareInsert: ratio(speed.first / bare.all),
      peakMemoryGrowth: ratio(large.peak / small.peak),
      rowsOverBareRelations: ratio(speed.first / bare.relationsOnly),
      unchangedOverBareInsert: ratio((speed.again ?? 0) / bare.all),
      relationsSmall: SMALL,
      relationsLarge: LARGE,
    }
    return {
      figures,
      rows: [
        [`calls to WeCom for ${SPEED} relations`, made],
        ['the documented minimum', speed.minimum],
        ['calls over minimum', figures.callsOverMinimum, 'aim ≤ 1.05'],
        ['relations a second, everything new', Math.round(speed.first)],
        ['  bare: the same rows of the same tables', Math.round(bare.all), '100 relations a statement and transaction'],
        ['  mirror over bare insert', figures.rowsOverBareInsert, 'aim ≥ 0.3'],
        ['  bare: nothing but the relation rows', Math.round(bare.relationsOnly), 'no customers, history, audit'],
        ['  mirror over bare relation rows', figures.rowsOverBareRelations],
        ['relations a second, nothing new', Math.round(speed.again ?? 0)],
        ['  over bare insert', figures.unchangedOverBareInsert],
        [`server's peak memory at ${SMALL}, MB`, megabytes(small.peak)],
        [`server's peak memory at ${LARGE}, MB`, megabytes(large.peak)],
        ['  growth', figures.peakMemoryGrowth, 'aim ≤ 1.2'],
        [`relations a second at ${LARGE}`, Math.round(large.first)],
      ],
    }
  } finally {
    await postgres.stop()
    for (const path of [postgres.folder, folder]) rmSync(path, { recursive: true, force: true })
  }
}

const ratio = (n: number) => Math.round(n * 1000) / 1000
const megabytes = (bytes: number) => Math.round(bytes / 1_048_576)

async function mirrorOnce(server: pg.PoolConfig, name: string, relations: number, twice: boolean): Promise<Round> {
  const admin = new pg.Client(server)
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const members = Math.max(1, Math.round(relations / RELATIONS_A_MEMBER))
  const wecom = fork(resolve('tests/bench/part.mjs'), [resolve('tests/bench/mirror-wecom.ts')], {
    env: { ...process.env, RELATIONS: String(relations), MEMBERS: String(members) },
  })
  const [{ port, cast }] = (await once(wecom, 'message')) as [{ port: number; cast: Cast }]
  const database = new pg.Client({ ...server, database: name })
  await database.connect()
  try {
    const begin = async () => {
      const app = await startServer(cast, port, `postgres://${server.user}@localhost:5432/${name}?host=${server.host}`)
      try {
        const seconds = await whole(database, app)
        return { seconds, peak: peakOf(app) }
      } finally {
        app.kill('SIGTERM')
        await once(app, 'exit')
      }
    }
    const first = await begin()
    const calls = await callsOf(wecom)
    // Without a run that ended, a server that starts begins one.
    if (twice) await database.query('delete from mirror_run')
    const again = twice ? await begin() : null
    return {
      first: relations / first.seconds,
      again: again && relations / again.seconds,
      calls: Object.fromEntries(Object.entries(calls).filter(([path]) => OURS.includes(path))),
      minimum: minimumOf(cast, members, relations),
      peak: first.peak,
    }
  } finally {
    await database.end()
    wecom.disconnect()
  }
}

/** What nobody but the mirror asks for; the list of followers is also asked for by the search for leavers. */
const OURS = [
  'department/list',
  'user/list',
  'user/get',
  'externalcontact/get_corp_tag_list',
  'externalcontact/batch/get_by_user',
  'externalcontact/get',
  'externalcontact/groupchat/get',
]

/** Facts 12: departments and their lists, the tags, a hundred relations a call for each hundred members, a call a group. */
const minimumOf = (cast: Cast, members: number, relations: number): number => {
  const batches = Math.ceil(members / 100)
  return 1 + cast.departments.length + 1 + batches * Math.ceil(relations / batches / 100) + cast.groups.length
}

async function startServer(cast: Cast, wecom: number, database: string): Promise<ChildProcess> {
  const port = await freePort()
  const settings = demoSettings(cast, {
    publicUrl: `http://127.0.0.1:${port}`,
    apiUrl: `http://127.0.0.1:${wecom}`,
    port,
    secret: 'a secret for benchmarks, 32 characters',
    dataDir: '',
  })
  return spawn(process.execPath, [resolve('dist/server/main.js')], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', ...settings, DATABASE_URL: database },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Waits for the whole run and answers its seconds, from its own line. */
async function whole(database: pg.Client, app: ChildProcess): Promise<number> {
  for (;;) {
    if (app.exitCode !== null) throw new Error('the server ended')
    await new Promise((done) => setTimeout(done, 200))
    const exists = await database.query<{ it: string | null }>(`select to_regclass('mirror_run')::text as it`)
    if (!exists.rows[0]?.it) continue
    const { rows } = await database.query<{ step: string; seconds: string | null }>(
      'select step, extract(epoch from ended_at - started_at) as seconds from mirror_run where ended_at is not null',
    )
    const [run] = rows
    if (run?.seconds && run.step !== 'done') throw new Error(`the mirror stopped at ${run.step}`)
    if (run?.seconds) return Number(run.seconds)
  }
}

const peakOf = (app: ChildProcess): number =>
  1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1])

async function callsOf(wecom: ChildProcess): Promise<Record<string, number>> {
  wecom.send('calls')
  const [{ calls }] = (await once(wecom, 'message')) as [{ calls: Record<string, number> }]
  return calls
}
