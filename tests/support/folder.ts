import { accessSync, constants, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const ROOM = 2 ** 30

/**
 * Where what a run makes and throws away again lies: in memory, where the system has it and a GiB is free. Making and
 * dropping a database of some hundred files for every test took a disk a third of the whole run.
 */
export const shortLived: string = inMemory() ? MEMORY : tmpdir()

export const shortLivedFolder = (prefix: string): string => mkdtempSync(join(shortLived, prefix))

function inMemory(): boolean {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize >= ROOM
  } catch {
    return false
  }
}
