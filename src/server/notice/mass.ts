import { Failure } from '../../shared/failure'
import { type NoticeState } from '../../shared/notice'
import { askMassNotices } from '../../shared/untold'
import { act } from '../db/act'
import { inheritedHandover } from '../db/standing'
import { serve, type House } from '../lib/serve'
import { addMass, mayAsk } from './mass-rows'

/** The successor asks for tasks in WeCom's list of mass messages; what becomes of each is the job's (mass-send.ts). */
export function massDoors(house: House): void {
  const { deps } = house

  serve(house, askMassNotices, async ({ input, caller }) => {
    const asked = await act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      let count = 0
      for (const id of [...new Set(input.handovers)].sort()) {
        const mine = await inheritedHandover(tx, caller.id, id)
        if (!mine) throw new Failure('not_found')
        if (mine.transfer !== 'taken_over' || !mayAsk.includes(mine.notice as NoticeState)) continue
        if (mine.objectionOpen) continue
        const row = { id: deps.id(), handoverId: id, memberId: caller.id, language: input.language }
        if (!(await addMass(tx, { ...row, askedAt: deps.now() }))) continue
        audit('notice.mass_asked', id, { mass: row.id })
        count++
      }
      return count
    })
    if (asked) deps.wake('mass')
    return { asked }
  })
}
