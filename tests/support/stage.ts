import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { demoSettings } from '../../mock/demo'
import { sampleCorp } from '../../mock/people'
import type { Cast } from '../../mock/wecom/cast'
import { createSimulator, type Simulator } from '../../mock/wecom/simulator'
import { createWindow } from '../../mock/window/device'
import { createLog } from '../../src/server/lib/log'
import { start, type Running } from '../../src/server/start'

/** Node closes a quiet connection after 5 s; a busy test may be sending its next request into it just then. */
const KEPT = { keepAliveTimeout: 75_000 }

/** Everything a person meets, on real ports: the app, the simulated WeCom, its window. Built files are served. */
export interface Stage {
  simulator: Simulator
  running: Running
  /** The simulated window, which is also where the app lives for its members and customers. */
  windowUrl: string
  appUrl: string
  /** What the server logged at level warn and above. */
  logged: string[]
  /** Every line of the log, down to the smallest. */
  lines: string[]
  /** The access tokens and tickets that WeCom has given the app. */
  issued: Set<string>
  /** The app is started anew with another build of the client. */
  release(client: string): Promise<void>
  close(): Promise<void>
}

/**
 * `database`: either its two URLs or `{ DATA_DIR }` for an embedded one, and whatever setting is another one here. `recast`:
 * changes the sample corp before it lives. `startAt`: the time it is then, which goes on by itself.
 */
export async function openStage(
  database: ({ DATABASE_URL: string; DATABASE_OWNER_URL: string } | { DATA_DIR: string }) & Record<string, string>,
  recast: (cast: Cast) => void = () => undefined,
  startAt = Date.now(),
): Promise<Stage> {
  const [apiPort, windowPort, appPort] = [await freePort(), await freePort(), await freePort()]
  const windowUrl = `http://localhost:${windowPort}`
  const apiUrl = `http://127.0.0.1:${apiPort}`
  const appUrl = `http://127.0.0.1:${appPort}`
  const cast = sampleCorp({
    now: startAt,
    publicHost: `localhost:${windowPort}`,
    callbackUrls: { app: `${appUrl}/wecom/callback/app`, contacts: `${appUrl}/wecom/callback/contacts` },
  })
  recast(cast)
  const simulator = createSimulator(cast, { startAt })
  const window = createWindow({ simulator, appUrl, files: resolve('dist/window') })
  const issued = new Set<string>()
  const servers = [
    serve({
      fetch: (r, env: unknown) => noting(issued, r, simulator.fetch(r, env)),
      port: apiPort,
      hostname: '127.0.0.1',
    }),
    serve({ fetch: (r) => window.fetch(r), port: windowPort, hostname: 'localhost', serverOptions: KEPT }),
  ]
  await Promise.all(servers.map((s) => once(s, 'listening')))
  const logged: string[] = []
  const lines: string[] = []
  const write = (line: string) => {
    lines.push(line)
    if ((JSON.parse(line) as { level: number }).level >= 40) logged.push(line)
  }
  const settings = demoSettings(cast, {
    publicUrl: windowUrl,
    apiUrl,
    port: appPort,
    secret: 'a secret for tests, 32 characters',
    dataDir: '',
  })
  const begin = (client: string) =>
    start(
      { ...settings, ...database },
      { clock: () => simulator.clock.now(), client, log: createLog('trace', { write }) },
    )
  let running = await begin(resolve('dist/client'))
  return {
    simulator,
    get running() {
      return running
    },
    windowUrl,
    appUrl,
    logged,
    lines,
    issued,
    async release(client) {
      await running.stop()
      running = await begin(client)
    },
    async close() {
      await running.stop()
      for (const s of servers) {
        s.close()
        if ('closeAllConnections' in s) s.closeAllConnections()
      }
    },
  }
}

/** What must never leave the app again. */
async function noting(issued: Set<string>, request: Request, answering: Promise<Response>): Promise<Response> {
  const answer = await answering
  if (/gettoken|ticket/.test(new URL(request.url).pathname)) {
    const said = (await answer
      .clone()
      .json()
      .catch(() => ({}))) as { access_token?: string; ticket?: string }
    for (const secret of [said.access_token, said.ticket]) if (secret) issued.add(secret)
  }
  return answer
}

/** Below those that systems give to connections going out: one of them may take a port between this look and its use. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(11_000, 32_000)
    const probe = createServer()
    const free = await new Promise<boolean>((tell) =>
      probe.once('error', () => tell(false)).listen(port, '127.0.0.1', () => tell(true)),
    )
    probe.close()
    if (free) return port
  }
}
