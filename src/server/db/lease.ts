import { sql } from 'kysely'
import type { Db } from './open'

/** How often a job runs without being asked: every so many seconds, or every night at this time in Shanghai. */
export type Every = number | `${number}:${number}`

/** A holder that is not heard of for so long has lost its run. */
export const LEASE_MS = 15_000

/**
 * The lease has run out, or the database session it was taken in is gone: a killed process is noticed at once, one that
 * hangs or whose host is dead when its time is over.
 */
const abandoned = sql<boolean>`
  holder is not null and (held_until < now() or not exists (
    select 1 from pg_stat_activity a
     where a.pid = session_pid and coalesce(a.backend_start, session_start) = session_start))`

const ready = sql<boolean>`((holder is null and (wanted or due_at <= now())) or (${abandoned}))`

/** Ticks lie on the same grid for everybody, so that one tick of all processes is one tick. */
const nextTick = (every: Every) =>
  typeof every === 'number'
    ? sql<Date>`to_timestamp((floor(extract(epoch from now()) / ${every}) + 1) * ${every})`
    : sql<Date>`(date_trunc('day', now() at time zone 'Asia/Shanghai' - ${every}::interval) + interval '1 day'
                 + ${every}::interval) at time zone 'Asia/Shanghai'`

const until = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`

/** The session these statements run in: `db` has one connection only. */
const session = {
  sessionPid: sql<number>`pg_backend_pid()`,
  sessionStart: sql<Date>`(select backend_start from pg_stat_activity where pid = pg_backend_pid())`,
}

export const enlistJobs = (db: Db, jobs: readonly { name: string; every: Every }[]) =>
  db
    .insertInto('job')
    .values(
      jobs.map(({ name, every }) => ({ name, dueAt: typeof every === 'number' ? sql<Date>`now()` : nextTick(every) })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()

/** Also while it runs: then it runs once more. */
export const wantJob = (db: Db, name: string) =>
  db
    .insertInto('job')
    .values({ name, wanted: true })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ wanted: true }).where('job.wanted', '=', false))
    .execute()

export const readyJobs = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('job').select('name').where(ready).execute()).map((row) => row.name)

/** False: somebody else was quicker. One statement, so a tick is given out once. */
export async function takeJob(db: Db, name: string, run: string, every: Every, leaseMs = LEASE_MS): Promise<boolean> {
  const taken = await db
    .updateTable('job')
    .set({ holder: run, heldUntil: until(leaseMs), ...session, wanted: false })
    .set({ dueAt: sql<Date>`case when due_at <= now() then ${nextTick(every)} else due_at end` })
    .where('name', '=', name)
    .where(ready)
    .returning('name')
    .execute()
  return taken.length > 0
}

/** Answers which of these runs still hold their job. */
export const renewJobs = async (db: Db, runs: readonly string[], leaseMs = LEASE_MS): Promise<string[]> =>
  (
    await db
      .updateTable('job')
      .set({ heldUntil: until(leaseMs), ...session })
      .where('holder', 'in', runs)
      .returning('holder')
      .execute()
  ).map((row) => row.holder ?? '')

const free = { holder: null, heldUntil: null, sessionPid: null, sessionStart: null }

export type Outcome = 'done' | 'failed' | 'stopped'

/** A failed run comes again after 5, 10, 20 … 600 seconds unless a tick comes earlier; one that was stopped, at once. */
export const giveBackJob = (db: Db, run: string, outcome: Outcome) =>
  db
    .updateTable('job')
    .set(free)
    .$if(outcome === 'done', (q) => q.set({ failures: 0 }))
    .$if(outcome === 'stopped', (q) => q.set({ wanted: true }))
    .$if(outcome === 'failed', (q) =>
      q.set({
        failures: sql<number>`failures + 1`,
        dueAt: sql<Date>`least(due_at, now() + least(5 * 2 ^ least(failures, 10), 600) * interval '1 second')`,
      }),
    )
    .where('holder', '=', run)
    .execute()
