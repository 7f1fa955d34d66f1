import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Measured } from './plan-part'

const SIZES = [
  [1_000, 20],
  [1_000, 200],
  [10_000, 20],
  [10_000, 200],
  [100_000, 20],
  [100_000, 200],
] as const

/** Who takes over: the whole run with its explanations, every customer different, room for 5 % more than there are customers. */
export async function measure() {
  const found = new Map<string, Measured>()
  for (const [customers, successors] of SIZES)
    found.set(`${customers} ${successors}`, await part(customers, successors))
  const at = (customers: number, successors: number) => found.get(`${customers} ${successors}`)!
  const all = [...found.values()]
  const round = (value: number, places = 1000) => Math.round(value * places) / places
  // The process's own time: what else the machine does is not in it. On an idle machine it is what the clock says, or more.
  const growth = (successors: number) => at(100_000, successors).cpuSeconds / at(10_000, successors).cpuSeconds
  const figures = {
    scoreOverOptimum: round(Math.min(...all.flatMap((m) => [m.overBound, m.overExact ?? 1])), 1e6),
    scoreOverGreedy: round(Math.min(...all.map((m) => m.overGreedy)), 1e5),
    timeGrowth: round(growth(200), 100),
    timeGrowth20: round(growth(20), 100),
    seconds100k: round(at(100_000, 200).cpuSeconds, 100),
    clock100k: round(at(100_000, 200).seconds, 100),
    peakMemoryMB: Math.round(at(100_000, 200).peakMB),
  }
  return {
    figures,
    rows: [
      ...SIZES.flatMap(([customers, successors]) => {
        const m = at(customers, successors)
        return [
          [
            `${customers} × ${successors}: CPU s, clock s, MB (of it input)`,
            `${m.cpuSeconds.toFixed(2)} ${m.seconds.toFixed(2)} ${Math.round(m.peakMB)} (${Math.round(m.inputMB)})`,
          ],
          [
            '  score over the upper bound; over greedy',
            `${m.overBound.toFixed(6)} ${m.overGreedy.toFixed(4)}`,
            m.overExact === null
              ? `left with nobody: ${m.nobody}`
              : `over the exact optimum: ${m.overExact.toFixed(6)}`,
          ],
        ]
      }),
      ['score over the optimum, lowest', figures.scoreOverOptimum, 'aim ≥ 0.99'],
      ['score over greedy, lowest', figures.scoreOverGreedy],
      ['100,000 over 10,000 customers, 200 successors', figures.timeGrowth, 'aim ≤ 15'],
      ['seconds for 100,000 × 200', figures.seconds100k],
      ['by the clock, with all that the machine did beside', figures.clock100k],
      ['memory at its peak, MB', figures.peakMemoryMB],
    ],
  }
}

async function part(customers: number, successors: number): Promise<Measured> {
  const child = fork(resolve('tests/bench/part.mjs'), [resolve('tests/bench/plan-part.ts')], {
    env: { ...process.env, CUSTOMERS: String(customers), SUCCESSORS: String(successors) },
  })
  const [measured] = (await once(child, 'message')) as [Measured]
  child.kill()
  return measured
}
