import { chance, named, phases, type Phase, type Point } from './points'
import type { Found } from './checks'
import type { Kills } from './story'

/** How many of these are brought about in one life of a corp. */
const EACH: Record<Phase, number> = { leave: 4, plan: 5, send: 11, take: 8, tell: 6 }

export interface Plan {
  /** Begins another life; answers what is killed in it. */
  life(strike: Kills['strike']): Kills
  readonly runs: number
  readonly done: boolean
  report(found: Found[]): {
    summary: string
    slowest: number
    reached: Set<string>
    losses: string[]
    duplicates: string[]
  }
}

/** Named points once each, then in turn with random instants, until there were so many kills. */
export function planRuns(wanted: number, seed: number, only: (point: Point) => boolean = () => true): Plan {
  const random = chance(seed)
  const points = named.filter(only)
  let waiting = [...points]
  const resumed: { after: number; point: Point }[] = []
  const reached = new Set<string>()
  let runs = 0
  const instant = (phase: Phase): Point => ({ name: 'random', phase, ms: random() * 900 })

  function life(strike: Kills['strike']): Kills {
    const left = { ...EACH }
    const tried = new Set<Point>()
    return {
      strike,
      next(phase) {
        if (runs >= wanted || left[phase] <= 0) return null
        left[phase]--
        const mine = waiting.filter((p) => p.phase === phase && !tried.has(p))
        const point = mine.length && random() < 0.75 ? mine[Math.floor(random() * mine.length)] : undefined
        if (point) tried.add(point)
        waiting = waiting.filter((p) => p !== point)
        return point ?? instant(phase)
      },
      putBack: (point) => void (point.name !== 'random' && waiting.push(point)),
      killed(point, after) {
        runs++
        if (point.name !== 'random') reached.add(point.name)
        if (after !== null) resumed.push({ after, point })
        if (!phases.some((phase) => waiting.some((p) => p.phase === phase))) waiting = [...points]
      },
    }
  }

  return {
    life,
    get runs() {
      return runs
    },
    get done() {
      return runs >= wanted
    },
    report(found) {
      const losses = found.flatMap((f) => f.losses)
      const duplicates = found.flatMap((f) => f.duplicates)
      const times = [...resumed].sort((a, b) => a.after - b.after)
      const at = (part: number) => ((times[Math.floor((times.length - 1) * part)]?.after ?? 0) / 1000).toFixed(2)
      const last = times.at(-1)
      const summary =
        `seed ${seed}, ${runs} kills in ${found.length} corps, ${reached.size} named points of ${points.length}; ` +
        `losses ${losses.length}, duplicates ${duplicates.length}; ` +
        `work resumed after ${at(0)} / ${at(0.5)} / ${at(1)} s (min / median / max of ${times.length}, the last ${last?.point.phase}, ${last?.point.name})`
      return { summary, slowest: (last?.after ?? 0) / 1000, reached, losses, duplicates }
    },
  }
}
