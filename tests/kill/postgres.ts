import { rmSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import { startPostgres, type Embedded } from '../../src/server/db/embedded'
import { openPool } from '../../src/server/db/open'
import { APP_ROLE, ensureRole } from '../../src/server/db/roles'
import { shortLivedFolder } from '../support/folder'

/** One for the file that asks, with fsync as in production; killed, it comes back by itself. */
export function ownPostgres(): { readonly server: Embedded } {
  const folder = shortLivedFolder('jiebang-kill-')
  let server: Embedded
  beforeAll(async () => {
    server = await startPostgres(folder, { settings: { max_connections: '300' } })
    const pool = openPool(server.config, () => undefined)
    await ensureRole(pool, APP_ROLE)
    await pool.end()
  })
  afterAll(async () => {
    await server.stop()
    for (const path of [server.folder, folder]) rmSync(path, { recursive: true, force: true })
  })
  return {
    get server() {
      return server
    },
  }
}
