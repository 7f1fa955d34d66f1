import { shownTo } from '../../shared/access'
import { chinaDay } from '../../shared/day'
import { REMIND_FROM, REMIND_UNTIL } from '../../shared/promise'
import { stageOfRow } from '../db/standing'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import * as rows from './rows'

const DAY_MS = 86_400_000
/** More than anybody owes; what is beyond it comes the next day. */
const MOST = 20_000

const hourInChina = (at: Date): number => (at.getUTCHours() + 8) % 24

/**
 * From nine in the morning: what is due tomorrow, what is due today, and once what is overdue, in one message a member and
 * day. It names numbers and no customer; where the customer is not told yet or wants somebody else, the table decides.
 */
export async function promisesJob(deps: Deps): Promise<void> {
  const at = deps.now()
  const hour = hourInChina(at)
  if (hour < REMIND_FROM || hour >= REMIND_UNTIL) return
  const today = chinaDay(at)
  const tomorrow = chinaDay(new Date(at.getTime() + DAY_MS))
  const found = await rows.toRemind(deps.db, { today, tomorrow }, MOST)
  // Until the customer is told the successor sees that there is something promised (a flag), and no more is in the message.
  const due = found.filter((row) => shownTo('successor', stageOfRow(row, at), 'F2') !== 'closed')
  const members = [...new Set(due.map((d) => d.memberId))]
  for (const memberId of members)
    await tell(
      deps,
      memberId,
      due.filter((d) => d.memberId === memberId),
      today,
    )
  if (members.length) deps.wake('letters')
}

type Due = Awaited<ReturnType<typeof rows.toRemind>>[number]

async function tell({ db, now, id }: Deps, memberId: string, due: readonly Due[], today: string): Promise<void> {
  const at = now()
  const count = (what: Due['what']) => due.filter((d) => d.what === what).length
  const params = { tomorrow: count('tomorrow'), today: count('today'), overdue: count('overdue') }
  await db.transaction().execute(async (tx) => {
    await rows.addReminders(
      tx,
      due.map(({ promise, due, what }) => ({ promiseId: promise, memberId, due, what, toldAt: at })),
    )
    await writeLetters(tx, [{ id: id(), memberId, kind: 'promises', subject: today, params, writtenAt: at }])
  })
}
