import { FIGURES_DAYS, getFigures, listLate, type Outcome } from '../../shared/figure'
import { workingDaysBetween, type Calendar } from '../../shared/calendar'
import { lateBefore } from '../../shared/task'
import { act } from '../db/act'
import { calendarOf } from '../db/calendar'
import { seenBy } from '../lib/cut'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

const DAY_MS = 86_400_000

/** What became of handovers, in numbers; and whom nobody has told for too long. */
export function figure(house: House): void {
  const { db, now } = house.deps
  const timesOf = (at: Date, calendar: Calendar): rows.Times => ({
    since: new Date(at.getTime() - FIGURES_DAYS * DAY_MS),
    now: at,
    lateBefore: lateBefore(at, calendar),
  })

  serve(house, getFigures, ({ caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      audit('look.figures', 'all')
      const times = timesOf(at, await calendarOf(tx))
      const successors = await rows.bySuccessor(tx, caller, times)
      const origins = await rows.byOrigin(tx, caller, times)
      const rules = await rows.byRule(tx, caller, times)
      const roomOf = await rows.roomsOf(
        tx,
        caller,
        times,
        successors.map(({ member }) => member),
      )
      return {
        since: times.since.toISOString(),
        all: outcomeOf(await rows.totals(tx, caller, times)),
        bySuccessor: successors.map(({ member, name, now, coming, ...row }) => ({
          ...{ member, name, now, coming, before: Math.max(0, now - (row.taken - row.lost)) },
          ...roomOf(member),
          ...outcomeOf(row),
        })),
        byRule: rules.map(({ how, rules: version, ...row }) => ({ how, rules: version, ...outcomeOf(row) })),
        explanations: await rows.explanations(tx, caller, times),
        byApprover: await rows.byApprover(tx, caller, times),
        byOrigin: origins.map(({ origin, ...row }) => ({ origin, ...outcomeOf(row) })),
      }
    })
  })

  serve(house, listLate, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const after = readPlace(input.after, instant, word)
      const calendar = await calendarOf(tx)
      const found = await rows.lateAfter(tx, caller, timesOf(at, calendar), { after, limit: input.limit })
      audit('look.list', 'late', { count: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (r) => placeOf(r.takenAt.toISOString(), r.handover),
        (r) =>
          seenBy(
            {
              who: caller.roles.includes('manager') ? ('manager' as const) : ('compliance' as const),
              stage: 'V1' as const,
            },
            {
              ...{ handover: r.handover, shortName: r.name, successor: r.successor, leaver: r.leaver },
              ...{ departure: r.departure, days: workingDaysBetween(r.takenAt, at, calendar) },
            },
          ),
      )
    })
  })
}

const tenths = (value: number | null): number | null => (value === null ? null : Math.round(Number(value) * 10) / 10)

const outcomeOf = (row: rows.OutcomeRow): Outcome => ({
  ...{ taken: row.taken, after30: row.after30, lost30: row.lost30, after90: row.after90, lost90: row.lost90 },
  ...{ complaints: row.complaints, objections: row.objections, late: row.late },
  firstContact: tenths(row.firstContact),
  wait: tenths(row.wait),
})
