import * as z from 'zod/mini'
import { OK } from '../../shared/endpoint'
import { getMirror, mirrorSteps, runMirror } from '../../shared/mirror'
import { isAlive, progress } from '../db/freshness'
import { serve, type House } from '../lib/serve'
import { countAll, lastRun, openRuns } from './rows'

/** How fresh our copy is, and asking for a new one. Numbers only: nobody is looked at. */
export function mirror(house: House): void {
  serve(house, getMirror, async ({ deps }) => {
    const run = await lastRun(deps.db)
    return { last: run ? shown(run) : null, ...(await countAll(deps.db)) }
  })

  serve(house, runMirror, async ({ deps }) => {
    const open = await openRuns(deps.db)
    if (!open.some((run) => isAlive(run, deps.now()))) deps.wake('mirror')
    return OK
  })
}

const step = z.enum(mirrorSteps)

function shown(run: NonNullable<Awaited<ReturnType<typeof lastRun>>>) {
  const read = z.safeParse(progress, run.read)
  const nothing = { departments: 0, members: 0, tags: 0, relations: 0, groups: 0 }
  return {
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    step: z.parse(step, run.step),
    read: read.success ? read.data : nothing,
    changes: run.changes,
    errcode: run.errcode,
  }
}
