// A server process of the built product whose clock is the simulator's: real time plus an offset, given at the start and
// told anew over IPC. Otherwise it is what main.ts is. Ends when whoever started it is gone.
import { fileURLToPath } from 'node:url'

// The build is made by whoever starts this; by an address, because in a fresh clone the file is not there yet.
const { start } = await import(new URL('../../dist/server/start.js', import.meta.url).href)
let offset = Number(process.argv[2] ?? 0)
process.on('message', (message) => {
  offset = message.offset
})
process.on('disconnect', () => process.exit(1))

const client = fileURLToPath(new URL('../../dist/client', import.meta.url))
start(process.env, { client, clock: () => new Date().getTime() + offset }).then(
  (running) => {
    process.on('SIGTERM', () => void running.stop().then(() => process.exit(0)))
    process.send('ready')
  },
  (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  },
)
