import { answerCorrection, askCorrection, getOwnFacts, listCorrections, type OwnFacts } from '../../shared/correction'
import { OK } from '../../shared/endpoint'
import type { MemberField } from '../../shared/fact'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { memberFactRows } from '../db/fact-rows'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { reachOf } from '../lib/reach'
import { serve, type House } from '../lib/serve'
import * as rows from './correction-rows'
import { shownMemberFacts } from './shown'

/** Members read what is known of them and ask for corrections; whoever keeps their facts answers, with a reason that stays. */
export function correcting(house: House): void {
  const { db, now, id } = house.deps

  serve(house, getOwnFacts, ({ caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      audit('look.own', caller.id, { of: 'facts' })
      const fields = shownMemberFacts(await memberFactRows(tx, [caller.id]))
      return { fields, corrections: (await rows.correctionsOf(tx, caller.id)).map(shown) }
    }),
  )

  serve(house, askCorrection, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const row = { id: id(), memberId: caller.id, ...input, askedAt: now() }
      if (!(await rows.addCorrection(tx, row))) throw new Failure('correction_open')
      audit('correction.asked', row.id, { field: input.field })
      return OK
    }),
  )

  serve(house, listCorrections, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [at, last] = readPlace(input.after, instant, word) ?? []
      const after = at && last ? ([new Date(at), last] as const) : null
      const found = await rows.openAfter(tx, reachOf(caller, 'hr'), input.member, after, input.limit + 1)
      audit('look.list', 'corrections', { members: found.slice(0, input.limit).map((c) => c.member) })
      return pageOf(
        found,
        input.limit,
        (c) => placeOf(c.askedAt.toISOString(), c.id),
        ({ askedAt, field, ...c }) => ({ ...c, field: field as MemberField, at: askedAt.toISOString() }),
      )
    }),
  )

  serve(house, answerCorrection, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdCorrection(tx, reachOf(caller, 'hr'), input.correction)
      if (!held) throw new Failure('not_found')
      if (held.answeredAt) throw new Failure('stale')
      const { changed, answer } = input
      await rows.setAnswer(tx, held.id, { answeredBy: caller.id, answeredAt: now(), changed, answer })
      audit('correction.answered', held.id, { member: held.memberId, field: held.field, changed })
      return OK
    }),
  )
}

type Row = Awaited<ReturnType<typeof rows.correctionsOf>>[number]
const shown = (c: Row): OwnFacts['corrections'][number] => ({
  ...{ id: c.id, field: c.field as MemberField, said: c.said, at: c.askedAt.toISOString() },
  answer: c.answeredAt && {
    ...{ by: c.answerer ?? '', at: c.answeredAt.toISOString() },
    ...{ changed: c.changed ?? false, text: c.answer ?? '' },
  },
})
