import { decideChildAccess, keepRaw, listChildren, markChild, unmarkChild } from '../../shared/asking'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { keyedHash } from '../db/person'
import { pageOf } from '../lib/listing'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import * as rows from './child-rows'

/**
 * Children under 14. Saying that somebody is one only closes, so whoever serves them may say it; opening again, and letting a
 * colleague see, is compliance's, with an end and with reasons (PIPL 31, minors' regulations 36; T-66).
 */
export function children(house: House): void {
  const { deps } = house

  serve(house, markChild, ({ input, caller }) => {
    const at = deps.now()
    return act(deps.db, at, caller.id, async (tx, audit) => {
      if (!(await rows.serves(tx, input.customer, caller.id))) throw new Failure('not_found')
      const callName = await keyedHash(tx, deps.config.SECRET, input.customer, input.callName)
      await rows.mark(tx, { customerId: input.customer, callName: input.callName, markedBy: caller.id, markedAt: at })
      audit('child.marked', input.customer, { call_name: callName })
      return OK
    })
  })

  serve(house, keepRaw, ({ input, caller }) => {
    const at = deps.now()
    return act(deps.db, at, caller.id, async (tx, audit) => {
      if (!(await rows.follows(tx, input.customer, caller.id))) throw new Failure('not_found')
      const id = deps.id()
      await rows.addRaw(tx, { id, customerId: input.customer, authorId: caller.id, at, text: input.text })
      const text = await keyedHash(tx, deps.config.SECRET, input.customer, input.text)
      audit('consent.raw_kept', input.customer, { raw: id, text })
      return OK
    })
  })

  serve(house, decideChildAccess, ({ input, caller }) => {
    const at = deps.now()
    const { customer, member, granted, days, reason } = input
    if (member === caller.id) throw new Failure('own_approval')
    return act(deps.db, at, caller.id, async (tx, audit) => {
      if (!(await rows.childWith(tx, customer, member))) throw new Failure('not_found')
      const until = granted ? new Date(at.getTime() + days * 86_400_000) : null
      const id = deps.id()
      const decision = { id, customerId: customer, memberId: member, granted, until, reason }
      await rows.decide(tx, { ...decision, decidedBy: caller.id, decidedAt: at })
      const hash = await keyedHash(tx, deps.config.SECRET, customer, reason)
      audit('child.access', customer, { member, granted, until: until?.toISOString() ?? null, reason: hash })
      return OK
    })
  })

  serve(house, listChildren, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const found = await rows.children(tx, deps.now(), input.after, input.limit)
      audit('look.children', 'children', { count: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (row) => row.customer,
        (row) =>
          seenBy(
            { who: 'compliance', stage: 'VG' },
            { ...row, approvedUntil: row.approvedUntil?.toISOString() ?? null },
          ),
      )
    }),
  )

  serve(house, unmarkChild, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (!(await rows.unmark(tx, input.customer))) throw new Failure('not_found')
      const reason = await keyedHash(tx, deps.config.SECRET, input.customer, input.reason)
      audit('child.unmarked', input.customer, { reason })
      return OK
    }),
  )
}
