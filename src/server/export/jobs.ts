import { createHash } from 'node:crypto'
import { APPROVAL_MS, FILE_MS, type ExportField, type Format } from '../../shared/export'
import type { Language } from '../../shared/lang/fill'
import { act } from '../db/act'
import { barredExports, mayExport, readExportSwitch } from '../db/export'
import type { Deps } from '../deps'
import type { Standing } from '../lib/serve'
import { rowsOf } from './content'
import { deliverable } from './deliver'
import { move, numberOf, wishOf } from './request'
import * as rows from './rows'
import { fileOf, markedOrder } from './sheet'
import { tellCode } from './tell'

/** Somebody as they would be let in now, without being here: their roles and scope at this moment. */
export type FindMember = (deps: Deps, memberId: string) => Promise<Standing | null>

/** Ends what is over and whose requester may no longer; then makes the files that were approved. */
export const exportsJob = (findMember: FindMember) => async (deps: Deps) => {
  const { db, now } = deps
  for (const { id } of await rows.overdue(db, now(), APPROVAL_MS)) await endOverdue(deps, id)
  for (const { id } of await barredExports(db, (await readExportSwitch(db)).on)) await stop(deps, id)
  for (const { id } of await rows.toMake(db)) await make(deps, id, findMember)
}

const endOverdue = (deps: Deps, id: string) =>
  act(deps.db, deps.now(), 'system', async (tx, audit) => {
    const held = await rows.holdRequest(tx, id)
    if (!held) return
    const event = held.state === 'ready' ? 'expire' : 'lapse'
    await move(tx, audit, held, event, {}, deps.now())
  })

const stop = (deps: Deps, id: string) =>
  act(deps.db, deps.now(), 'system', async (tx, audit) => {
    const held = await rows.holdRequest(tx, id)
    if (held) await move(tx, audit, held, 'stop', {}, deps.now())
  })

/** What the requester may see at this moment of the rows that were approved, and of no others. */
async function make(deps: Deps, id: string, findMember: FindMember): Promise<void> {
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    const held = await rows.holdRequest(tx, id)
    if (held?.state !== 'approved') return
    const asker = await findMember({ ...deps, db: tx }, held.askedBy)
    const may = asker !== null && (await mayExport(tx, asker.id))
    const fields = held.fields as ExportField[]
    const found = may ? await rowsOf(tx, asker, wishOf(held), held.keys, fields, at) : []
    if (!may || !found.length) return move(tx, audit, held, 'stop', {}, at)
    const { marks } = await readExportSwitch(tx)
    const file = fileOf(fields, marks ? markedOrder(found, deps.config.SECRET, id) : found, {
      ...{ number: numberOf(id), by: asker.name, at },
      ...{ language: held.language as Language, format: held.format as Format },
    })
    const sha256 = createHash('sha256').update(file).digest('hex')
    await rows.keepFile(tx, id, deliverable(deps.config.SECRET, id, file))
    const made = { madeAt: at, rows: found.length, sha256, marked: marks, expiresAt: new Date(at.getTime() + FILE_MS) }
    await move(tx, audit, held, 'make', made, at)
    audit('export.made', id, { sha256, rows: found.length, fields, purpose: held.purpose, format: held.format })
    await tellCode(tx, audit, deps, held)
  })
  deps.wake('letters')
}
