import { maskPhone } from '../../shared/mask'
import { partOf, type LeftOut, type OfferedField, type RestoreOffer, type Verdict } from '../../shared/restore'
import type { Seen } from '../wecom/seen'
import { planRestore, type FieldPlan, type Has, type Left } from './merge'
import type { Ground, RestoreRow } from './rows'

export const leftOf = (g: Ground, refused: ReadonlySet<string> = new Set()): Left => ({
  remark: g.remark ?? '',
  description: g.description ?? '',
  company: g.company,
  mobiles: g.mobiles ?? [],
  tags: g.tags.map((t) => ({ ...t, deleted: t.deleted || refused.has(t.id) })),
  personalTags: g.personalTags,
})

/** By our copy: good enough for an offer. What is written is decided by a fresh reading. */
export const hasOf = (g: Ground): Has => ({
  name: g.name,
  kind: g.kind as Has['kind'],
  remark: g.ownRemark ?? '',
  description: g.ownDescription ?? '',
  company: g.ownCompany,
  mobiles: g.ownMobiles ?? [],
  tagIds: g.ownTagIds ?? [],
})

export const seenNow = (s: Seen): Has => ({ ...s, company: s.noted })

/** What people are shown of numbers; the whole ones stay in the relations. */
const masked = <T extends { field: string }>({ field }: T, texts: readonly string[]): string[] =>
  field === 'mobiles' ? texts.map(maskPhone) : [...texts]

export const shownOf = (plan: FieldPlan) => ({
  shown: masked(plan, plan.shown),
  cut: plan.cut,
  out: plan.out.map(({ name, why }) => ({ name: masked(plan, [name])[0] ?? '', why })),
})

export function offerOf(ground: Ground, rows: readonly RestoreRow[]): RestoreOffer {
  const has = hasOf(ground)
  return {
    handover: ground.handover,
    from: ground.from,
    fields: planRestore(leftOf(ground), has).map((plan) => offered(plan, has, rows)),
    parts: rows.map((r) => ({
      part: r.part,
      state: r.state as RestoreOffer['parts'][number]['state'],
      by: r.by,
      own: r.askedBy === r.successorId,
      at: (r.doneAt ?? r.askedAt).toISOString(),
      errcode: r.errcode,
      nextAt: r.state === 'done' || r.state === 'failed' ? null : r.nextAt.toISOString(),
    })),
  }
}

function offered(plan: FieldPlan, has: Has, rows: readonly RestoreRow[]): OfferedField {
  const { field } = plan
  const row = rows.find((r) => r.part === partOf(field))
  const decided = row?.outcome[field]
  const { shown, cut, out } = decided ? { ...decided, out: decided.out as LeftOut[] } : shownOf(plan)
  return {
    field,
    is: (decided?.is ?? plan.is) as Verdict,
    state: decided ? 'done' : row?.fields.includes(field) ? (row.state as OfferedField['state']) : null,
    before: decided ? [] : masked(plan, standing(plan, has)),
    after: shown,
    cut,
    out,
  }
}

/** What stands in the successor's relation; of tags nothing is taken away, so only what is added matters. */
function standing({ field }: FieldPlan, has: Has): string[] {
  if (field === 'mobiles') return [...has.mobiles]
  if (field === 'tags' || field === 'personal') return []
  const text = has[field] ?? ''
  return text && !(field === 'remark' && text === has.name) ? [text] : []
}
