import { maskName } from '../../shared/mask'
import { chinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { listHolds, nextReview, placeHold, releaseHold, reviewHold, type Hold } from '../../shared/retention'
import { act } from '../db/act'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import * as rows from './hold-rows'

/** What a case needs may not be deleted: placed, looked at again every 90 days and released by compliance, with reasons. */
export function holds(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, listHolds, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const found = await rows.listHolds(tx, after, input.limit + 1)
      audit('look.holds', 'holds', { shown: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (row) => placeOf(row.id),
        (row) => shown(row, now()),
      )
    }),
  )

  serve(house, placeHold, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { kind, subject, caseNo, reason } = input
      if (!(await rows.subjectExists(tx, kind, subject))) throw new Failure('not_found')
      const [id, at] = [deps.id(), now()]
      await rows.insertHold(tx, {
        ...{ id, subjectKind: kind, subjectId: subject, reason, caseNo, beganBy: caller.id, beganAt: at },
        reviewAt: nextReview(at),
      })
      audit('hold.began', subject, { hold: id, kind })
      return OK
    }),
  )

  serve(house, reviewHold, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.openHold(tx, input.hold)
      if (!found) throw new Failure('not_found')
      const reason = `${found.reason}\n${chinaDay(now())} ${input.reason}`
      await rows.setHold(tx, input.hold, { reviewAt: nextReview(now()), reason })
      audit('hold.reviewed', input.hold)
      return OK
    }),
  )

  serve(house, releaseHold, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      if (!(await rows.openHold(tx, input.hold))) throw new Failure('not_found')
      await rows.setHold(tx, input.hold, { releasedBy: caller.id, releasedAt: now(), releaseReason: input.reason })
      audit('hold.released', input.hold)
      return OK
    }),
  )
}

function shown(row: rows.HoldRow, now: Date): Hold {
  const { releasedAt, releaser, releaseReason } = row
  return {
    id: row.id,
    kind: row.subjectKind as Hold['kind'],
    of: row.leaver ?? maskName(row.customer ?? ''),
    caseNo: row.caseNo,
    reason: row.reason,
    by: row.beganByName,
    at: row.beganAt.toISOString(),
    reviewAt: row.reviewAt.toISOString(),
    overdue: !releasedAt && row.reviewAt <= now,
    released: releasedAt && { by: releaser ?? '', at: releasedAt.toISOString(), reason: releaseReason ?? '' },
  }
}
