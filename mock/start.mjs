// `npm start`: builds what is stale, then starts everything. Node's own modules only, until the rest is known to be there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`接棒 needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org`)
}
if (!existsSync(new URL('../node_modules/vite', import.meta.url))) {
  refuse('The packages are not installed yet. Run once: npm ci')
}

try {
  const { buildStale } = await import('./build.mjs')
  await buildStale()
} catch (error) {
  refuse(`接棒 could not be built: ${error.message}`)
}
if (process.argv.includes('--audit')) {
  // `npm run audit:verify`: the log of the database in DATABASE_URL, else of the sample corp's, running or not.
  const folder = process.env.DATA_DIR || '.data'
  const demo = join(folder, 'demo.json')
  if (existsSync(demo)) process.env.DATA_DIR = join(folder, `db-${JSON.parse(readFileSync(demo, 'utf8')).began}`)
  await import(new URL('../dist/server/audit.js', import.meta.url).href)
} else await import(new URL('../dist/mock/main.js', import.meta.url).href)
