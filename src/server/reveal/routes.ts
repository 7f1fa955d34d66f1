import { shownTo } from '../../shared/access'
import type { Output } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { dayBegan } from '../../shared/group'
import { reveal, REVEAL_SECONDS, type RevealField } from '../../shared/reveal'
import { act } from '../db/act'
import { look } from '../db/look'
import type { Tx } from '../db/open'
import { inheritedCustomer, sightOfRow } from '../db/standing'
import { seenBy } from '../lib/cut'
import { InvalidInput } from '../lib/invalid'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

/** A masked value in full, for a reason: counted against the day's budget and logged before it leaves (compliance 6.3, 6.4). */
export function revealing(house: House): void {
  const { deps } = house

  serve(house, reveal, ({ input, caller }) => {
    const at = deps.now()
    if (input.reason === 'other' && !input.words) throw new InvalidInput(['words'])
    return act(deps.db, at, caller.id, async (tx, audit): Promise<Output<typeof reveal>> => {
      const row = await inheritedCustomer(tx, caller.id, input.customer)
      const seen = row && sightOfRow(row, at)
      if (seen?.stage === 'V1') throw new Failure('not_notified')
      if (!row || !seen || shownTo('successor', seen.stage, 'F3') !== 'masked') throw new Failure('not_found')
      const values = await valuesOf(tx, row, input.field, input.entry ?? '')
      if (!values.length) throw new Failure('not_found')
      const left = deps.config.REVEALS_A_DAY - (await usedToday(tx, caller.id, at)) - 1
      if (left < 0) throw new Failure('reveals_used', { limit: deps.config.REVEALS_A_DAY })
      const { field, reason, words = null } = input
      const id = deps.id()
      await rows.addReveal(tx, { id, memberId: caller.id, customerId: row.customer, field, reason, words, at })
      const sight = { ...seen, whole: true }
      look(
        audit,
        'look.revealed',
        row.customer,
        { sight, door: reveal, handover: row.handover, only: ['F3'], reason },
        { reveal: id, field },
      )
      return seenBy(sight, { values, left, seconds: REVEAL_SECONDS })
    })
  })
}

/** The day is Beijing's. */
async function usedToday(tx: Tx, member: string, at: Date): Promise<number> {
  await rows.holdMember(tx, member)
  return rows.revealsSince(tx, member, dayBegan(at))
}

async function valuesOf(
  tx: Tx,
  row: { handover: string; customer: string },
  field: RevealField,
  entry: string,
): Promise<string[]> {
  if (field === 'history') return rows.writtenIn(tx, row.customer, entry)
  if (field === 'promise') return [(await rows.promiseText(tx, row.customer, entry))?.text ?? ''].filter(Boolean)
  const left = await rows.leftOf(tx, row.handover)
  return field === 'mobiles' ? (left?.mobiles ?? []) : [left?.[field] ?? ''].filter(Boolean)
}
