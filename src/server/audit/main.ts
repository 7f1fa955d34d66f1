import { openPool } from '../db/open'
import { startPostgres } from '../db/embedded'
import { verifyAudit } from './verify'

// `npm run audit:verify`: proves the chain of the database in DATABASE_URL, or of the embedded one (running or not).
const say = (line: string) => process.stdout.write(`${line}\n`)

async function connect() {
  const url = process.env['DATABASE_URL']
  if (url) return { config: { connectionString: url }, stop: () => Promise.resolve() }
  return startPostgres(process.env['DATA_DIR'] ?? '.data', { join: true })
}

async function main(): Promise<number> {
  const database = await connect()
  const pool = openPool(database.config, () => undefined)
  try {
    const verdict = await verifyAudit(pool)
    if (verdict.whole) {
      say(`The audit log is whole: ${verdict.entries} entries. Head ${verdict.head}`)
      return 0
    }
    say(
      `The audit log is BROKEN at entry ${verdict.broken.seq} (${verdict.broken.why}); the ${verdict.entries} entries before it fit.`,
    )
    return 1
  } finally {
    await pool.end()
    await database.stop()
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(`The audit log could not be read: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(2)
  },
)
