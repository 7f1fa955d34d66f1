import type { Seen } from './seen'

/** "Assigned by an administrator": how WeCom says that a relation was handed over (facts 3.2). */
export const ASSIGNED = 202

/** WeCom's times are whole seconds. */
export const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000)

/** Whether this relation was handed over since then; who is simply a friend says nothing about a transfer. */
export const assignedSince = (f: Pick<Seen, 'addWay' | 'since'>, after: Date): boolean =>
  f.addWay === ASSIGNED && f.since !== null && f.since >= wholeSecond(after)
