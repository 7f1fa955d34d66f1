import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { APP_ROLE } from '../../src/server/db/roles'
import { openDbProxy, type DbProxy } from '../support/db-proxy'

/** One server process of the built product, with its own way to the database. It can be killed and started again. */
export interface Server {
  name: string
  proxy: DbProxy
  readonly pid: number | null
  start(): Promise<void>
  /** kill -9, from wherever it is noticed that it is time. */
  kill(): void
  /** As a supervisor stops it. */
  terminate(): void
  /** Resolves when the process has ended, with its exit code; null: it was killed. */
  gone(): Promise<number | null>
  /** The simulator's offset to real time. */
  setClock(offset: number): void
  close(): Promise<void>
}

interface Wanted {
  name: string
  env: Record<string, string>
  database: { host: string; port: number; user: string; database: string }
  offset(): number
}

export async function makeServer({ name, env, database, offset }: Wanted): Promise<Server> {
  const proxy = await openDbProxy(database)
  const as = (user: string) => `postgres://${user}@127.0.0.1:${proxy.port}/${database.database}`
  const urls = { DATABASE_URL: as(APP_ROLE), DATABASE_OWNER_URL: as(database.user) }
  let child: ChildProcess | null = null
  let closed = false
  let ended: Promise<number | null> = Promise.resolve(null)
  return {
    name,
    proxy,
    get pid() {
      return child?.pid ?? null
    },
    async start() {
      if (closed) return
      const { PATH = '', HOME = '' } = process.env
      const born = spawn(process.execPath, [resolve('tests/support/launch.mjs'), String(offset())], {
        env: { PATH, HOME, LOG_LEVEL: process.env['KILL_LOG'] ?? 'silent', ...env, ...urls },
        stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      })
      child = born
      let said = ''
      born.stderr?.on('data', (text: Buffer) => (said += text.toString()))
      ended = once(born, 'exit').then(([code, signal]) => {
        child = null
        if (signal !== 'SIGKILL' && code !== 0) process.stderr.write(`${name} ended with ${String(code)}: ${said}\n`)
        return code as number | null
      })
      await Promise.race([once(born, 'message'), ended])
    },
    kill: () => void child?.kill('SIGKILL'),
    terminate: () => void child?.kill('SIGTERM'),
    gone: () => ended,
    setClock: (to) => void (child?.connected && child.send({ offset: to })),
    async close() {
      closed = true
      child?.kill('SIGKILL')
      await ended
      await proxy.close()
    },
  }
}
