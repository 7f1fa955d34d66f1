import { sql } from 'kysely'
import { act } from '../db/act'
import { isAlive, type Progress } from '../db/freshness'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { WeComError } from '../wecom/client'
import { closeRun, insertRun, openRuns, saveProgress, type Step } from './rows'

export interface Run {
  read: Progress
  changes: number
  step(name: Step): Promise<void>
  /** Writes down how far it is; throws when another run has taken over. */
  beat(): Promise<void>
}

class TakenOver extends Error {}

/**
 * Lets one run work at a time: the open row of `mirror_run` is the lock, and a dead run's row is closed by the next.
 * Answers false when another run is at work.
 */
export async function withRun(deps: Deps, work: (run: Run) => Promise<void>): Promise<boolean> {
  const id = await claim(deps)
  if (!id) return false
  let step: Step = 'departments'
  const run: Run = {
    read: { departments: 0, members: 0, tags: 0, relations: 0, groups: 0, beat: '' },
    changes: 0,
    step: (name) => {
      step = name
      return run.beat()
    },
    async beat() {
      run.read.beat = deps.now().toISOString()
      if (!(await saveProgress(deps.db, id, step, run.read, run.changes))) throw new TakenOver('another run took over')
    },
  }
  try {
    await work(run)
    step = 'done'
    await close(deps, id, run, step, null)
    return true
  } catch (error) {
    if (error instanceof TakenOver) return false
    await close(deps, id, run, step, error instanceof WeComError ? error.errcode : null)
    throw error
  }
}

function claim({ db, now, id }: Deps): Promise<string | null> {
  return db.transaction().execute(async (tx) => {
    await sql`lock table mirror_run in share row exclusive mode`.execute(tx)
    const open = await openRuns(tx)
    if (open.some((run) => isAlive(run, now()))) return null
    for (const dead of open) await closeRun(tx, dead.id, { at: now(), errcode: null })
    const fresh = id()
    await insertRun(tx, fresh, now())
    return fresh
  })
}

const close = ({ db, now }: { db: Db; now(): Date }, id: string, run: Run, step: Step, errcode: number | null) =>
  act(db, now(), 'system', async (tx, audit) => {
    if (!(await saveProgress(tx, id, step, run.read, run.changes))) return
    await closeRun(tx, id, { at: now(), errcode })
    const { beat: _beat, ...read } = run.read
    audit('mirror.ran', id, { step, changes: run.changes, errcode, read })
  })
