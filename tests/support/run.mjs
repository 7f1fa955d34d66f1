// `npm test`: runs vitest and ends with the line `N passed, N failed`, whatever became of vitest.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const folder = mkdtempSync(join(tmpdir(), 'jiebang-tally-'))
const file = join(folder, 'tally.json')
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TALLY: file },
})
// Ctrl-C reaches vitest by itself; we stay to count.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && child.kill(signal))

child.on('close', (code) => {
  const { passed, failed } = count()
  rmSync(folder, { recursive: true, force: true })
  const bad = code !== 0 || failed > 0
  process.stdout.write(`${passed} passed, ${bad ? Math.max(failed, 1) : 0} failed\n`, () => process.exit(bad ? 1 : 0))
})

function count() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1 }
  }
}
