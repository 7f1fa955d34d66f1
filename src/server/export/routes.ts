import { OK } from '../../shared/endpoint'
import {
  APPROVAL_MS,
  approveExport,
  askExport,
  exportKinds,
  getExport,
  getExportChoices,
  listExports,
  MOST_ROWS,
  needsCompliance,
  offered,
  previewExport,
  rejectExport,
  sendExportCode,
  withdrawExport,
  classOfField,
  type ExportWhat,
} from '../../shared/export'
import { maskedClasses } from '../../shared/access'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { mayExport } from '../db/export'
import type { Tx } from '../db/open'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import { tellApprovers, tellCode } from './tell'
import { askerOf, fieldsFor, keysOf, rowsOf, type Wish } from './content'
import { deliver } from './deliver'
import { digestOf, sealOf } from './digest'
import { decisionOf, heldFor, heldOwn, move, requireMay, seesAll, shown, showOne, slotOf } from './request'
import * as rows from './rows'
import { exportSwitchRoutes } from './switch'

/** Data that leaves as a file: counted and shown, asked for, approved by others, made by a job, taken once. */
export function exporting(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, getExportChoices, ({ caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const departures = await rows.departuresFor(tx, caller).limit(200).execute()
      audit('look.list', 'departures', { departures: departures.map((d) => d.id), for: 'export' })
      const kinds = exportKinds.map((kind) => ({ kind, fields: offered(kind, askerOf(caller, kind)) }))
      return {
        open: await mayExport(tx, caller.id),
        kinds: kinds.filter(({ fields }) => fields.length),
        departures: departures.map((d) => ({ id: d.id, name: d.name, leftAt: d.leftAt.toISOString() })),
      }
    }),
  )

  serve(house, previewExport, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      await requireMay(tx, caller)
      const { wish, fields, keys } = await counted(tx, caller, input, now())
      const found = await rowsOf(tx, caller, wish, keys, fields, now())
      audit('export.previewed', wish.departure ?? wish.kind, { kind: wish.kind, fields, rows: found.length })
      const columns = fields.map((field, i) => {
        const fieldClass = classOfField(wish.kind, field) ?? 'F6'
        const open = found.filter((row) => row.open[i]).length
        return { field, class: fieldClass, masked: maskedClasses.includes(fieldClass), open }
      })
      const seal = sealOf(wish, input.format, fields, keys)
      return { rows: keys.length, columns, needsCompliance: needsCompliance(wish.kind, fields), seal }
    }),
  )

  serve(house, askExport, async ({ input, caller, c }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      await requireMay(tx, caller)
      const { wish, fields, keys } = await counted(tx, caller, input, at)
      if (sealOf(wish, input.format, fields, keys) !== input.seal) throw new Failure('stale')
      const { purpose, note, format } = input
      const digest = digestOf(input.seal, { purpose, note, by: caller.id })
      const id = deps.id()
      await rows.insertRequest(tx, {
        ...{ id, kind: wish.kind, departureId: wish.departure, days: wish.days, purpose, note, format, fields, keys },
        ...{ digest, needsCompliance: needsCompliance(wish.kind, fields), state: 'pending', askedBy: caller.id },
        ...{ askedAt: at, language: c.get('language') },
      })
      audit('export.asked', id, { kind: wish.kind, of: wish.departure, purpose, fields, rows: keys.length, digest })
      await tellApprovers(tx, deps, { id, by: caller, rows: keys.length, at })
      return showOne(tx, id, caller)
    })
    deps.wake('letters')
    return answer
  })

  serve(house, listExports, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [after = null] = readPlace(input.after, word) ?? []
      const found = await rows.listRequests(tx, caller, seesAll(caller), input.view, after, input.limit + 1)
      audit('look.export', 'list', { view: input.view, shown: Math.min(found.length, input.limit) })
      return pageOf(
        found,
        input.limit,
        (row) => placeOf(row.id),
        (row) => shown(row, caller),
      )
    }),
  )

  serve(house, getExport, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await showOne(tx, input.export, caller)
      audit('look.export', found.id)
      return found
    }),
  )

  serve(house, approveExport, async ({ input, caller }) => {
    const at = now()
    const answer = await act(db, at, caller.id, async (tx, audit) => {
      await requireMay(tx, caller)
      const held = await toDecide(tx, input, caller, at)
      const slot = slotOf(held, caller)
      if (!slot) throw new Failure('forbidden')
      const set =
        slot === 'cleared' ? { clearedBy: caller.id, clearedAt: at } : { approvedBy: caller.id, approvedAt: at }
      const after = { ...held, ...set }
      audit('export.approved', held.id, { digest: held.digest, as: slot })
      if (after.approvedBy && (!held.needsCompliance || after.clearedBy))
        await move(tx, audit, held, 'approve', { ...set, approvedAt: at }, at)
      else await rows.setRequest(tx, held.id, set)
      return showOne(tx, held.id, caller)
    })
    deps.wake('exports')
    return answer
  })

  serve(house, rejectExport, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      const held = await toDecide(tx, input, caller, at)
      await move(tx, audit, held, 'reject', { reason: input.reason }, at)
      audit('export.rejected', held.id, { digest: held.digest })
      return showOne(tx, held.id, caller)
    })
  })

  serve(house, withdrawExport, ({ input, caller }) => {
    const at = now()
    return act(db, at, caller.id, async (tx, audit) => {
      await move(tx, audit, await heldOwn(tx, input.export, caller), 'withdraw', {}, at)
      return showOne(tx, input.export, caller)
    })
  })

  serve(house, sendExportCode, async ({ input, caller }) => {
    await act(db, now(), caller.id, async (tx, audit) => {
      await requireMay(tx, caller)
      const held = await heldOwn(tx, input.export, caller)
      if (held.state !== 'ready') throw new Failure('stale')
      await tellCode(tx, audit, deps, held)
    })
    deps.wake('letters')
    return OK
  })

  deliver(house)
  exportSwitchRoutes(house)
}

/** What is asked for, its columns and its rows as they are now: none, and too many, are refused with a reason. */
async function counted(tx: Tx, caller: Caller, input: ExportWhat, at: Date) {
  const ofOne = input.kind === 'departure' || input.kind === 'view_log'
  if (ofOne && !input.departure) throw new Failure('invalid', { fields: 'departure' })
  const wish: Wish = {
    kind: input.kind,
    departure: ofOne ? (input.departure ?? null) : null,
    days: input.kind === 'view_log' ? (input.days ?? 30) : null,
  }
  const fields = fieldsFor(caller, wish.kind, input.fields)
  const keys = await keysOf(tx, caller, wish, at)
  if (!keys.length) throw new Failure('export_empty')
  if (keys.length > MOST_ROWS) throw new Failure('export_too_many', { most: MOST_ROWS, rows: keys.length })
  return { wish, fields, keys }
}

/** Somebody else's request, exactly as its reader saw it, and not too old to be decided. */
async function toDecide(tx: Tx, input: { export: string; digest: string }, caller: Caller, at: Date) {
  const held = await heldFor(tx, input.export, caller)
  const decision = decisionOf(held, caller)
  if (decision === 'own' || decision === 'decided') throw new Failure('export_own')
  if (decision === 'for_compliance') throw new Failure('forbidden')
  if (
    decision === 'not_pending' ||
    held.digest !== input.digest ||
    at.getTime() - held.askedAt.getTime() >= APPROVAL_MS
  )
    throw new Failure('stale')
  return held
}
