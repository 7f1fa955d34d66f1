import * as z from 'zod/mini'
import type { Db } from './open'

/** What a mirror run writes down of itself as it goes. `beat`: when it last said that it lives (ISO). */
export const progress = z.object({
  departments: z.number(),
  members: z.number(),
  tags: z.number(),
  relations: z.number(),
  groups: z.number(),
  beat: z.string(),
})
export type Progress = z.output<typeof progress>

/** A run that has said nothing for so long is not shown as running: longer than a minute's block of WeCom. */
const STALE_MS = 90_000

/** Whether a row without an end belongs to a run that lives, as far as can be seen from outside. */
export function isAlive(run: { startedAt: Date; read: unknown }, now: Date): boolean {
  const parsed = z.safeParse(progress, run.read)
  const beat = parsed.success && parsed.data.beat ? Date.parse(parsed.data.beat) : run.startedAt.getTime()
  return now.getTime() - beat < STALE_MS
}

/** How old our copy of WeCom is: the end of the last whole run, and whether one is at work. */
export async function mirrorFreshness(db: Db, now: Date): Promise<{ at: string | null; running: boolean }> {
  const open = await db.selectFrom('mirrorRun').selectAll().where('endedAt', 'is', null).execute()
  const whole = await db
    .selectFrom('mirrorRun')
    .select('endedAt')
    .where('step', '=', 'done')
    .where('endedAt', 'is not', null)
    .orderBy('endedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { at: whole?.endedAt?.toISOString() ?? null, running: open.some((run) => isAlive(run, now)) }
}
