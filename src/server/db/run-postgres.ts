import { spawn, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { endLeftover } from './claim'
import type { Place } from './place'

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Starts the server of a place and starts it again whenever it ends without being asked to. */
export async function keepRunning(
  place: Place,
  settings: Record<string, string>,
  log: (line: string) => void = () => undefined,
) {
  let server = await launch(place, settings, log)
  let stopping = false
  const guard = () => server.once('exit', () => void revive(200))
  async function revive(pause: number): Promise<void> {
    if (stopping) return
    log('PostgreSQL ended by itself; it is started again')
    await sleep(pause)
    if (stopping) return
    try {
      await endLeftover(place.data)
      server = await launch(place, settings, log)
      if (stopping) server.kill('SIGINT')
      else guard()
    } catch (error) {
      log(error instanceof Error ? error.message : String(error))
      await revive(Math.min(pause * 2, 10_000))
    }
  }
  guard()
  const stop = async () => {
    stopping = true
    if (server.exitCode !== null || server.signalCode !== null) return
    server.ref()
    // First politely: a pool that was just ended still says goodbye, and would take a broken connection for a fault.
    const patience = [setTimeout(() => server.kill('SIGINT'), 500), setTimeout(() => server.kill('SIGQUIT'), 10_000)]
    await new Promise((ended) => {
      server.once('exit', ended)
      server.kill('SIGTERM')
    })
    for (const timer of patience) clearTimeout(timer)
  }
  return { pid: () => server.pid ?? 0, stop }
}

/** Resolves when it answers. In a session of its own, so that Ctrl-C in a terminal reaches us first and it last. */
function launch(place: Place, settings: Record<string, string>, log: (line: string) => void): Promise<ChildProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(place.programs, 'bin/postgres'), ['-D', place.data, ...flags], {
    ...place.as,
    cwd: place.data,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (server.pid !== undefined) endWithUs(server, place)
  return new Promise((ready, fail) => {
    let said = ''
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
      for (const line of text.trimEnd().split('\n')) log(line)
      if (!said.includes('ready to accept connections')) return
      // Nobody who forgets stop() should hang for it: from here on the server does not hold this process.
      server.unref()
      ;(server.stderr as Socket).unref()
      ready(server)
    })
    server.once('error', fail)
    // Not at `exit`: what it said last may still be on its way.
    server.once('close', () => fail(new Error(`The embedded PostgreSQL did not start: ${reason(said)}`)))
  })
}

/** Holds one end of a pipe whose other end closes when we are gone, even by kill -9; then it stops the server. */
function endWithUs(server: ChildProcess, { as }: Place): void {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', String(server.pid)], {
    ...as,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => undefined)
  guard.unref()
  ;(guard.stdin as Socket).unref()
  server.once('exit', () => guard.kill('SIGKILL'))
}

export const environment = () => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' })

/** PostgreSQL says much at start; what matters is the line where it gives up. */
export const reason = (said: string): string =>
  /(?:FATAL|PANIC|error): +(.*)/.exec(said)?.[1] ?? (said.trim().split('\n').at(-1) || 'no reason given')
