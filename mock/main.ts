import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { demoSettings } from './demo'
import { createMailHost } from './mail/host'
import { mailPage } from './mail/page'
import { sampleCorp } from './people'
import { prologue, PROLOGUE_DAYS } from './prologue'
import { createSimulator } from './wecom/simulator'
import { createWindow } from './window/device'

// What `npm start` runs once everything is built. With WeCom configured it is only the app; without, the simulated WeCom
// stands beside it with its sample corp. `mock` never imports `src`: the app is the built one, as in production.

const dist = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const say = (line = '') => process.stdout.write(`${line}\n`)
const env = process.env

interface Running {
  address: string
  stop(): Promise<void>
}
type Start = (
  env: Record<string, string | undefined>,
  options: { client: string; clock?: () => number },
) => Promise<Running>
const { start } = (await import(dist('server/start.js'))) as { start: Start }

const stops: (() => Promise<unknown>)[] = []
let stopping = false
async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  for (let next = stops.pop(); next; next = stops.pop())
    // Whatever one part complains about, the others are still to be stopped.
    await Promise.resolve()
      .then(next)
      .catch((error: unknown) => process.stderr.write(`While stopping: ${String(error)}\n`))
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))

async function main(): Promise<void> {
  if (env['WECOM_CORP_ID']) {
    const running = await start(env, { client: dist('client') })
    stops.push(() => running.stop())
    say(`接棒 Jiebang is running for corp ${env['WECOM_CORP_ID']}: ${running.address}`)
    return
  }
  const appPort = port('PORT', 3000)
  const [apiPort, windowPort] = [port('SIMULATOR_PORT', appPort + 1), port('WINDOW_PORT', appPort + 2)]
  const mailPort = port('MAIL_PORT', appPort + 3)
  const folder = dataFolder()
  const publicUrl = `http://localhost:${windowPort}`
  const appUrl = `http://127.0.0.1:${appPort}`
  const kept = readKept(folder)
  const cast = sampleCorp({
    now: kept.began,
    publicHost: `localhost:${windowPort}`,
    callbackUrls: { app: `${appUrl}/wecom/callback/app`, contacts: `${appUrl}/wecom/callback/contacts` },
  })
  const simulator = createSimulator(
    cast,
    kept.world ? { saved: kept.world } : { startAt: kept.began - PROLOGUE_DAYS * 86_400_000 },
  )
  const window = createWindow({ simulator, appUrl, files: dist('window') })
  // Unwrapped, so that a dropped connection is really dropped.
  await listen(simulator.fetch, apiPort, '127.0.0.1')
  await listen((r) => window.fetch(r), windowPort, 'localhost')
  const mail = await createMailHost({ now: () => simulator.clock.now() })
  stops.push(() => mail.close())
  await listen(mailPage(mail), mailPort, '127.0.0.1')
  const settings = demoSettings(
    cast,
    {
      publicUrl,
      apiUrl: `http://127.0.0.1:${apiPort}`,
      port: appPort,
      secret: kept.secret,
      dataDir: join(folder, `db-${kept.began}`),
    },
    mail,
  )
  const running = await start(
    { LOG_LEVEL: 'warn', ...settings, ...databaseOf(env) },
    { client: dist('client'), clock: () => simulator.clock.now() },
  )
  stops.push(() => running.stop())
  if (!kept.world) {
    say('Preparing the sample corp: twelve days of its life, about 20 seconds …')
    await prologue({ simulator, appUrl })
  }
  const keep = () => writeFileSync(join(folder, 'simulator.bin'), simulator.save())
  keep()
  const timer = setInterval(keep, 2000)
  stops.push(() => Promise.resolve((clearInterval(timer), keep())))
  say(`
接棒 Jiebang is running, with a simulated WeCom and its sample corp.

  The window    ${publicUrl}/        chat list, sidebar, the customer's phone: start here
  The server    ${appUrl}/        API and app; the window shows it from inside WeCom
  Mail          http://127.0.0.1:${mailPort}/        write to ${mail.address} as a customer, read what comes back
  WeCom's API   http://127.0.0.1:${apiPort}/        simulated

Try first: in the window, let 林晓 leave (成员离职), become 周敏 and open the workbench; what to do next glows.
Data is kept in ${folder}; delete it to begin anew. Stop with Ctrl-C.`)
}

function port(name: string, otherwise: number): number {
  const value = Number(env[name] ?? otherwise)
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error(`${name} must be a port number.`)
  return value
}

function dataFolder(): string {
  const folder = resolve(env['DATA_DIR'] || '.data')
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'probe'), '')
    rmSync(join(folder, 'probe'))
  } catch {
    throw new Error(`The folder ${folder} cannot be written. Set DATA_DIR to one that can.`)
  }
  return folder
}

/** What must survive a restart beside the database: when the corp's life began, the secret, the simulated world. */
function readKept(folder: string): { began: number; secret: string; world: Uint8Array | null } {
  const file = join(folder, 'demo.json')
  const fresh = { began: Date.now(), secret: randomBytes(24).toString('base64url') }
  const world = join(folder, 'simulator.bin')
  if (!existsSync(world) || !existsSync(file)) {
    // A first start that was interrupted left half a past: begin again, with a database of its own.
    for (const old of readdirSync(folder).filter((name) => name.startsWith('db-')))
      rmSync(join(folder, old), { recursive: true, force: true })
    writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 })
    return { ...fresh, world: null }
  }
  return { ...(JSON.parse(readFileSync(file, 'utf8')) as typeof fresh), world: readFileSync(world) }
}

const databaseOf = ({ DATABASE_URL, DATABASE_OWNER_URL }: NodeJS.ProcessEnv) =>
  DATABASE_URL ? { DATABASE_URL, DATABASE_OWNER_URL } : {}

function listen(
  fetch: (request: Request, env?: unknown) => Promise<Response>,
  at: number,
  hostname: string,
): Promise<void> {
  return new Promise((done, fail) => {
    const server = serve({ fetch, port: at, hostname }, () => done())
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${at} is taken. Set PORT to a free one (the next three are used, too).`)
          : error,
      ),
    )
    stops.push(
      () =>
        new Promise((closed) => {
          server.close(closed)
          if ('closeAllConnections' in server) server.closeAllConnections()
        }),
    )
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  void stop(1)
})
