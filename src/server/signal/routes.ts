import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { decideSignal, getSignal, listSignals, type Decision, type Signal, type SignalKind } from '../../shared/signal'
import { act } from '../db/act'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, upTo, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import { isOn } from './jobs'
import { decide, looksOf, openSignals, signalById, signalsAfter, type SignalRow } from './rows'

/** Whose customers they are does not matter here: of each only what a list shows. */
const sight = { who: 'compliance', stage: 'V0' } as const

/** Questions about looks, for compliance alone; what a person thinks of each is written down, and nothing else happens. */
export function signal(house: House): void {
  const { deps } = house

  serve(house, listSignals, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const after = readPlace(input.after, upTo(1), word)
      const found = await signalsAfter(tx, caller.id, after && { rank: after[0], id: after[1] }, input.limit + 1)
      audit('look.signals', 'signals', { signals: found.slice(0, input.limit).map((s) => s.id) })
      const page = pageOf(found, input.limit, (s) => placeOf(String(s.rank), s.id), shown)
      return { ...page, on: isOn(deps.config), open: await openSignals(tx, caller.id) }
    }),
  )

  serve(house, getSignal, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const found = await signalById(tx, caller.id, input.signal)
      if (!found) throw new Failure('not_found')
      const [after = 0] = readPlace(input.after, upTo(Number.MAX_SAFE_INTEGER)) ?? []
      const looks = await looksOf(tx, found, after, input.limit + 1)
      audit('look.signals', found.id, { looks: Math.min(looks.length, input.limit), classes: ['F0'], reason: 'signal' })
      const page = pageOf(
        looks,
        input.limit,
        (l) => placeOf(String(l.seq)),
        (l) => seenBy(sight, { seq: l.seq, at: l.at.toISOString(), customer: l.name, what: l.what }),
      )
      return { signal: shown(found), ...page }
    }),
  )

  serve(house, decideSignal, ({ caller, input: { signal: id, decision, words } }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (!(await signalById(tx, caller.id, id))) throw new Failure('not_found')
      if (!(await decide(tx, id, { decision, words, decidedBy: caller.id, decidedAt: deps.now() })))
        throw new Failure('stale')
      audit('signal.decided', id, { decision })
      return OK
    }),
  )
}

function shown(row: SignalRow): Signal {
  const { count, usual } = row.facts as unknown as { count: number; usual: number | null }
  return {
    id: row.id,
    kind: row.kind as SignalKind,
    member: row.member,
    department: row.department,
    since: row.since.toISOString(),
    until: row.until.toISOString(),
    count,
    usual,
    decision:
      row.decision && row.decider && row.decidedAt
        ? {
            is: row.decision as Decision,
            words: row.words ?? '',
            by: row.decider,
            at: row.decidedAt.toISOString(),
          }
        : null,
  }
}
