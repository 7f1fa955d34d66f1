import { readFileSync } from 'node:fs'
import { startPostgres } from '../db/embedded'
import { openDb, openPool, type Db } from '../db/open'
import { APP_ROLE, rightsOf } from '../db/roles'
import { headText, isSigned, type Head } from '../lib/head'
import { certificatesOf, NoStamp, readStamp, sha256 } from '../lib/tsp'
import * as rows from './rows'
import { verifyIn, type Verdict } from './verify'

// `npm run audit:verify -- [--head FILE]…`: proves the log of the database in DATABASE_URL, or of the embedded one (running or
// not), against itself and against heads that were kept outside. Exits 0 whole, 1 broken, 2 not read.
const say = (line: string) => process.stdout.write(`${line}\n`)

async function connect() {
  const url = process.env['DATABASE_URL']
  if (url) return { config: { connectionString: url }, role: undefined, stop: () => Promise.resolve() }
  const { config, stop } = await startPostgres(process.env['DATA_DIR'] ?? '.data', { join: true })
  return { config, role: APP_ROLE, stop }
}

/** Files of a head, or of a list of them, as the page gives them. One that is not signed by the key it names is none. */
async function readHeads(args: readonly string[]): Promise<Head[]> {
  const found: Head[] = []
  for (const [i, arg] of args.entries()) {
    if (arg !== '--head') continue
    const file = args[i + 1] ?? ''
    const read = JSON.parse(readFileSync(file, 'utf8')) as
      (Head & { publicKey: string }) | (Head & { publicKey: string })[]
    const heads = Array.isArray(read) ? read : [read]
    for (const head of heads)
      if (!(await isSigned(headText(head), head.signature, head.key, head.publicKey)))
        throw new Error(`${file} is not a signed head`)
    found.push(...heads)
  }
  return found
}

const whys: Record<Extract<Verdict, { whole: false }>['broken']['why'], string> = {
  missing: 'it is missing',
  order: 'it is out of order',
  prev_hash: 'it does not follow from the entry before',
  hash: 'it was changed',
  truncated: 'from here on the log was cut off',
  extended: 'something was added after it without a hash, or the head of the chain was changed',
  head: 'the log up to here is not what was signed',
  exported: 'the log up to here is not what was exported',
  signature: 'the head over it is signed by none of the keys',
  columns: 'its text is whole, but the database lists something else for it',
  aged: 'it lost what it said before its time was over',
}

function tell(verdict: Verdict, outside: readonly Head[]): number {
  if (!verdict.whole) {
    const { seq, why, from } = verdict.broken
    say(
      `The audit log is BROKEN at entry ${seq} (${why}): ${whys[why]}${from ? `; look between ${from} and ${seq}` : ''}.`,
    )
    say(`The ${verdict.entries} entries before it fit each other.`)
    return 1
  }
  say(`The audit log is whole: ${verdict.entries} entries, ${verdict.heads} signed heads. Head ${verdict.head}`)
  if (outside.length)
    say(`It is what was exported: ${outside.map((h) => `${h.size} entries of ${h.time}`).join(', ')}.`)
  else
    say(
      'No exported head was given (--head FILE): a log rewritten whole, heads and keys included, would look the same.',
    )
  return 0
}

async function tellKeysAndStamps(db: Db, role: string | undefined): Promise<number> {
  for (const key of await rows.keys(db)) say(`Key ${key.id} since ${key.since.toISOString()}`)
  const [heads, stamps] = [await rows.heads(db), await rows.stamps(db)]
  const roots = process.env['TSA_CA'] ? certificatesOf(process.env['TSA_CA']) : []
  let wrong = 0
  for (const stamp of roots.length ? stamps : []) {
    const head = heads.find((h) => h.size === stamp.size)
    const hash = sha256(head ? headText({ ...head, time: head.at.toISOString() }) : '')
    try {
      readStamp(Buffer.from(stamp.response, 'base64'), { hash }, roots)
    } catch (error) {
      wrong++
      say(`The time stamp of head ${stamp.size} is WRONG (${error instanceof NoStamp ? error.why : 'unreadable'}).`)
    }
  }
  const checked = roots.length ? 'checked with TSA_CA' : 'not checked here, because TSA_CA is not set'
  say(
    stamps.length
      ? `${stamps.length} of ${heads.length} heads have a time stamp, ${checked}.`
      : '无外部时间戳: no head has an external time stamp.',
  )
  const rights = await rightsOf(db, role)
  say(
    rights.appendOnly
      ? `The server's role ${rights.role} can read and add to the log, not change it.`
      : `The role ${rights.role} could change the log. See docs/deploy.md, "Two roles".`,
  )
  return wrong
}

async function main(): Promise<number> {
  const outside = await readHeads(process.argv)
  const database = await connect()
  const db = openDb(openPool(database.config, () => undefined))
  try {
    const code = tell(await verifyIn(db, outside), outside)
    const wrong = await tellKeysAndStamps(db, database.role)
    return code || (wrong ? 1 : 0)
  } finally {
    await db.destroy()
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
