import { addWorkingDays } from '../../shared/calendar'
import { Failure } from '../../shared/failure'
import { isNotified, type NoticeState } from '../../shared/notice'
import { clockOf, FIRST_CONTACT_DAYS, getFirstWeek } from '../../shared/task'
import { act } from '../db/act'
import { calendarOf } from '../db/calendar'
import { look } from '../db/look'
import { inheritedCustomer, sightOfRow } from '../db/standing'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import { doneSince } from './rows'

/** The first week with an inherited customer: found from what has happened, stored nowhere. */
export function task(house: House): void {
  const { deps } = house

  serve(house, getFirstWeek, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = await inheritedCustomer(tx, caller.id, input.customer)
      if (!row) throw new Failure('not_found')
      const { handover, customer, settledAt: takenAt } = row
      if (row.transfer !== 'taken_over' || !takenAt) throw new Failure('not_taken_over')
      const sight = sightOfRow(row, now)
      look(audit, 'look.tasks', customer, { sight, door: getFirstWeek, handover, only: ['F0'] })
      const calendar = await calendarOf(tx)
      const { helloAt, promises, open } = await doneSince(tx, { handover, customer, successor: caller.id, takenAt })
      const told = isNotified(row.notice as NoticeState)
      const one = (task: 'tell' | 'hello', at: Date | null, done: boolean) => [
        { task, done, at: at?.toISOString() ?? null, open: 0 },
      ]
      return seenBy(sight, {
        takenAt: takenAt.toISOString(),
        over: now > addWorkingDays(takenAt, FIRST_CONTACT_DAYS, calendar).at,
        tasks: [
          ...one('tell', row.sentAt, told),
          ...one('hello', helloAt, helloAt !== null),
          ...(promises ? [{ task: 'promises' as const, done: open === 0, at: null, open }] : []),
        ],
        clock: told || row.notice === 'waived' ? null : clockOf(takenAt, now, calendar),
      })
    })
  })
}
