// `npm run check`: every `check:…` script of package.json, two at a time, all of them even when one fails.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'))
const failed = []

function run(name) {
  const began = performance.now()
  const child = spawn(scripts[name], {
    shell: true,
    env: {
      ...process.env,
      PATH: `node_modules/.bin:${process.env.PATH}`,
      FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
      // Types are many small objects: a young generation of room takes a sixth off lint and vue-tsc.
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --max-semi-space-size=128`,
    },
  })
  const said = []
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => said.push(chunk))
  return new Promise((done) =>
    child.on('close', (code) => {
      if (code !== 0) failed.push(name)
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      process.stdout.write(
        `${code === 0 ? 'ok    ' : 'FAILED'} ${name} ${seconds} s\n${code === 0 ? '' : Buffer.concat(said)}`,
      )
      done()
    }),
  )
}

async function lane() {
  for (let name = waiting.shift(); name; name = waiting.shift()) await run(name)
}
await Promise.all([lane(), lane()])
process.exitCode = failed.length ? 1 : 0
