// `npm run pictures` takes a picture of every screen in every state, light and dark, Chinese and English, into dist/pictures, with
// a page to look through them (index.html); of the customer's pages too, and the README's. Minutes. A word after it takes only
// the screens whose name has it: `npm run pictures -- /rights`; `-- customer` or `-- readme` only those.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'
import { buildStale } from '../../mock/build.mjs'

const FOLDER = resolve('dist/pictures')
const wished = process.argv.slice(2)
const only = (name) => !wished.length || wished.includes(name)

function test(file, env, ...more) {
  const run = ['vitest', 'run', '--project', ...file, ...more]
  const { status } = spawnSync('npx', run, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status) process.exitCode = 1
}

await buildStale()
mkdirSync(`${FOLDER}/customer`, { recursive: true })
const { module } = await runnerImport(resolve('tests/pictures/take.ts'), { configFile: false, logLevel: 'error' })
const screens = wished.filter((word) => word !== 'customer' && word !== 'readme')
if (!wished.length || screens.length) await module.takePictures(FOLDER, screens)
// The tests that live through these take them, where each page is found in each of its states.
if (only('customer'))
  test(
    ['node', 'tests/server/letter-browser.test.ts'],
    { RUNS: '9', PICTURES: `${FOLDER}/customer` },
    '-t',
    'every page',
  )
if (only('readme')) test(['e2e', 'tests/e2e/story.test.ts'], { PICTURES: '1' })
module.writeSheet(FOLDER)
process.stdout.write(`${FOLDER}/index.html\n`)
process.exit()
