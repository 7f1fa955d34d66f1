import {
  basisState,
  confirmBasis,
  endBasis,
  listBases,
  missingBases,
  writeBasis,
  type Basis,
  type BasisShown,
} from '../../shared/basis'
import { chinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { basesNow } from '../db/ground'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

/** The register of legal bases: written by one, confirmed by another, ended with a reason; nothing of it is ever changed. */
export function basis(house: House): void {
  const { db, now, id } = house.deps

  serve(house, listBases, async ({ caller }) => {
    const today = chinaDay(now())
    const items = (await rows.allBases(db)).map((row) => shown(row, caller.id, today))
    const bases = await basesNow(db)
    const missing = (['wechat', 'wecom'] as const).flatMap((customers) =>
      missingBases(customers, bases, today).map((purpose) => ({ customers, purpose })),
    )
    return { items, missing }
  })

  serve(house, writeBasis, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      if (input.until !== null && input.until < chinaDay(now())) throw new Failure('until_past')
      if (input.until !== null && input.until < input.since) throw new Failure('invalid', { fields: 'until' })
      const basisId = id()
      await rows.addBasis(tx, { ...input, id: basisId, writtenBy: caller.id, writtenAt: now() })
      audit('basis.written', basisId, { ...input })
      return { id: basisId }
    }),
  )

  serve(house, confirmBasis, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdBasis(tx, input.basis)
      if (!held) throw new Failure('not_found')
      if (held.endedAt || held.confirmedAt) throw new Failure('stale')
      if (held.writtenBy === caller.id) throw new Failure('own_basis')
      await rows.setConfirmed(tx, held.id, caller.id, now())
      audit('basis.confirmed', held.id, { purpose: held.purpose, customers: held.customers, ground: held.ground })
      return OK
    }),
  )

  serve(house, endBasis, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdBasis(tx, input.basis)
      if (!held) throw new Failure('not_found')
      if (held.endedAt) throw new Failure('stale')
      await rows.setEnded(tx, held.id, { endedBy: caller.id, endedAt: now(), endedWhy: input.why })
      audit('basis.ended', held.id, { why: input.why })
      return OK
    }),
  )
}

function shown(row: rows.BasisRow, reader: string, today: string): BasisShown {
  const { id, since, until } = row
  const fields = {
    ...{ id, since, until, source: row.source, ground: row.ground as BasisShown['ground'] },
    ...{ purpose: row.purpose as Basis['purpose'], customers: row.customers as Basis['customers'] },
  }
  return {
    ...fields,
    state: basisState({ ...fields, confirmed: row.confirmedAt !== null, ended: row.endedAt !== null }, today),
    ...{ by: row.writer, at: row.writtenAt.toISOString(), mine: row.writtenBy === reader },
    ...{ confirmedBy: row.confirmer, confirmedAt: row.confirmedAt?.toISOString() ?? null },
    ended: row.endedAt && { by: row.ender ?? '', at: row.endedAt.toISOString(), why: row.endedWhy ?? '' },
  }
}
