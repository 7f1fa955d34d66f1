import type { RestoreField, RestorePart } from '../../shared/restore'
import { act } from '../db/act'
import { addHistory, type NewHistory } from '../db/history'
import type { Deps } from '../deps'
import { tagList } from '../wecom/apis'
import { WeComError } from '../wecom/client'
import { unphoned } from '../wecom/difference'
import { BAD_TAG } from '../wecom/errcodes'
import { chunksOf } from '../wecom/pages'
import type { Seen } from '../wecom/seen'
import { noteWritten, type Written } from '../wecom/written'
import { whyDeleted, type FieldPlan } from './merge'
import { shownOf } from './offer'
import * as rows from './rows'

/** One call, as it is written down before it is made. */
export interface Writing {
  fields: RestoreField[]
  params: Record<string, unknown>
}

/** The call that the plans ask for; null: nothing is to be written. */
export function writing(plans: readonly FieldPlan[]): Writing | null {
  const todo = plans.filter((p) => p.is === 'write')
  if (!todo.length) return null
  const params: Record<string, unknown> = {}
  for (const { field, value } of todo) {
    if (field === 'tags') params['add_tag'] = value
    else if (field === 'mobiles') params['remark_mobiles'] = value
    else if (field === 'company') params['remark_company'] = value[0]
    // The line of personal tags stands behind the description, and its plan was made last: it holds both.
    else params[field === 'remark' ? 'remark' : 'description'] = value[0]
  }
  return { fields: todo.map((p) => p.field), params }
}

/** That the call is made is committed first (DESIGN 4.2). */
export const intend = (deps: Deps, row: rows.RestoreRow, value: Writing): Promise<void> => {
  const at = deps.now()
  return act(deps.db, at, 'system', async (tx, audit) => {
    await rows.change(tx, row.handoverId, row.part, { state: 'sent', sentAt: at, value, tries: row.tries + 1 })
    audit('restore.sent', row.handoverId, { part: row.part, fields: value.fields })
  })
}

/**
 * Everything of this part is decided. A field that was written, now or by a call whose answer was lost, is restored; what
 * it held goes into the history, whole, and its author is who asked for it.
 */
export async function settle(
  deps: Deps,
  ground: rows.Ground,
  row: rows.RestoreRow,
  plans: readonly FieldPlan[],
  now: Seen,
): Promise<true> {
  const at = deps.now()
  const lost = row.state === 'sent' ? (row.value as unknown as Writing) : null
  const ours = (p: FieldPlan) => p.is === 'write' || (p.is === 'same' && lost?.fields.includes(p.field) === true)
  const restored = plans.filter(ours)
  const outcome: rows.Outcome = { ...row.outcome }
  for (const p of plans) outcome[p.field] = { is: ours(p) ? 'restored' : p.is, ...shownOf(p) }
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    await rows.change(tx, row.handoverId, row.part, { state: 'done', doneAt: at, errcode: null, outcome })
    await noteWritten(tx, ground.successorId, ground.customerId, writtenOf(restored, now))
    const told = { id: deps.id(), customerId: ground.customerId, at, authorId: row.askedBy, source: 'member' as const }
    if (restored.length) await addHistory(tx, [{ ...told, ...storyOf(ground, restored, lost) }])
    audit('restore.done', row.handoverId, {
      part: row.part,
      restored: restored.map((p) => p.field),
      left: plans.filter((p) => !ours(p)).map((p) => `${p.field}: ${p.is}`),
    })
  })
  return true
}

/** What stands in the relation now: what was just written, or what the reading after a lost answer found. */
function writtenOf(restored: readonly FieldPlan[], now: Seen): Written {
  const written: Written = {}
  for (const { field, value } of restored) {
    if (field === 'tags') written.tagIds = [...new Set([...now.tagIds, ...value])].sort()
    else if (field === 'mobiles') written.mobiles = value.length ? value : now.mobiles
    else if (field === 'company') written.company = value[0] ?? now.noted
    else if (field === 'remark') written.remark = value[0] ?? now.remark
    else written.description = value[0] ?? written.description ?? now.description
  }
  return written
}

function storyOf(
  ground: rows.Ground,
  restored: readonly FieldPlan[],
  lost: Writing | null,
): Pick<NewHistory, 'kind' | 'body'> {
  const { successor } = ground
  const [first] = restored
  if (first?.field === 'tags') {
    const ids = first.is === 'write' ? first.value : (lost?.params['add_tag'] as string[])
    const names = ground.tags.filter((t) => ids.includes(t.id)).map((t) => t.name ?? t.id)
    return { kind: 'tags.restored', body: { successor, names } }
  }
  const whole = restored.flatMap((p) => (p.cut ? [unphoned(wholeOf(ground, p.field))] : []))
  return { kind: 'note.restored', body: { successor, fields: restored.map((p) => p.field), whole } }
}

const wholeOf = (g: rows.Ground, field: RestoreField): string =>
  (field === 'remark'
    ? g.remark
    : field === 'company'
      ? g.company
      : field === 'description'
        ? g.description
        : (g.personalTags ?? []).join('、')) ?? ''

/** Which of these tags do not exist any more, or are not ours to set: WeCom refuses the call, and names none. */
export async function refusedTags(deps: Deps, write: Writing): Promise<string[]> {
  const asked = write.params['add_tag'] as string[]
  const there = new Set<string>()
  for (const some of chunksOf(asked, 100)) {
    try {
      const { tag_group } = await deps.wecom.ask(tagList, { tag_id: some })
      for (const t of tag_group.filter((g) => !g.deleted).flatMap((g) => g.tag)) if (!t.deleted) there.add(t.id)
    } catch (error) {
      if (!(error instanceof WeComError && error.errcode === BAD_TAG)) throw error
    }
  }
  const gone = asked.filter((id) => !there.has(id))
  const deleted = gone.filter((id) => whyDeleted(id) === 'deleted')
  if (deleted.length)
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      await rows.forgetTags(tx, deleted)
      audit('mirror.changed', 'tag', { deleted })
    })
  return gone
}

/** A minute first, an hour in the end, for what passes by itself or what an administrator must mend. Of a call without an answer half a minute: it may come yet. */
const waitOf = (tries: number): number => Math.min(60, 2 ** Math.min(tries, 6)) * 60_000
const LOST_MS = 30_000

/** Later again. False, so that the caller stops asking WeCom. */
export async function postpone(
  deps: Deps,
  open: readonly rows.RestoreRow[],
  errcode: number | null,
  state?: 'asked' | 'sent',
): Promise<false> {
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    for (const row of open) {
      const tries = row.tries + 1
      const wait = state === 'sent' ? LOST_MS : waitOf(tries - 1)
      const nextAt = new Date(at.getTime() + wait)
      await rows.change(tx, row.handoverId, row.part, { nextAt, errcode, tries, ...(state ? { state } : {}) })
      audit('restore.later', row.handoverId, { part: row.part, errcode, state: state ?? row.state })
    }
  })
  return false
}

/** Nothing more will come of it by itself; somebody may ask again. */
export async function fail(
  deps: Deps,
  ground: rows.Ground,
  parts: readonly RestorePart[],
  errcode: number | null,
): Promise<true> {
  const at = deps.now()
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    for (const part of parts) {
      await rows.change(tx, ground.handover, part, { state: 'failed', doneAt: at, errcode })
      audit('restore.failed', ground.handover, { part, errcode })
    }
  })
  return true
}
