import { maySee } from '../../shared/access'
import { Failure } from '../../shared/failure'
import { askRestore, askRestores, getRestore, getRestores, partOf, restoreParts } from '../../shared/restore'
import { act } from '../db/act'
import { look } from '../db/look'
import type { Tx } from '../db/open'
import { departureInScope } from '../db/scope'
import { inheritedHandover, stageOfRow } from '../db/standing'
import { seenBy, type Sight } from '../lib/cut'
import { serve, type Caller, type House } from '../lib/serve'
import { offerOf } from './offer'
import * as rows from './rows'

/** What the predecessor left, offered to the successor and put back when asked for. WeCom is called by the job (run.ts). */
export function restore(house: House): void {
  const { deps } = house

  serve(house, getRestore, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { handover, customer, sight } = await openTo(tx, caller, input.handover, deps.now())
      look(audit, 'look.restore', customer, { sight, door: getRestore, handover, only: ['F2', 'F3'] })
      return offer(tx, handover, sight)
    }),
  )

  serve(house, askRestore, async ({ input, caller }) => {
    const at = deps.now()
    const answer = await act(deps.db, at, caller.id, async (tx, audit) => {
      const { handover, sight } = await openTo(tx, caller, input.handover, deps.now())
      await rows.holdHandover(tx, handover)
      const before = await rows.restoresOf(tx, handover)
      for (const part of restoreParts) {
        const row = before.find((r) => r.part === part)
        // Under way already, or decided: nothing is asked for twice. What failed may be.
        const fields = [...new Set(input.fields)].filter((f) => partOf(f) === part && !row?.outcome[f])
        if (!fields.length || row?.state === 'asked' || row?.state === 'sent') continue
        await rows.ask(tx, { handoverId: handover, part, successorId: caller.id, fields, askedBy: caller.id, at })
        audit('restore.asked', handover, { part, fields })
      }
      return offer(tx, handover, sight)
    })
    deps.wake('restore')
    return answer
  })

  serve(house, getRestores, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const departure = await departureFor(tx, caller, input.departure)
      audit('look.list', departure, { restores: true })
      return progress(tx, departure)
    }),
  )

  serve(house, askRestores, async ({ input, caller }) => {
    const at = deps.now()
    const answer = await act(deps.db, at, caller.id, async (tx, audit) => {
      const departure = await departureFor(tx, caller, input.departure)
      const handovers = await rows.askAll(tx, departure, caller.id, at)
      if (handovers.length) audit('restore.asked', departure, { handovers })
      return progress(tx, departure)
    })
    deps.wake('restore')
    return answer
  })
}

const offer = async (tx: Tx, handover: string, sight: Sight) =>
  seenBy(sight, offerOf(await rows.groundOf(tx, handover), await rows.restoresOf(tx, handover)))

async function progress(tx: Tx, departure: string) {
  const { nextAt, ...counts } = await rows.progressOf(tx, departure)
  return { ...counts, nextAt: nextAt?.toISOString() ?? null }
}

/** Tags and remarks are F2, numbers F3: nothing of them before the customer is told. */
async function openTo(
  tx: Tx,
  caller: Caller,
  handover: string,
  now: Date,
): Promise<{ handover: string; customer: string; sight: Sight }> {
  const row = await inheritedHandover(tx, caller.id, handover)
  const stage = row && stageOfRow(row, now)
  if (stage === 'V1') throw new Failure('not_notified')
  if (!row || !stage || !maySee('successor', stage, 'F2') || !maySee('successor', stage, 'F3'))
    throw new Failure('not_found')
  return { handover: row.handover, customer: row.customer, sight: { who: 'successor', stage } }
}

async function departureFor(tx: Tx, caller: Caller, id: string): Promise<string> {
  const found = await departureInScope(tx, id, caller)
  if (!found) throw new Failure('not_found')
  return found.id
}
