import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { demoSettings } from '../../mock/demo'
import { sampleCorp } from '../../mock/people'
import { createSimulator, type Simulator } from '../../mock/wecom/simulator'
import { createWindow } from '../../mock/window/device'
import { createLog } from '../../src/server/lib/log'
import { start, type Running } from '../../src/server/start'

/** Everything a person meets, on real ports: the app, the simulated WeCom, its window. Built files are served. */
export interface Stage {
  simulator: Simulator
  running: Running
  /** The simulated window, which is also where the app lives for its members and customers. */
  windowUrl: string
  appUrl: string
  /** What the server logged at level warn and above. */
  logged: string[]
  close(): Promise<void>
}

/** `database`: either its two URLs or `{ DATA_DIR }` for an embedded one, and whatever setting is another one here. */
export async function openStage(
  database: ({ DATABASE_URL: string; DATABASE_OWNER_URL: string } | { DATA_DIR: string }) & Record<string, string>,
): Promise<Stage> {
  const [apiPort, windowPort, appPort] = [await freePort(), await freePort(), await freePort()]
  const windowUrl = `http://localhost:${windowPort}`
  const apiUrl = `http://127.0.0.1:${apiPort}`
  const appUrl = `http://127.0.0.1:${appPort}`
  const cast = sampleCorp({
    now: Date.now(),
    publicHost: `localhost:${windowPort}`,
    callbackUrls: { app: `${appUrl}/wecom/callback/app`, contacts: `${appUrl}/wecom/callback/contacts` },
  })
  const simulator = createSimulator(cast)
  const window = createWindow({ simulator, appUrl, files: resolve('dist/window') })
  const servers = [
    serve({ fetch: simulator.fetch, port: apiPort, hostname: '127.0.0.1' }),
    serve({ fetch: (r) => window.fetch(r), port: windowPort, hostname: 'localhost' }),
  ]
  await Promise.all(servers.map((s) => once(s, 'listening')))
  const logged: string[] = []
  const settings = demoSettings(cast, {
    publicUrl: windowUrl,
    apiUrl,
    port: appPort,
    secret: 'a secret for tests, 32 characters',
    dataDir: '',
  })
  const running = await start(
    { ...settings, ...database },
    {
      clock: () => simulator.clock.now(),
      client: resolve('dist/client'),
      log: createLog('warn', { write: (line) => void logged.push(line) }),
    },
  )
  return {
    simulator,
    running,
    windowUrl,
    appUrl,
    logged,
    async close() {
      await running.stop()
      for (const s of servers) {
        s.close()
        if ('closeAllConnections' in s) s.closeAllConnections()
      }
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
