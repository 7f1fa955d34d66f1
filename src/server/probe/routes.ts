import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { askProbe, getProbes, type Knock, type Probe } from '../../shared/probe'
import { act } from '../db/act'
import { askProbe as addProbe } from '../db/probe'
import { serve, type House } from '../lib/serve'
import { leaverOf, probesOf } from './rows'

/** What the probe found after a departure, and the wish to have it run once more. */
export function probe(house: House): void {
  const { deps } = house

  serve(house, getProbes, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const departure = await leaverOf(tx, input.departure, caller)
      if (!departure) throw new Failure('not_found')
      audit('look.probe', departure.id)
      return { probes: (await probesOf(tx, departure.id)).map(shown) }
    }),
  )

  serve(house, askProbe, async ({ caller, input }) => {
    await act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      // An administrator looks after every member's access, and reads nothing of the departure by it.
      const reader = caller.roles.includes('admin') ? 'all' : caller
      const departure = await leaverOf(tx, input.departure, reader)
      if (!departure || departure.memberId === caller.id) throw new Failure('not_found')
      if (!departure.gone || departure.endedAt) throw new Failure('stale')
      const id = await addProbe(tx, deps, { memberId: departure.memberId, askedBy: caller.id })
      audit('probe.asked', departure.memberId, { probe: id })
    })
    deps.wake('probe')
    return OK
  })
}

type Row = Awaited<ReturnType<typeof probesOf>>[number]

const shown = (row: Row): Probe => ({
  id: row.id,
  why: row.why as Probe['why'],
  askedBy: row.asker,
  revokedAt: row.revokedAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
  opened: row.opened,
  doors: row.doors ?? 0,
  red: row.red ?? 0,
  leftOver: row.leftOver ?? 0,
  knocks: ((row.report ?? { knocks: [] }) as unknown as { knocks: Knock[] }).knocks,
  digest: row.digest,
})
