import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import * as rows from './rows'
import { nothingYet, see, type Found, type Memory, type Thresholds } from './watch'

const BATCH = 1000
const DAY_MS = 86_400_000

/** Nothing is looked for before the rules for staff were consulted and published (compliance L58, T-74). */
export const isOn = ({ STAFF_CONSULTED_ON, STAFF_PUBLISHED_ON }: Deps['config']): boolean =>
  STAFF_CONSULTED_ON !== undefined && STAFF_PUBLISHED_ON !== undefined

const thresholdsOf = (config: Deps['config']): Thresholds => ({
  bulk: config.SIGNAL_BULK,
  sequence: config.SIGNAL_SEQUENCE,
  night: config.SIGNAL_NIGHT,
  reveals: config.REVEALS_A_DAY,
})

/**
 * Goes on reading the log where it ended, and asks compliance about what stands out. Place, memory and questions change in
 * one transaction, so that a window is asked about once whatever dies. Nobody's rights change by it.
 */
export async function signalsJob(deps: Deps): Promise<void> {
  if (!isOn(deps.config)) return passBy(deps)
  while (await readOn(deps));
  await aboutLeavers(deps)
}

/** What happened while nothing was looked for is not looked through afterwards. */
const passBy = (deps: Deps): Promise<void> =>
  deps.db.transaction().execute(async (tx) => {
    await rows.holdPlace(tx)
    await rows.setPlace(tx, await rows.headOf(tx))
  })

async function readOn(deps: Deps): Promise<boolean> {
  const now = deps.now()
  return act(deps.db, now, 'system', async (tx, audit) => {
    const place = await rows.holdPlace(tx)
    const head = await rows.headOf(tx)
    const looks = await rows.looksBetween(tx, place, head, BATCH)
    const memories = looks.length
      ? await rows.memoriesOf(tx, [...new Set(looks.map((l) => l.member))])
      : new Map<string, Memory>()
    for (const look of looks) {
      const { memory, found } = see(memories.get(look.member) ?? nothingYet, look, thresholdsOf(deps.config))
      memories.set(look.member, memory)
      for (const one of found) await ask(tx, audit, deps, look.member, one)
    }
    for (const [member, memory] of memories) await rows.remember(tx, member, memory, now)
    await rows.forget(tx, new Date(now.getTime() - 2 * DAY_MS))
    const full = looks.length === BATCH
    await rows.setPlace(tx, full ? (looks.at(-1)?.seq ?? head) : head)
    return full
  })
}

async function ask(
  tx: Tx,
  audit: Audit,
  deps: Deps,
  memberId: string,
  { kind, span, since, until, count, usual = null }: Found & { usual?: number | null },
): Promise<void> {
  const id = deps.id()
  const window = { since: new Date(since), until: new Date(until) }
  const row = { id, memberId, kind, span, ...window, facts: { count, usual }, foundAt: deps.now() }
  if (await rows.addSignal(tx, row)) audit('signal.found', id, { member: memberId, kind, count })
}

/** What only a departure makes worth asking. */
async function aboutLeavers(deps: Deps): Promise<void> {
  const { SIGNAL_DELETIONS, SIGNAL_LAST_DAYS } = deps.config
  const now = deps.now()
  const found = [
    ...(await rows.deletionsBefore(deps.db, now, SIGNAL_DELETIONS)).map((d) => ({
      ...d,
      kind: 'deletions' as const,
    })),
    ...(await rows.looksBefore(deps.db, now, SIGNAL_LAST_DAYS)).map((d) => ({ ...d, kind: 'before_leaving' as const })),
  ]
  for (const { departureId, memberId, since, until, ...facts } of found)
    await act(deps.db, now, 'system', (tx, audit) =>
      ask(tx, audit, deps, memberId, { span: departureId, since: since.getTime(), until: until.getTime(), ...facts }),
    )
}
