import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { tmpdir } from 'node:os'
import { findPrograms, type As } from './programs'

/** Where an embedded database lives and who runs it. */
export interface Place {
  /** Ours: the claim, copies. */
  folder: string
  /** PostgreSQL's own folder inside. */
  data: string
  programs: string
  as: As
}

/** By number, because a bare machine has no `postgres` account; 65534 is nobody on every Linux. */
const NOBODY = 65534
const STATE = '/var/lib'
export const DATA = 'postgres'

const isRoot = (): boolean => process.getuid?.() === 0

export function findPlace(wanted: string): Place {
  const folder = resolve(wanted)
  try {
    mkdirSync(folder, { recursive: true, mode: isRoot() ? 0o711 : 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch {
    throw new Error(
      `The database folder ${folder} cannot be written by this user. Set DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
    )
  }
  return isRoot() ? placeOfRoot(folder) : placeOfUser(folder)
}

function placeOfUser(folder: string): Place {
  const data = join(folder, DATA)
  const owner = ownerOfFolder(data)
  if (owner && owner.uid !== process.getuid?.())
    throw new Error(
      `The database in ${folder} belongs to another user (uid ${owner.uid}): it was made by root or by them. Set DATA_DIR to another folder, or start as that user.`,
    )
  return { folder, data, programs: findPrograms({}, folder), as: {} }
}

/** PostgreSQL refuses root: it runs as whoever owns the data, as nobody where there is none yet. */
function placeOfRoot(wanted: string): Place {
  const owner = ownerOfFolder(join(wanted, DATA))
  const as = owner && owner.uid !== 0 ? owner : { uid: NOBODY, gid: NOBODY }
  let folder = wanted
  // A private folder of root's own: passing through it is allowed, looking into it is not.
  if (!mayEnter(wanted, as) && statSync(wanted).uid === 0) chmodSync(wanted, statSync(wanted).mode | 0o011)
  if (!mayEnter(wanted, as)) {
    if (owner)
      throw new Error(
        `The user of the database (uid ${as.uid}) can no longer enter ${wanted}; let it, or set DATA_DIR.`,
      )
    // /root and the like: that uid cannot enter, and opening such a folder is not ours to do.
    folder = join(STATE, `jiebang-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`)
    mkdirSync(folder, { recursive: true, mode: 0o711 })
  }
  return { folder, data: join(folder, DATA), programs: findPrograms(as, join(STATE, 'jiebang')), as }
}

/** A private folder for the socket. Its path may have about 100 characters, so it is not made inside `folder`. */
export function makeSocketFolder(as: As): string {
  for (const parent of ['/tmp', tmpdir()])
    if (existsSync(parent) && mayEnter(parent, as)) return own(mkdtempSync(join(parent, 'jiebang-')), as)
  throw new Error('PostgreSQL needs a folder /tmp it can enter. Make one, or set DATABASE_URL.')
}

export function own(folder: string, { uid, gid }: As): string {
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  return folder
}

/** Asked of the system as that user, because the answer hangs on every folder above. */
function mayEnter(folder: string, as: As): boolean {
  const { status, error } = spawnSync('/bin/sh', ['-c', 'cd -- "$0"', folder], { ...as, cwd: '/', stdio: 'ignore' })
  if (error && 'code' in error && error.code === 'EPERM')
    throw new Error(
      'PostgreSQL does not run as root, and this root may not lend it another user. Set DATABASE_URL, or start as a user.',
    )
  return status === 0
}

function ownerOfFolder(path: string): { uid: number; gid: number } | null {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : null
}
