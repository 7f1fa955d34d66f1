import { fileURLToPath } from 'node:url'
import { migrateOnly, start } from './start'

// The only file that knows the process: its environment, its signals, how it ends.
const client = fileURLToPath(new URL('../client', import.meta.url))

const refuse = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

if (process.argv[2] === 'migrate') migrateOnly(process.env).catch(refuse)
else
  start(process.env, { client }).then((running) => {
    const { ROLE: role, PUBLIC_URL: publicUrl } = running.config
    running.deps.log.info({ address: running.address, role, publicUrl }, 'listening')
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        // What has not ended by then is found and finished by the next process, as after a crash.
        setTimeout(() => process.exit(1), 9500).unref()
        void running.stop().then(() => process.exit(0))
      })
  }, refuse)
