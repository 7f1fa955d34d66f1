import { maySee } from '../../shared/access'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { masked as en } from '../../shared/lang/en/masked'
import type { Language } from '../../shared/lang/fill'
import { masked as zh } from '../../shared/lang/zh-CN/masked'
import { sensitiveIn, type SensitiveKind } from '../../shared/mask'
import { addPromise, keepPromise } from '../../shared/promise'
import { act } from '../db/act'
import { dutyCustomer } from '../db/duty'
import { addHistory } from '../db/history'
import type { Tx } from '../db/open'
import { keyedHash } from '../db/person'
import { inheritedCustomer, inheritedHandover, stageOfRow, type StandingRow } from '../db/standing'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

/** What the successor promises, and keeps: the predecessor's promises too. Both only once the customer is told. */
export function promise(house: House): void {
  const { deps } = house

  serve(house, addPromise, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const handover = openTo(await inheritedHandover(tx, caller.id, input.handover), now)
      const { text, due } = input
      const kinds = sensitiveIn(text)
      if (kinds.length && !input.sure) throw thinkTwice(kinds, c.get('language'))
      const wish = { id: deps.id(), customerId: handover.customer, madeBy: caller.id, madeAt: now, text, due }
      const made = await rows.addPromise(tx, wish)
      if (made) {
        await addHistory(tx, [entry(deps.id(), wish.customerId, caller.id, now, 'promise.made', { text, due })])
        const bound = await keyedHash(tx, deps.config.SECRET, handover.customer, text)
        audit('promise.made', made.id, {
          handover: handover.handover,
          text: bound,
          ...(kinds.length ? { sure_of: kinds } : {}),
        })
      }
      const p = made ?? (await rows.samePromise(tx, wish))
      return seenBy(
        { who: 'successor', stage: stageOfRow(handover, now) },
        {
          id: p.id,
          text,
          due,
          madeBy: caller.name,
          madeAt: p.madeAt.toISOString(),
          source: p.source as 'description' | 'member',
          keptAt: p.keptAt?.toISOString() ?? null,
        },
      )
    })
  })

  serve(house, keepPromise, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await rows.promiseById(tx, input.promise)
      if (!found) throw new Failure('not_found')
      const customer = await whoseToKeep(tx, caller.id, found.customerId, now)
      if (await rows.keepPromise(tx, found.id, caller.id, now)) {
        await addHistory(tx, [entry(deps.id(), customer, caller.id, now, 'promise.kept', { text: found.text })])
        audit('promise.kept', found.id)
      }
      return OK
    })
  })
}

/** The successor's, once the customer is told; until the takeover also whoever answers meanwhile. */
async function whoseToKeep(tx: Tx, memberId: string, customerId: string, now: Date): Promise<string> {
  const onDuty = await dutyCustomer(tx, memberId, customerId)
  if (onDuty && maySee('duty', stageOfRow(onDuty, now), 'F2')) return onDuty.customer
  return openTo(await inheritedCustomer(tx, memberId, customerId), now).customer
}

/** Nobody means to write these down for good; who does says so (compliance 6.1, T-16). */
function thinkTwice(kinds: readonly SensitiveKind[], language: Language): Failure {
  const words = language === 'en' ? en : zh
  return new Failure('think_twice', { kinds: kinds.map((kind) => words.names[kind]).join(words.and) })
}

/** Promises are service history (F2): closed until the customer is told. */
function openTo<R extends StandingRow>(row: R | undefined, now: Date): R {
  if (!row) throw new Failure('not_found')
  const stage = stageOfRow(row, now)
  if (stage === 'V1') throw new Failure('not_notified')
  if (!maySee('successor', stage, 'F2')) throw new Failure('not_found')
  return row
}

const entry = <K extends 'promise.made' | 'promise.kept', B>(
  id: string,
  customerId: string,
  authorId: string,
  at: Date,
  kind: K,
  body: B,
) => ({ id, customerId, at, authorId, source: 'member' as const, kind, body })
