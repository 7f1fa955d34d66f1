import { chinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { confirmAssessment, endAssessment, recordAssessment } from '../../shared/rule'
import { act } from '../db/act'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

/** That allocating by value was assessed, and until when that holds (T-44): recorded by one, confirmed by another. The day it ends, tiers are no longer looked at. */
export function assessing(house: House): void {
  const { db, now, id } = house.deps

  serve(house, recordAssessment, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      if (input.until < chinaDay(now())) throw new Failure('until_past')
      const assessment = id()
      await rows.addAssessment(tx, { id: assessment, ...input, recordedBy: caller.id, recordedAt: now() })
      audit('assessment.recorded', assessment, { reference: input.reference, until: input.until })
      return OK
    }),
  )

  serve(house, confirmAssessment, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdAssessment(tx, input.assessment)
      if (!held) throw new Failure('not_found')
      if (held.endedAt || held.confirmedAt) throw new Failure('stale')
      if (held.recordedBy === caller.id) throw new Failure('own_assessment')
      await rows.confirmAssessment(tx, held.id, caller.id, now())
      audit('assessment.confirmed', held.id, { reference: held.reference })
      return OK
    }),
  )

  serve(house, endAssessment, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      if (!(await rows.closeAssessment(tx, input.assessment, { endedBy: caller.id, endedAt: now() })))
        throw new Failure('not_found')
      audit('assessment.ended', input.assessment)
      return OK
    }),
  )
}
