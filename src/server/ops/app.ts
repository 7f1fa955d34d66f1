import { Hono } from 'hono'
import { sql } from 'kysely'
import type { Deps } from '../deps'
import { backlog } from './rows'

/**
 * For whoever watches this process, on a port of its own that the public never reaches (`OPS_PORT`): is it alive, is it
 * ready, how is it doing. Nothing here names a person. It is not one of the doors, because nobody but operations comes in.
 */
export function createOps(deps: Deps): Hono {
  const { db, metrics } = deps
  const app = new Hono()
  metrics?.waiting(() => backlog(db, deps.now()))

  // A restart does not bring a database back, so being alive does not ask it.
  app.get('/healthz', (c) => c.json({ ok: true }))

  app.get('/readyz', async (c) => {
    const away = await sql`select 1`.execute(db).then(
      () => false,
      () => true,
    )
    return c.json(away ? { ok: false, why: 'database' } : { ok: true }, away ? 503 : 200)
  })

  app.get('/metrics', async (c) => {
    if (!metrics) return c.notFound()
    const page = await metrics.page()
    return c.body(page.text, 200, { 'content-type': page.type })
  })
  return app
}
