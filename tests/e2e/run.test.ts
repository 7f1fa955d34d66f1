import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/stage'

/** The commands of the README as a person types them, in processes of their own (Q70, part). */
let folder: string
const children: ChildProcess[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jiebang-run-'))
})
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  child: ChildProcess
  said(): string
  ended: Promise<number | null>
}

function run(file: string, env: Record<string, string>, ...args: string[]): Run {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code as number | null) }
}

/** `npm start` on three free ports. */
async function startAt(
  data: string,
  env: Record<string, string> = {},
): Promise<Run & { port: number; windowPort: number }> {
  const [port, simulatorPort, windowPort] = [await freePort(), await freePort(), await freePort()]
  const ports = { PORT: String(port), SIMULATOR_PORT: String(simulatorPort), WINDOW_PORT: String(windowPort) }
  return { ...run('mock/start.mjs', { ...ports, DATA_DIR: data, ...env }), port, windowPort }
}

const ready = (r: Run) => expect.poll(r.said, { timeout: 90_000, interval: 200 }).toContain('Try first')

/** Processes that still work in the folder: PostgreSQL has its data there. */
const workingIn = (data: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
    } catch {
      return false
    }
  })

describe('npm start', () => {
  it('runs everything with the sample corp, leaves no process at Ctrl-C, and goes on with its data kept', async () => {
    const data = join(folder, 'data')
    const first = await startAt(data)
    await ready(first)
    const before = await (await fetch(`http://localhost:${first.windowPort}/__window/desk`)).json()
    expect((await fetch(`http://127.0.0.1:${first.port}/n/nobody`)).status).toBe(404)
    first.child.kill('SIGINT')
    expect(await first.ended, first.said()).toBe(0)
    expect(workingIn(data)).toEqual([])

    const again = await startAt(data)
    await ready(again)
    expect(again.said()).not.toContain('Preparing')
    const after = await (await fetch(`http://localhost:${again.windowPort}/__window/desk`)).json()
    expect((after as { members: unknown[] }).members).toEqual((before as { members: unknown[] }).members)

    const second = await startAt(data)
    expect(await second.ended).toBe(1)
    expect(second.said()).toMatch(/already running \(process \d+\)/)
    again.child.kill('SIGTERM')
    expect(await again.ended, again.said()).toBe(0)
    expect(workingIn(data)).toEqual([])
  })

  it('goes on after kill -9, with its database and its audit log whole (Q4, part)', async () => {
    const data = join(folder, 'killed')
    const first = await startAt(data)
    await ready(first)
    first.child.kill('SIGKILL')
    await first.ended
    const again = await startAt(data)
    await ready(again)
    expect(again.said()).not.toContain('Preparing')
    expect((await fetch(`http://127.0.0.1:${again.port}/n/nobody`)).status).toBe(404)
    const audit = run('mock/start.mjs', { DATA_DIR: data }, '--audit')
    expect(await audit.ended, audit.said()).toBe(0)
    expect(audit.said()).toMatch(/^The audit log is whole: [1-9]\d+ entries, \d+ signed heads\. Head [0-9a-f]{64}\n/)
    again.child.kill('SIGINT')
    expect(await again.ended, again.said()).toBe(0)
  })

  it('says in one sentence which port is taken, and ends with 1', async () => {
    const busy = createServer().listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const { port } = busy.address() as { port: number }
    const r = await startAt(join(folder, 'taken'), { SIMULATOR_PORT: String(port) })
    expect(await r.ended).toBe(1)
    expect(r.said().trim()).toBe(`Port ${port} is taken. Set PORT to a free one (the next three are used, too).`)
    busy.close()
  })

  it('says in one sentence that a folder cannot be written, and ends with 1', async () => {
    const r = await startAt('/dev/null/data')
    expect(await r.ended).toBe(1)
    expect(r.said().trim()).toBe('The folder /dev/null/data cannot be written. Set DATA_DIR to one that can.')
  })

  it('says in one sentence that DATABASE_URL cannot be reached, and ends with 1', async () => {
    const r = await startAt(join(folder, 'unreachable'), { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' })
    expect(await r.ended).toBe(1)
    expect(r.said().trim()).toMatch(/^The database in DATABASE_URL cannot be reached: .*ECONNREFUSED.*$/)
  })

  it('names the variables that are missing once WeCom is configured, and ends with 1', async () => {
    const r = await startAt(join(folder, 'missing'), { WECOM_CORP_ID: 'ww1' })
    expect(await r.ended).toBe(1)
    expect(r.said().trim()).toMatch(
      /^Settings: PUBLIC_URL is missing; SECRET is missing; .*HOTLINE is missing.*See docs\/settings\.md\.$/,
    )
  })
})

it('the production server says the same without the simulator beside it', async () => {
  const r = run('dist/server/main.js', { WECOM_CORP_ID: 'ww1' })
  expect(await r.ended).toBe(1)
  expect(r.said()).toMatch(/^Settings: PUBLIC_URL is missing;/)
})
