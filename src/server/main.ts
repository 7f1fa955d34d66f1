import { fileURLToPath } from 'node:url'
import { start } from './start'

// The only file that knows the process: its environment, its signals, how it ends.
const client = fileURLToPath(new URL('../client', import.meta.url))

start(process.env, { client }).then(
  (running) => {
    const { ROLE: role, PUBLIC_URL: publicUrl } = running.config
    running.deps.log.info({ address: running.address, role, publicUrl }, 'listening')
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        // What has not ended by then is found and finished by the next process, as after a crash.
        setTimeout(() => process.exit(1), 9500).unref()
        void running.stop().then(() => process.exit(0))
      })
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
