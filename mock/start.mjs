// `npm start`: builds what is stale, then starts everything. Node's own modules only, until the rest is known to be there.
import { existsSync } from 'node:fs'

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
await import(new URL('../dist/mock/main.js', import.meta.url).href)
