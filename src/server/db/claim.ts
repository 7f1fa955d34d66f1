import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which process runs the database in a folder, and where its socket is. Stands in the folder's file `owner`. */
export interface Owner {
  pid: number
  /** When that process was born, so that a later process with the same number is not taken for it. */
  born: string
  socket: string
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

export const me = (socket: string): Owner => ({ pid: process.pid, born: stat(process.pid)?.born ?? '', socket })

/** The living owner of a folder, or what a dead one left behind, or nobody. */
export function ownerOf(folder: string): { owner: Owner; alive: boolean } | null {
  try {
    const owner = JSON.parse(readFileSync(join(folder, 'owner'), 'utf8')) as Owner
    return { owner, alive: lives(owner) }
  } catch {
    return null
  }
}

/** Only one of two processes that start at the same moment gets through; the other's write throws EEXIST. */
export function claim(folder: string, owner: Owner): void {
  writeFileSync(join(folder, 'owner'), JSON.stringify(owner), { flag: 'wx', mode: 0o600 })
}

export function release(folder: string): void {
  rmSync(join(folder, 'owner'), { force: true })
}

/**
 * Ends what a killed run left in a data folder, and returns when nothing works there any more. PostgreSQL's own lock file
 * cannot be trusted for this: after kill -9 its pid may stay as a zombie for ever, or be reused (stack.md 5).
 */
export async function endLeftover(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid')
  let first = 0
  try {
    first = Number(readFileSync(lock, 'utf8').split('\n')[0])
  } catch {
    return
  }
  const busy = () => (process.platform === 'linux' ? postgresIn(data) : signal(first, 0) ? [first] : [])
  for (let turn = 0; busy().length > 0; turn++) {
    if (turn === 0 && busy().includes(first)) signal(first, 'SIGINT')
    if (turn === 200) signal(first, 'SIGQUIT')
    if (turn === 300)
      throw new Error(`A PostgreSQL left from an earlier run (process ${first}) does not end. End it first.`)
    await sleep(50)
  }
  rmSync(lock, { force: true })
}

function lives({ pid, born }: Owner): boolean {
  if (process.platform !== 'linux') return signal(pid, 0)
  const found = stat(pid)
  return found !== null && found.born === born && found.state !== 'Z' && found.state !== 'X'
}

function stat(pid: number): { state: string; born: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name, which may contain anything; proc(5) counts state as 3 and starttime as 22.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', born: fields[19] ?? '' }
  } catch {
    return null
  }
}

function postgresIn(data: string): number[] {
  const real = realpathSync(data)
  return readdirSync('/proc')
    .filter((name) => {
      try {
        if (!/^\d+$/.test(name) || readlinkSync(`/proc/${name}/cwd`) !== real) return false
        return readFileSync(`/proc/${name}/comm`, 'utf8').trim() === 'postgres'
      } catch {
        return false
      }
    })
    .map(Number)
}

function signal(pid: number, which: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, which)
  } catch {
    return false
  }
}
