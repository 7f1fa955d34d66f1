import { fileURLToPath } from 'node:url'
import { start } from './start'

// The only file that knows the process: its environment, its signals, how it ends.
const client = fileURLToPath(new URL('../client', import.meta.url))

start(process.env, { client }).then(
  (running) => {
    running.deps.log.info({ address: running.address, publicUrl: running.config.PUBLIC_URL }, 'listening')
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void running.stop().then(() => process.exit(0)))
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
