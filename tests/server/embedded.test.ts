import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startPostgres, type Embedded } from '../../src/server/db/embedded'

describe('the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-embedded-'))
  let postgres: Embedded
  let pool: pg.Pool
  beforeAll(async () => {
    postgres = await startPostgres(folder)
    pool = new pg.Pool(postgres.config)
    pool.on('error', () => undefined)
  })
  afterAll(async () => {
    await pool.end()
    await postgres.stop()
    for (const path of [postgres.folder, folder]) rmSync(path, { recursive: true, force: true })
  })

  it('opens no port and writes every commit to the disk', async () => {
    const setting = async (name: string) =>
      (await pool.query<{ value: string }>('select current_setting($1) as value', [name])).rows[0]?.value
    expect(await setting('listen_addresses')).toBe('')
    expect(await setting('fsync')).toBe('on')
    expect(await setting('synchronous_commit')).toBe('on')
    expect(await setting('data_checksums')).toBe('on')
  })

  it('refuses a second start in the same folder by name, and lets a reader join', async () => {
    await expect(startPostgres(folder)).rejects.toThrow(`already running (process ${process.pid})`)
    const joined = await startPostgres(folder, { join: true })
    expect(joined.config).toEqual(postgres.config)
    await joined.stop()
    expect((await pool.query('select 1')).rowCount).toBe(1)
  })

  it('comes back after kill -9 with everything that was committed', async () => {
    await pool.query('create table kept (n int)')
    await pool.query('insert into kept select generate_series(1, 1000)')
    const before = postgres.pid
    process.kill(before, 'SIGKILL')
    // Its backends answer for a moment longer than it lives.
    await vi.waitFor(() => expect(postgres.pid).not.toBe(before), { timeout: 15_000, interval: 20 })
    const count = () => pool.query<{ n: number }>('select count(*)::int as n from kept').then((r) => r.rows[0]?.n)
    await vi.waitFor(async () => expect(await count()).toBe(1000), { timeout: 15_000, interval: 100 })
  })

  it('keeps its data over a stop', async () => {
    await pool.end()
    await postgres.stop()
    postgres = await startPostgres(folder)
    pool = new pg.Pool(postgres.config)
    expect((await pool.query<{ n: number }>('select count(*)::int as n from kept')).rows[0]?.n).toBe(1000)
  })

  it('says in one sentence what is wrong with its folder or its settings', async () => {
    await expect(startPostgres('/dev/null/db')).rejects.toThrow('/dev/null/db cannot be written by this user')
    const other = mkdtempSync(join(tmpdir(), 'jiebang-embedded-'))
    await expect(startPostgres(other, { settings: { nonsense: '1' } })).rejects.toThrow(
      'did not start: unrecognized configuration parameter "nonsense"',
    )
    rmSync(other, { recursive: true, force: true })
  })
})
