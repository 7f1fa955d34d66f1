import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { chooseChannel, listUntold, recordChannel, type UntoldRow } from '../../shared/untold'
import { act } from '../db/act'
import { addHistory } from '../db/history'
import { holdNotice, moveNotice } from '../db/notice'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { reachOf } from '../lib/reach'
import { serve, type Caller, type House } from '../lib/serve'
import { writeAttempt } from './attempt'
import * as rows from './other-rows'
import { settleAttempt } from './rows'

/** Whom WeCom does not reach: another channel, by a person, with who, when and what proves it (compliance 3.3, 5.2). */
export function otherDoors(house: House): void {
  const { deps } = house
  const { db, now } = deps
  const readerOf = (caller: Caller) => reachOf(caller, 'compliance')
  const sightOf = ({ roles }: Caller) =>
    ({ who: roles.includes('compliance') ? 'compliance' : 'manager', stage: 'V1' }) as const

  serve(house, listUntold, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const found = await rows.untold(tx, readerOf(caller), now(), after, input.limit + 1)
      audit('look.untold', 'notices', { handovers: found.slice(0, input.limit).map(({ handover }) => handover) })
      return pageOf(
        found,
        input.limit,
        (row) => placeOf(row.handover),
        (row) => seenBy(sightOf(caller), shown(row, caller.id)),
      )
    }),
  )

  serve(house, chooseChannel, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.untoldOne(tx, readerOf(caller), input.handover)
      if (!found) throw new Failure('not_found')
      const state = await holdNotice(tx, found.handover)
      if (!['unreachable', 'alt_channel'].includes(state)) throw new Failure('not_untold')
      const telling = { ...found, state, toldWith: null, by: caller.id, as: 'successor' as const }
      const { id: attemptId, text, link } = await writeAttempt(deps, tx, audit, telling, input.language)
      const id = deps.id()
      const chosen = { id, handoverId: found.handover, attemptId, channel: input.channel }
      await rows.addOther(tx, { ...chosen, chosenBy: caller.id, chosenAt: now() })
      audit('notice.other_chosen', found.handover, { other: id, channel: input.channel, attempt: attemptId })
      await moveNotice(tx, audit, { handoverId: found.handover, event: 'turn', at: now(), by: caller.id })
      return seenBy(sightOf(caller), { id, text, link })
    }),
  )

  serve(house, recordChannel, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const other = await rows.otherInScope(tx, readerOf(caller), input.other)
      if (!other) throw new Failure('not_found')
      const { handoverId, channel, attemptId, pageVersion: version } = other
      const state = await holdNotice(tx, handoverId)
      if (other.doneAt || other.outcome !== 'prepared' || state !== 'alt_channel') throw new Failure('stale')
      const at = new Date(input.at)
      if (!(at <= now() && at.getTime() > other.chosenAt.getTime() - 60_000)) throw new Failure('happened_later')
      await settleAttempt(tx, attemptId, { outcome: 'sent', form: channel, outcomeAt: at, detail: null })
      await rows.doneOther(tx, other.id, { doneBy: caller.id, doneAt: now(), happenedAt: at, proof: input.proof })
      audit('notice.other_done', handoverId, { other: other.id, channel, happened: at.toISOString() })
      const moved = await moveNotice(tx, audit, { handoverId, event: 'sent', at: now(), by: caller.id, version })
      const entry = { id: deps.id(), customerId: other.customerId, at: now(), authorId: caller.id }
      await addHistory(tx, [
        {
          ...entry,
          source: 'member',
          kind: 'notice.sent',
          body: { form: channel as 'sms' | 'mail' | 'phone' | 'letter' },
        },
      ])
      return { ...OK, state: moved.state }
    }),
  )
}

const shown = (row: rows.Untold, reader: string): UntoldRow => ({
  handover: row.handover,
  shortName: row.name,
  leaver: row.leaver,
  successor: row.successor,
  state: row.state as UntoldRow['state'],
  why: row.why as UntoldRow['why'],
  since: row.stateSince?.toISOString() ?? null,
  other: row.otherId
    ? {
        id: row.otherId,
        channel: row.channel as NonNullable<UntoldRow['other']>['channel'],
        by: row.chosenBy ?? '',
        at: (row.chosenAt ?? new Date(0)).toISOString(),
      }
    : null,
  waiver: row.waiverId
    ? {
        id: row.waiverId,
        kind: row.kind as 'secrecy' | 'emergency',
        citation: row.citation ?? '',
        reason: row.reason ?? '',
        until: (row.until ?? new Date(0)).toISOString(),
        by: row.waiverBy ?? '',
        approvedBy: row.approvedBy,
        mine: row.waiverById === reader,
      }
    : null,
})
