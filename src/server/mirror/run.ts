import { act } from '../db/act'
import type { Progress } from '../db/freshness'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { WeComError } from '../wecom/client'
import { nowhere, readPlace, readRead, type Place } from './place'
import {
  clearSeen,
  closeRun,
  emptySeen,
  insertRun,
  lastRun,
  lockRuns,
  openRuns,
  saveProgress,
  seenRows,
  type Pair,
  type Standing,
  type Step,
} from './rows'

export interface Run {
  read: Progress
  changes: number
  /** Where the present step stands. */
  readonly place: Place
  /** Whether this step was done before the run was interrupted. */
  isDone(name: Step): boolean
  step(name: Step): Promise<void>
  /** Writes down where it stands now; throws when another run has taken over. */
  beat(place?: Place): Promise<void>
  /** The same with relations that were seen, in a transaction; `settle` what it answers once that is committed. */
  see(db: Db, place: Place, pairs: readonly Pair[], changes: number): Promise<Saved>
  settle(saved: Saved): void
  /** Whether what was seen so far is still there (a crash of the database empties it). */
  remembers(): Promise<boolean>
  /** Forgets what was seen, and stands at this place. */
  turn(place: Place): Promise<void>
}

export interface Saved {
  place: Place
  /** How many of the relations were new. */
  fresh: number
  seen: number
}

class TakenOver extends Error {}

const steps: readonly Step[] = ['departments', 'members', 'tags', 'relations', 'groups', 'departures', 'done']

/** A run that stopped longer ago is not continued: cursors live some hours (facts 3.7), and so does what it read first. */
const RESUME_MS = 4 * 3_600_000

/**
 * One run of the mirror, which goes on where the last one stopped. The open row of `mirror_run` belongs to the run at work.
 * That there is one at a time is the job's affair; should there be two, the first notices at its next line and stops.
 * Answers false then.
 */
export async function withRun(deps: Deps, work: (run: Run) => Promise<void>): Promise<boolean> {
  const { id, ...standing } = await takeOver(deps)
  const began = steps.indexOf(standing.step)
  const at = { ...standing }
  const save = async (db: Db, line: Pick<Standing, 'place' | 'seen' | 'changes'>, pairs: readonly Pair[]) => {
    at.read.beat = deps.now().toISOString()
    const saved = await saveProgress(db, id, { ...at, ...line }, pairs)
    if (!saved) throw new TakenOver('another run took over')
    return { ...saved, place: line.place }
  }
  const run: Run = {
    read: at.read,
    get changes() {
      return at.changes
    },
    set changes(n) {
      at.changes = n
    },
    get place() {
      return at.place
    },
    isDone: (name) => steps.indexOf(name) < began,
    async step(name) {
      if (name === at.step) return
      at.step = name
      await run.turn(nowhere)
    },
    async beat(place = at.place) {
      run.settle(await save(deps.db, { ...at, place }, []))
    },
    see: (db, place, pairs, changes) => save(db, { place, seen: at.seen, changes: at.changes + changes }, pairs),
    settle({ place, seen, fresh }) {
      at.place = place
      at.seen = seen
      if (at.step === 'relations') at.read.relations += fresh
    },
    remembers: async () => (await seenRows(deps.db)) === at.seen,
    async turn(place) {
      await deps.db.transaction().execute(async (tx) => {
        await save(tx, { ...at, place, seen: 0 }, [])
        await emptySeen(tx)
      })
      at.place = place
      at.seen = 0
    },
  }
  try {
    await work(run)
    at.step = 'done'
    await close(deps, id, at, null)
    return true
  } catch (error) {
    if (error instanceof TakenOver) return false
    await close(deps, id, at, error instanceof WeComError ? error.errcode : null)
    throw error
  }
}

/** Closes whatever is open: whoever is here has the turn. */
function takeOver({ db, now, id }: Deps): Promise<Standing & { id: string }> {
  return db.transaction().execute(async (tx) => {
    await lockRuns(tx)
    for (const dead of await openRuns(tx)) await closeRun(tx, dead.id, { at: now(), errcode: null })
    const last = await lastRun(tx)
    const fresh: Standing & { id: string } = {
      id: id(),
      step: 'departments',
      place: nowhere,
      seen: 0,
      read: readRead(null),
      changes: 0,
    }
    const stood = last ? Date.parse(readRead(last.read).beat) || last.startedAt.getTime() : 0
    if (last && last.step !== 'done' && now().getTime() - stood < RESUME_MS) {
      const { step, place, seen, read } = last
      Object.assign(fresh, { step: step as Step, place: readPlace(place), seen, read: readRead(read) })
    } else await clearSeen(tx)
    await insertRun(tx, now(), fresh)
    return fresh
  })
}

const close = ({ db, now }: { db: Db; now(): Date }, id: string, at: Standing, errcode: number | null) =>
  act(db, now(), 'system', async (tx, audit) => {
    if (!(await saveProgress(tx, id, at, []))) return
    await closeRun(tx, id, { at: now(), errcode })
    const { beat: _beat, ...read } = at.read
    audit('mirror.ran', id, { step: at.step, changes: at.changes, errcode, read })
  })
