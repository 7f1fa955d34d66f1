import { OK } from '../../shared/endpoint'
import {
  CONFIRM_MS,
  EMERGENCY_MS,
  endEmergency,
  judgeEmergency,
  listEmergencies,
  openEmergency,
  type Emergency,
  type Verdict,
} from '../../shared/emergency'
import { chinaDay } from '../../shared/day'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { addHistory } from '../db/history'
import { decidersOf } from '../db/managers'
import { holdersOfOffice } from '../db/office'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import { customerIdOf } from '../wecom/contacts'
import * as rows from './rows'

/** A customer who is not one's own, for an hour, with a reason; others say afterwards whether it was right (compliance 6.2). */
export function emergency(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, openEmergency, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      const customer = input.customer ?? (input.contact && (await customerIdOf(tx, input.contact)))
      // Who is about to leave keeps their own customers and opens no others.
      const found = customer && !caller.leaving ? await rows.coverable(tx, caller.id, customer) : undefined
      if (!customer || !found) throw new Failure('not_found')
      if (found.successor === caller.id) throw new Failure('stale')
      await rows.closeExpired(tx, caller.id, at)
      const [id, until] = [deps.id(), new Date(at.getTime() + EMERGENCY_MS)]
      const { reason, words } = input
      const row = { id, handoverId: found.handover, memberId: caller.id, reason, words, openedAt: at, until }
      if (!(await rows.addEmergency(tx, row))) throw new Failure('emergency_open')
      const body = { reason }
      const entry = { id: deps.id(), customerId: customer, at, authorId: caller.id, source: 'member' as const }
      await addHistory(tx, [{ ...entry, kind: 'emergency.opened', body }])
      audit('emergency.opened', id, { customer, handover: found.handover, reason, until: until.toISOString() })
      await tellJudges(tx, id, caller, found, at)
      return { emergency: id, until: until.toISOString() }
    })
    deps.wake('letters')
    return answer
  })

  serve(house, endEmergency, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const own = await rows.holdOwn(tx, input.emergency, caller.id)
      if (!own) throw new Failure('not_found')
      if (own.endedAt || own.until <= now()) throw new Failure('stale')
      await rows.setEmergency(tx, own.id, { endedAt: now() })
      audit('emergency.ended', own.id)
      return OK
    }),
  )

  serve(house, listEmergencies, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const found = await rows.listed(tx, caller, readsAll(caller), after, input.limit + 1)
      audit('look.emergencies', 'emergencies', { emergencies: found.slice(0, input.limit).map((e) => e.id) })
      const list = pageOf(
        found,
        input.limit,
        (e) => placeOf(e.id),
        (e) => seenBy(sightOf(caller), shown(e, caller, now())),
      )
      const year = new Date(`${chinaDay(now()).slice(0, 4)}-01-01T00:00:00+08:00`)
      return { ...list, ...(await rows.counts(tx, caller, readsAll(caller), year)) }
    }),
  )

  serve(house, judgeEmergency, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdKnown(tx, input.emergency, caller, readsAll(caller))
      if (!held) throw new Failure('not_found')
      if (held.memberId === caller.id) throw new Failure('own_request')
      const part = partOf(held, caller)
      if (!part) throw new Failure('stale')
      const { verdict, words } = input
      await rows.setEmergency(
        tx,
        held.id,
        part === 'office'
          ? { officeBy: caller.id, officeAt: now(), officeVerdict: verdict, officeWords: words }
          : { leadBy: caller.id, leadAt: now(), leadVerdict: verdict, leadWords: words },
      )
      audit('emergency.judged', held.id, { as: part, verdict })
      return OK
    }),
  )

  async function tellJudges(
    tx: Tx,
    id: string,
    by: Caller,
    { departments, leaver }: { departments: readonly number[]; leaver: string },
    writtenAt: Date,
  ) {
    const leads = await decidersOf(tx, departments, deps.config.MANAGERS, writtenAt)
    const office = await holdersOfOffice(tx, 'compliance', deps.config.COMPLIANCE, writtenAt)
    const told = new Set([...leads, ...office].map((m) => m.id))
    const letter = { kind: 'emergency' as const, subject: id, params: { by: by.name }, writtenAt }
    await writeLetters(
      tx,
      [...told]
        .filter((memberId) => memberId !== by.id && memberId !== leaver)
        .map((memberId) => ({ ...letter, id: deps.id(), memberId })),
    )
  }
}

const readsAll = ({ roles }: Caller) => roles.includes('compliance') || roles.includes('auditor')
const sightOf = ({ roles }: Caller) =>
  ({
    who: roles.includes('compliance') ? 'compliance' : roles.includes('manager') ? 'manager' : 'auditor',
    stage: 'V0',
  }) as const

/** Two persons, one of them of compliance, and never the one who opened it. */
function partOf(
  e: Pick<rows.Held, 'memberId' | 'leadBy' | 'officeBy'>,
  { id, roles }: Caller,
): 'lead' | 'office' | null {
  if ([e.memberId, e.leadBy, e.officeBy].includes(id)) return null
  if (roles.includes('compliance') && !e.officeBy) return 'office'
  return roles.includes('manager') && !e.leadBy ? 'lead' : null
}

function shown(row: rows.EmergencyRow, caller: Caller, now: Date): Emergency {
  const said = (by: string | null, at: Date | null, verdict: string | null, words: string | null) =>
    by && at ? { by, at: at.toISOString(), verdict: verdict as Verdict, words: words ?? '' } : null
  const [lead, office] = [
    said(row.lead, row.leadAt, row.leadVerdict, row.leadWords),
    said(row.office, row.officeAt, row.officeVerdict, row.officeWords),
  ]
  const ended = row.endedAt ?? (row.until <= now ? row.until : null)
  return {
    ...{ id: row.id, customer: row.customer, member: row.member, reason: row.reason as Emergency['reason'] },
    ...{ words: row.words, openedAt: row.openedAt.toISOString(), until: row.until.toISOString() },
    endedAt: ended?.toISOString() ?? null,
    ...{ looks: row.looks, lead, office },
    overdue: !(lead && office) && now.getTime() - row.openedAt.getTime() > CONFIRM_MS,
    mine: partOf(row, caller),
  }
}
