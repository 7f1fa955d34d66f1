import type { Server } from 'node:http'
import { serve as listen } from '@hono/node-server'

export interface Listening {
  address: string
  close(): Promise<void>
}

/**
 * How long a caller may take, in ms: for the head of a request, for the whole of it, for reading the answer. Node's own
 * figures (60 s, 300 s, for ever) let five hundred slow callers hold five hundred connections for minutes (Q42); whether
 * the time is over is looked at every two seconds instead of thirty. A connection that waits for its next request is kept longer
 * than proxies keep theirs (60 s): with Node's 5 a proxy sends one into a connection that is just being closed, which is a 502.
 */
const PATIENCE = {
  headersTimeout: 10_000,
  requestTimeout: 12_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 75_000,
}
const SILENT_MS = 30_000

/** Rejects with a sentence that names the setting when the port is taken. */
export function bind(
  fetch: (request: Request) => Response | Promise<Response>,
  where: { host: string; port: number; setting: string },
): Promise<Listening> {
  return new Promise((done, fail) => {
    const server = listen({ fetch, hostname: where.host, port: where.port, serverOptions: PATIENCE }, (info) =>
      done({ address: `http://${where.host}:${info.port}`, close: () => closeServer(server) }),
    ) as Server
    server.setTimeout(SILENT_MS)
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${where.port} is taken. Set ${where.setting} to a free one.`)
          : error,
      ),
    )
  })
}

/** No new requests; those under way end, for 7 seconds. A connection kept alive after its answer is closed at once. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((done) => {
    const closeIdle = () => server.closeIdleConnections()
    const sweep = setInterval(closeIdle, 50)
    const end = () => (clearInterval(sweep), done())
    setTimeout(end, 7000).unref()
    server.close(end)
    closeIdle()
  })
