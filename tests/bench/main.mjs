// `npm run bench` runs every benchmark, `npm run bench -- sidebar` one. Each prints a table for people and, as its last
// line, one JSON object whose figures are counts, bytes and ratios to a baseline measured in the same run.
import { resolve } from 'node:path'
import { runnerImport } from 'vite'
import { buildStale } from '../../mock/build.mjs'

const all = ['sidebar', 'notice', 'mirror', 'transfer', 'bulkhead', 'access', 'crypto', 'plan']
/** By name only: needs LibreOffice. */
const asked = ['office']
const wished = process.argv.slice(2)
const unknown = wished.filter((name) => ![...all, ...asked].includes(name))
if (unknown.length) {
  process.stderr.write(`No benchmark called ${unknown.join(', ')}; there are: ${[...all, ...asked].join(', ')}\n`)
  process.exit(1)
}
if (!wished.length || wished.some((name) => !['crypto', 'access', 'office', 'plan'].includes(name))) await buildStale()
for (const name of wished.length ? wished : all) {
  const { module } = await runnerImport(resolve(`tests/bench/${name}.ts`), { configFile: false, logLevel: 'error' })
  const { rows, figures } = await module.measure()
  process.stdout.write(`\n${name}\n`)
  for (const [what, value, aim] of rows)
    process.stdout.write(`  ${what.padEnd(44)} ${String(value).padStart(12)}   ${aim ?? ''}\n`)
  process.stdout.write(`${JSON.stringify({ bench: name, figures })}\n`)
}
process.exit(0)
