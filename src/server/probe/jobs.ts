import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { canonical, type Json } from '../../shared/canonical'
import type { Knock } from '../../shared/probe'
import { act } from '../db/act'
import type { Db } from '../db/open'
import { placeOfProbe } from '../db/probe'
import { leftOver } from '../db/revoke'
import type { Deps, Job } from '../deps'
import { secretToken } from '../lib/id'
import type { House } from '../lib/serve'
import { AnswerLost } from '../wecom/client'
import { sealer } from '../lib/seal'
import { knockAt } from './knock'
import { beginProbe, forgetSealed, lastLaid, openProbes, saveProbe, type OpenProbe } from './rows'

/** More than there will ever be doors. */
const KNOCKS = 100_000

const wideOpen = { LIMIT_STRANGER: KNOCKS, LIMIT_MEMBER: KNOCKS, LIMIT_LISTS: KNOCKS, LIMIT_GUESSES: KNOCKS }

/** How the app is made, and what the login calls its cookie and how long a session lives: the probe is no part of either. */
export interface Building {
  build(deps: Deps): House
  cookieName(publicUrl: string): string
  sessionMs(config: Deps['config']): number
}

/** Calls every door with what each leaver still holds, and writes down what answered. One that fails does not hold up others. */
export const probeJob =
  (building: Building): Job =>
  async (deps) => {
    const failed: unknown[] = []
    for (const probe of await openProbes(deps.db)) {
      await beginProbe(deps.db, probe.id, deps.now())
      await runProbe(deps, building, probe).catch((error: unknown) => failed.push(error))
    }
    await forgetSealed(deps.db, new Date(deps.now().getTime() - building.sessionMs(deps.config)))
    if (failed.length) throw failed[0]
  }

async function runProbe(deps: Deps, building: Building, probe: OpenProbe): Promise<void> {
  const laid = await laidIn(deps, building.sessionMs(deps.config), probe)
  const knocks = await knockEverywhere(deps, building, [
    ...(laid ? [{ credential: 'laid' as const, token: laid.token }] : []),
    { credential: 'made_up', token: secretToken() },
  ])
  const red = knocks.filter((k) => !k.shut).length
  const rest = await leftOver(deps.db, probe.memberId)
  const report: Json = { knocks, leftOver: rest, opened: laid?.opened ?? false }
  const digest = createHash('sha256').update(canonical(report)).digest('hex')
  const doors = new Set(knocks.map((k) => k.door)).size
  const now = deps.now()
  await act(deps.db, now, 'system', async (tx, audit) => {
    const found = { endedAt: now, opened: laid?.opened ?? false, doors, red, leftOver: rest, report, digest }
    if (!(await saveProbe(tx, probe.id, found))) return
    const seconds = Math.round((now.getTime() - probe.revokedAt.getTime()) / 1000)
    audit('probe.ran', probe.memberId, { probe: probe.id, digest, doors, red, leftOver: rest, seconds })
  })
  if (red || rest) deps.log.error({ probe: probe.id, red, leftOver: rest }, 'a door answered somebody who has left')
}

/** The session laid in for this run, or for the last one while a session of then could live. */
async function laidIn({ db, config, now }: Deps, sessionMs: number, probe: OpenProbe) {
  const last = probe.sealed ? probe : await lastLaid(db, probe.memberId, new Date(now().getTime() - sessionMs))
  const token = last?.sealed ? sealer(config.SECRET).unseal(last.sealed, placeOfProbe(last.id)) : null
  return last && token ? { token, opened: last.opened } : null
}

/**
 * The whole app with all its doors, also in a process that only works, on a connection that PostgreSQL itself keeps from
 * writing: an opened door is found out and has no effect. WeCom is not asked, no job is woken.
 */
async function knockEverywhere(
  deps: Deps,
  { build, cookieName }: Building,
  credentials: readonly { credential: Knock['credential']; token: string }[],
): Promise<Knock[]> {
  const { PUBLIC_URL } = deps.config
  return readOnly(deps.db, async (db) => {
    const { app, doors } = build({
      ...deps,
      db,
      // The flood gates would answer 429 in place of the door behind them: to one of the two that are compared, if time passes between.
      config: { ...deps.config, ROLE: 'web', ...wideOpen },
      log: deps.log.child({}, { level: 'silent' }),
      wecom: { ...deps.wecom, ask: (api) => Promise.reject(new AnswerLost(api.path, 'a probe asks nobody', true)) },
      wake: () => undefined,
    })
    const at = { origin: PUBLIC_URL, cookieName: cookieName(PUBLIC_URL) }
    const knocks: Knock[] = []
    for (const credential of credentials) knocks.push(...(await knockAt(app, doors, at, credential)))
    return knocks
  })
}

const readOnly = <T>(db: Db, work: (one: Db) => Promise<T>): Promise<T> =>
  db.connection().execute(async (one) => {
    await sql`set default_transaction_read_only = on`.execute(one)
    try {
      return await work(one)
    } finally {
      await sql`set default_transaction_read_only = off`.execute(one)
    }
  })
