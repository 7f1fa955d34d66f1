import { sql } from 'kysely'
import { open, type House } from '../lib/serve'

/** For whoever watches this process: 200 while the database answers; otherwise the error handler says 503. */
export function health(house: House): void {
  open(house, 'GET', '/healthz', 'anyone', async (c) => {
    await sql`select 1`.execute(house.deps.db)
    c.header('cache-control', 'no-store')
    return c.json({ ok: true })
  })
}
