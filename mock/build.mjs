// Builds what is older than its sources: the product's two halves, the simulated WeCom's server, its window.
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const self = fileURLToPath(import.meta.url)
const everywhere = ['package-lock.json', 'vite.config.ts']
const parts = {
  client: ['src/client', 'src/shared', 'public', 'index.html'],
  ssr: ['src/server', 'src/shared'],
  mock: ['mock'],
  window: ['mock/window', 'mock/wecom', 'mock/people', 'mock/people.ts', 'public'],
}

/** Newest change in a file or anywhere below a folder; a folder itself counts, so that a deletion is seen, too. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  const below = found.isDirectory() ? readdirSync(path).map((name) => newest(join(path, name))) : []
  return Math.max(found.mtimeMs, ...below)
}

const stamp = (part) => join(root, 'dist', `.built-${part}`)

function isStale(part) {
  const built = statSync(stamp(part), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return [...parts[part], ...everywhere].some((path) => newest(join(root, path)) > built)
}

/**
 * In a process of its own, because Vite and Vue look at NODE_ENV: under a test runner they would build for development.
 * @returns {Promise<void>}
 */
export async function buildStale() {
  if (!Object.keys(parts).some(isStale)) return
  const env = { ...process.env, NODE_ENV: 'production', VITEST: '' }
  const child = spawn(process.execPath, [self], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise((ended, fail) => child.on('error', fail).on('close', ended))
  if (code !== 0) throw new Error('see above')
}

async function main() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const unlock = await lock(join(root, 'dist/.building'))
  try {
    // Asked under the lock: whoever held it may just have built it.
    const stale = Object.keys(parts).filter(isStale)
    const began = new Date()
    for (const part of stale) await build(part)
    for (const part of stale) {
      writeFileSync(stamp(part), '')
      // What was saved while the build ran is newer than the build.
      utimesSync(stamp(part), began, began)
    }
  } finally {
    unlock()
  }
}

async function build(part) {
  const vite = await import('vite')
  // The window's configuration names a root of its own; one given here would win over it.
  if (part === 'window') return vite.build({ logLevel: 'warn', configFile: join(root, 'mock/window/vite.config.ts') })
  const builder = await vite.createBuilder({ root, logLevel: 'warn', configFile: join(root, 'vite.config.ts') })
  return builder.build(builder.environments[part])
}

/** Two runs in one folder would empty each other's dist. The lock is a folder, because making one is one step. */
async function lock(folder) {
  for (;;) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isDead(folder)) rmSync(folder, { recursive: true, force: true })
    else await new Promise((done) => setTimeout(done, 200))
  }
}

function isDead(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'EPERM') return false
    // Made this moment, its number not yet written.
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs
    return error.code === 'ESRCH' || (made !== undefined && Date.now() - made > 5000)
  }
}

if (process.argv[1] === self) {
  await main().catch((error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  })
}
