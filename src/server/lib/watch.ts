import type { Deps } from '../deps'
import type { App } from './serve'

/**
 * One line and one count a request. The door's pattern stands for its address, because addresses carry links and ids; the
 * member's own id is no name; the sender's address is the proxy's business (docs/deploy.md). What was refused is told
 * apart, so that whoever looks for attempts finds them (ASVS 16.3, Q48).
 */
export function useWatch(app: App, { log, metrics }: Deps): void {
  app.use(async (c, next) => {
    const began = performance.now()
    await next()
    const ms = performance.now() - began
    const { status } = c.res
    const door = c.get('door') ?? (status === 404 ? 'none' : 'file')
    metrics?.answered(door, status, ms)
    const line = { door, status, ms: Math.round(ms), requestId: c.get('requestId'), member: c.get('member') }
    log.info(line, refused.has(status) ? 'refused' : 'request')
  })
}

const refused = new Set([400, 401, 403, 404, 405, 413, 429])
