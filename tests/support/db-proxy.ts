import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** What passes by: a statement of one connection, before it is passed on, or the first answer to one of these. */
export interface Passing {
  /** What the process sends, as text; the SQL is in it. */
  sql: string
  /** The same connection said these before, since its last commit or rollback. */
  before: string[]
}

export interface DbProxy {
  /** Asked before a statement is passed on. `stop`: it never is. `mute`: it is, its answer is not. */
  onStatement: (passing: Passing) => 'pass' | 'stop' | 'mute'
  /** When the answer to a muted statement came, so what was asked has happened. False: it is passed on after all. */
  onMuted: () => boolean
  /** ms before anything passes on, both ways. */
  stall: number
  /** Nothing passes any more and nobody is told: what half-open connections look like. */
  frozen: boolean
  readonly port: number
  /** Breaks every connection. */
  reset(): void
  /** No new ones, and breaks those that are. */
  refuse(refused: boolean): void
  close(): Promise<void>
}

/** Stands between a server process and PostgreSQL on a port of its own, reads along and can be told to fail. */
export async function openDbProxy(target: { host: string; port: number }): Promise<DbProxy> {
  const pairs = new Set<[Socket, Socket]>()
  let refusing = false
  const server = createServer((near) => {
    if (refusing) return void near.destroy()
    const socket = target.host.startsWith('/') ? { path: `${target.host}/.s.PGSQL.${target.port}` } : target
    const far = connect(socket)
    const pair: [Socket, Socket] = [near, far]
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const side of pair) side.on('error', end).on('close', end).setNoDelay(true)
    pass(near, far)
  })

  function pass(near: Socket, far: Socket): void {
    let before: string[] = []
    let muted = false
    near.on('data', (chunk) => {
      const sql = chunk.toString('latin1')
      const verdict = proxy.onStatement({ sql, before })
      if (/\b(commit|rollback)\b/i.test(sql)) before = []
      else before.push(sql.slice(0, 400))
      if (verdict === 'stop') return
      muted ||= verdict === 'mute'
      forward(far, chunk)
    })
    far.on('data', (chunk) => {
      muted &&= proxy.onMuted()
      if (!muted) forward(near, chunk)
    })
  }

  function forward(to: Socket, chunk: Buffer): void {
    if (proxy.frozen) return
    if (proxy.stall) setTimeout(() => to.write(chunk), proxy.stall)
    else to.write(chunk)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reset = () => pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()))
  const proxy: DbProxy = {
    onStatement: () => 'pass',
    onMuted: () => false,
    stall: 0,
    frozen: false,
    port: (server.address() as AddressInfo).port,
    reset,
    refuse: (refused) => {
      refusing = refused
      if (refused) reset()
    },
    close: async () => {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
