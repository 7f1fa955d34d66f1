import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { claim, endLeftover, me, ownerOf, release } from './claim'
import { DATA, findPlace, makeSocketFolder, own, type Place } from './place'
import { APP_ROLE } from './roles'
import { environment, keepRunning, reason } from './run-postgres'

interface Connection {
  host: string
  port: number
  user: string
  database: string
}

export interface Embedded {
  /** For pg.Pool. There is no TCP port and no password: the socket lies in a folder only this user can enter. */
  config: Connection
  /** The same for the server's work: as a role that owns nothing (roles.ts), once it has been made. */
  app: Connection
  /** Of the PostgreSQL server at this moment; 0 when it belongs to another process. */
  readonly pid: number
  /** Where its data really is: `folder`, unless root asked for one that PostgreSQL's user cannot reach. */
  folder: string
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  log?: (line: string) => void
  /** PostgreSQL's own settings, such as { fsync: 'off' } for a test database nobody will miss. */
  settings?: Record<string, string>
  /** Use the server another process runs in this folder, if one does, rather than refuse. */
  join?: boolean
}

const USER = 'jiebang'
const DEFAULTS = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '128MB',
  // What goes wrong is told without the statement and its values: they hold customers' words.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/**
 * The real PostgreSQL from npm as a child process, with its data in `folder` (stack.md 5: one engine, driver and SQL for
 * production, development and tests). It ends with this process however that ends, comes back when it ends by itself, and
 * survives kill -9 of either. A second process on the same folder is refused by name. Rejects with one clear sentence.
 */
export async function startPostgres(folder: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const place = findPlace(folder)
  const found = ownerOf(place.folder)
  if (found?.alive && options.join)
    return { ...at(found.owner.socket), pid: 0, folder: place.folder, stop: () => Promise.resolve() }
  if (found?.alive)
    throw new Error(
      `The database in ${place.folder} is already running (process ${found.owner.pid}). Stop that one, or set DATA_DIR or DATABASE_URL.`,
    )
  if (found) {
    release(place.folder)
    rmSync(found.owner.socket, { recursive: true, force: true })
  }
  const socket = makeSocketFolder(place.as)
  const clear = () => {
    release(place.folder)
    rmSync(socket, { recursive: true, force: true })
  }
  try {
    claim(place.folder, me(socket))
    await endLeftover(place.data)
    if (!existsSync(place.data)) initialise(place, options)
    const server = await keepRunning(
      place,
      { ...DEFAULTS, unix_socket_directories: socket, ...options.settings },
      options.log,
    )
    return {
      ...at(socket),
      folder: place.folder,
      get pid() {
        return server.pid()
      },
      stop: () => server.stop().finally(clear),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      rmSync(socket, { recursive: true, force: true })
      throw new Error(`The database in ${place.folder} is already running (started this moment by another process).`, {
        cause: error,
      })
    }
    clear()
    throw error
  }
}

const at = (host: string) => {
  const config = { host, port: 5432, user: USER, database: 'postgres' }
  return { config, app: { ...config, user: APP_ROLE } }
}

/** Under another name first: a kill in the middle must not leave half a database that looks like one. */
function initialise(place: Place, { settings }: EmbeddedOptions): void {
  const half = own(mkdtempSync(`${place.data}.new-`), place.as)
  const locale = ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const careless = settings?.['fsync'] === 'off' ? ['--no-sync'] : []
  const { status, error, stderr } = spawnSync(
    join(place.programs, 'bin/initdb'),
    ['-D', half, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--data-checksums', ...locale, ...careless],
    { ...place.as, cwd: half, env: environment(), encoding: 'utf8' },
  )
  if (status !== 0)
    throw new Error(`A database could not be made in ${place.folder}: ${error?.message ?? reason(stderr)}`)
  renameSync(half, place.data)
  for (const name of readdirSync(place.folder).filter((n) => n.startsWith(`${DATA}.new-`)))
    try {
      rmSync(join(place.folder, name), { recursive: true, force: true })
    } catch {
      // The initdb of the killed run may still be writing there, and clears up after itself.
      continue
    }
}
