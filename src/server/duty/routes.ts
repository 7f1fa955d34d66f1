import { DUTY_DAYS, listDuty, type DutyItem } from '../../shared/duty'
import { chinaDay } from '../../shared/day'
import { act } from '../db/act'
import { dutyOf, dutyTotals, type DuePromise } from '../db/duty'
import { look } from '../db/look'
import { stageOfRow } from '../db/standing'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'

const DAY_MS = 86_400_000

/** For whom somebody answers while WeCom waits. Whose promises are shown is a look at each of those customers. */
export function duty(house: House): void {
  const { db, now } = house.deps

  serve(house, listDuty, ({ input, caller }) => {
    const at = now()
    const by = chinaDay(new Date(at.getTime() + DUTY_DAYS * DAY_MS))
    return act(db, at, caller.id, async (tx, audit) => {
      const found = await dutyOf(tx, caller.id, by, readPlace(input.after, word, word), input.limit)
      const page = found.slice(0, input.limit)
      audit('look.list', 'duty', { count: page.length })
      for (const row of page.filter((r) => r.promises.length)) {
        const sight = sightOf(row, at)
        look(audit, 'look.duty', row.customer, { sight, door: listDuty, handover: row.handover, only: ['F2'] })
      }
      return {
        ...pageOf(
          found,
          input.limit,
          (r) => placeOf(r.first, r.handover),
          (r) => seenBy(sightOf(r, at), shown(r)),
        ),
        ...(await dutyTotals(tx, caller.id, by)),
      }
    })
  })
}

type Row = Awaited<ReturnType<typeof dutyOf>>[number]

const sightOf = (row: Row, at: Date) => ({ who: 'duty', stage: stageOfRow(row, at) }) as const

const shown = (row: Row): DutyItem => ({
  handover: row.handover,
  shortName: row.name,
  company: row.company,
  from: row.from,
  successor: row.successorName,
  transfer: row.transfer as DutyItem['transfer'],
  until: row.takeoverAt?.toISOString() ?? null,
  later: row.later,
  promises: row.promises.map(asPromise),
})

const asPromise = (p: DuePromise): DutyItem['promises'][number] => ({
  ...{ id: p.id, text: p.text, due: p.due, madeBy: p.made_by, keptAt: null, takenBy: null },
  madeAt: new Date(p.made_at).toISOString(),
  source: p.source as 'description' | 'member',
})
