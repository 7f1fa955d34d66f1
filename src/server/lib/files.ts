import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Failure } from '../../shared/failure'
import { builtBefore, keepBuilt } from '../db/built'
import { open, type House } from './serve'

const YEAR = 'public, max-age=31536000, immutable'

/**
 * The built client. The document is never cached, because WeCom's web views hold on to it hard (quality C4); what it names
 * has a hash in its name and is cached for ever. The few fixed addresses the client has are doors like any other.
 */
export function files(house: House, folder: string): void {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  // It names every file by what is in it, so its hash is the release's; a page compares its own with that of the answers (Q54).
  house.release = createHash('sha256').update(index).digest('hex').slice(0, 12)
  const document = index.replace('<html ', `<html data-release="${house.release}" `)
  for (const path of ['/', '/sidebar', '/workbench'])
    open(house, 'GET', path, 'anyone', (c) => {
      c.header('cache-control', 'no-cache')
      return c.html(document)
    })
  const built = filesIn(folder)
  // These are the last: whatever is neither a door nor one of them is nothing.
  house.app.use('/*', async (c, next) => {
    if (!built.has(c.req.path)) {
      const before = c.req.method === 'POST' ? null : await ofBefore(house, c.req.path)
      return before ? c.body(before.body, 200, { 'cache-control': YEAR, 'content-type': before.type }) : c.notFound()
    }
    if (c.req.method === 'POST') throw new Failure('method_not_allowed', { allow: 'GET, HEAD' })
    return next()
  })
  house.app.use(
    '/*',
    serveStatic({
      // The library wants a path relative to where the process was started.
      root: relative(process.cwd(), folder) || '.',
      index: 'none',
      precompressed: true,
      onFound: (path, c) => c.header('cache-control', path.includes('/assets/') ? YEAR : 'public, max-age=300'),
    }),
  )
}

/** A part of another release, which a page that is still open asks for. Its name says what is in it. */
async function ofBefore({ deps: { db, now } }: House, path: string) {
  const [, ending = ''] = /^\/assets\/[\w.-]{1,120}\.(js|css)$/.exec(path) ?? []
  const found = ending && (await builtBefore(db, path, now()))
  if (!found) return null
  const type = ending === 'js' ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8'
  return { body: new Uint8Array(found.body), type }
}

/** At the start: what this release brings is kept for the pages that the next one finds open (Q54). */
export const keepFiles = ({ deps: { db, now } }: House, folder: string): Promise<void> =>
  keepBuilt(
    db,
    now(),
    [...filesIn(folder)]
      .filter((path) => /^\/assets\/.*\.(js|css)$/.test(path))
      .map((path) => ({ path, body: readFileSync(join(folder, path)) })),
  )

/** What the build made, by address: nothing else is ever looked for on the disk, whatever an address says (Q43). */
const filesIn = (folder: string): Set<string> =>
  new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/^\.|\.map$|^index\.html$/.test(entry.name))
      .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  )
