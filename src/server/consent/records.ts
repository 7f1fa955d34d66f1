import { decideDoubt, doubtConsent, exportConsent, listConsents } from '../../shared/asking'
import type { AskablePurpose, ConsentState } from '../../shared/consent'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { maskName } from '../../shared/mask'
import { act } from '../db/act'
import { moveConsent } from '../db/consent'
import { recordById } from '../db/asking'
import { keyedHash } from '../db/person'
import { consentFile, attached } from '../db/receipt'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { seenBy } from '../lib/cut'
import { serve, serveRaw, type House } from '../lib/serve'
import * as rows from './record-rows'

/** Compliance over what was asked and answered: each record, its file, and a consent that two persons find to be void. */
export function records(house: House): void {
  const { deps } = house

  serve(house, listConsents, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const [after] = readPlace(input.after, word) ?? []
      const found = await rows.records(tx, { after, receipt: input.receipt, limit: input.limit })
      audit('look.consents', 'consents', { count: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (row) => placeOf(row.record),
        (row) => seenBy({ who: 'compliance', stage: 'V2' }, shown(row, caller.id)),
      )
    }),
  )

  serveRaw(house, exportConsent, ({ input, caller, c }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const file = await consentFile(tx, deps.config, input.record)
      const record = file && (await recordById(tx, input.record))
      if (!record) throw new Failure('not_found')
      audit('consent.exported', record.customerId, { record: record.id })
      c.header('cache-control', 'no-store')
      c.header('content-disposition', attached(record.id))
      return c.json(file)
    }),
  )

  serve(house, doubtConsent, ({ input, caller }) => {
    const at = deps.now()
    return act(deps.db, at, caller.id, async (tx, audit) => {
      const record = await recordById(tx, input.record)
      if (!record || !(await rows.isGiven(tx, record.id))) throw new Failure('not_found')
      const id = deps.id()
      const { customerId, purpose } = record
      const doubt = { id, customerId, purpose, recordId: record.id, reason: input.reason }
      if (!(await rows.addDoubt(tx, { ...doubt, askedBy: caller.id, askedAt: at }))) throw new Failure('stale')
      const reason = await keyedHash(tx, deps.config.SECRET, customerId, input.reason)
      audit('consent.doubted', customerId, { doubt: id, record: record.id, reason })
      return OK
    })
  })

  serve(house, decideDoubt, ({ input, caller }) => {
    const at = deps.now()
    const { upheld } = input
    return act(deps.db, at, caller.id, async (tx, audit) => {
      const doubt = await rows.holdDoubt(tx, input.doubt)
      if (!doubt) throw new Failure('not_found')
      if (doubt.askedBy === caller.id) throw new Failure('own_doubt')
      await rows.decideDoubt(tx, doubt.id, { decidedBy: caller.id, decidedAt: at, upheld })
      audit('consent.doubt_decided', doubt.customerId, { doubt: doubt.id, upheld })
      if (upheld)
        await moveConsent(tx, audit, {
          customerId: doubt.customerId,
          purpose: doubt.purpose as AskablePurpose,
          event: 'invalidate',
          recordId: doubt.recordId,
          at,
          id: deps.id,
          proof: { entity: 'staff', memberId: caller.id, channel: 'system', reason: doubt.reason },
        })
      return OK
    })
  })
}

const shown = (row: rows.RecordRow, caller: string) => ({
  record: row.record,
  customer: maskName(row.customer),
  purpose: row.purpose as AskablePurpose,
  state: (row.state ?? 'superseded') as ConsentState,
  subject: row.subject,
  language: row.language as 'zh-CN' | 'en',
  at: row.at.toISOString(),
  until: row.until.toISOString(),
  receipt: row.receipt,
  doubt: row.doubt && { id: row.doubt.id, reason: row.doubt.reason, by: row.doubt.by, mine: row.doubt.byId === caller },
  spoken: row.spoken && {
    id: row.spoken.id,
    answer: 'agree' as const,
    by: row.spoken.by,
    mine: row.spoken.byId === caller,
    channel: row.spoken.channel,
    proof: row.spoken.proof,
  },
})
