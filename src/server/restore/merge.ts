import { trimTail } from '../lib/trim'
import { restoreFields, type LeftOut, type RestoreField, type Verdict } from '../../shared/restore'

/** What WeCom takes (facts 3.4, 3.5). It does not say how many numbers; ten is what its client offers room for. */
export const most = { remark: 20, description: 150, company: 20, mobiles: 10, tags: 3000 } as const

/** What the predecessor's relation held. */
export interface Left {
  remark: string
  description: string
  company: string | null
  mobiles: readonly string[]
  /** `name` is null for a tag our library does not have: one of a rule group, or newer than the last mirror. */
  tags: readonly { id: string; name: string | null; deleted: boolean }[]
  /** null: never read (facts 3.3). */
  personalTags: readonly string[] | null
}

/** What the successor's relation holds now. */
export interface Has {
  name: string
  kind: 'wechat' | 'wecom' | 'unknown'
  remark: string
  description: string
  company: string | null
  mobiles: readonly string[]
  tagIds: readonly string[]
}

export interface FieldPlan {
  field: RestoreField
  is: Exclude<Verdict, 'restored'>
  /** `write`: what is written. Of tags their ids, of numbers and of the description all that will stand there. */
  value: string[]
  /** What is new of it, for people. */
  shown: string[]
  cut: boolean
  out: LeftOut[]
}

/** Characters as WeCom counts them: a code point is one, so an emoji is never split in the middle. */
const lengthOf = (text: string): number => [...text].length
export const cutTo = (text: string, limit: number): string =>
  lengthOf(text) <= limit ? text : `${trimTail([...text].slice(0, limit - 1).join(''), /\u200d|\ufe0f|\s/)}…`

/** WeCom may trim what is written and turn its line ends; that is not somebody else's text. */
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()
const alike = (a: string, b: string): boolean => flat(a) === flat(b)

/**
 * What to write so that nothing the successor typed is changed and nothing that fits is lost. Only fields in which the
 * predecessor left something are answered. Planning again after the writing finds nothing to write.
 */
export function planRestore(left: Left, has: Has, wanted: readonly RestoreField[] = restoreFields): FieldPlan[] {
  const description = wanted.includes('description') ? behind('description', left.description, has.description) : null
  const soFar = description?.is === 'write' ? (description.value[0] ?? '') : has.description
  const all: (FieldPlan | null)[] = [
    tags(left, has),
    remark(left, has),
    description,
    personal(left, soFar),
    company(left, has),
    mobiles(left, has),
  ]
  return all.filter((plan) => plan !== null).filter(({ field }) => wanted.includes(field))
}

const plan = (field: RestoreField, is: FieldPlan['is'], some: Partial<FieldPlan> = {}): FieldPlan => ({
  field,
  is,
  value: [],
  shown: [],
  cut: false,
  out: [],
  ...some,
})

const written = (field: RestoreField, whole: string, value: string): FieldPlan =>
  plan(field, 'write', { value: [value], shown: [value], cut: value !== whole })

/** WeCom writes nothing or the customer's own name where nobody has written a remark; that is nobody's word. */
function remark(left: Left, has: Has): FieldPlan | null {
  if (!left.remark.trim() || alike(left.remark, has.name)) return null
  const value = cutTo(left.remark, most.remark)
  if (alike(has.remark, value) || alike(has.remark, left.remark)) return plan('remark', 'same')
  if (has.remark.trim() && !alike(has.remark, has.name)) return plan('remark', 'typed', { shown: [value] })
  return written('remark', left.remark, value)
}

/** Into an empty description, shortened if it must; behind what stands there only whole. */
function behind(field: 'description' | 'personal', text: string, standing: string): FieldPlan | null {
  if (!text.trim()) return null
  const short = cutTo(text, most.description)
  if (flat(standing).includes(flat(text)) || flat(standing).includes(flat(short))) return plan(field, 'same')
  if (!standing.trim()) return written(field, text, short)
  const both = `${standing}\n${text}`
  if (lengthOf(both) > most.description) return plan(field, 'no_room', { shown: [text] })
  return plan(field, 'write', { value: [both], shown: [text] })
}

/** WeCom gives a member's own tags no id and no way to write them (facts 3.2): they become a line of the description. */
function personal({ personalTags }: Left, standing: string): FieldPlan | null {
  if (personalTags === null) return plan('personal', 'unread')
  const line = `个人标签：${[...new Set(personalTags)].join('、')}`
  return personalTags.length ? behind('personal', line, standing) : null
}

function company(left: Left, has: Has): FieldPlan | null {
  const whole = left.company?.trim()
  if (!whole) return null
  const value = cutTo(whole, most.company)
  if (alike(has.company ?? '', value) || alike(has.company ?? '', whole)) return plan('company', 'same')
  if (has.kind !== 'wechat') return plan('company', 'wechat_only', { shown: [value] })
  if (has.company?.trim()) return plan('company', 'typed', { shown: [value] })
  return written('company', whole, value)
}

/** WeCom replaces the whole list, so what the successor has goes with it, first (facts 3.4). */
function mobiles(left: Left, has: Has): FieldPlan | null {
  const known = new Set(has.mobiles.map(digits))
  const missing = left.mobiles.filter((m) => m.trim() && !known.has(digits(m)) && known.add(digits(m)))
  if (!left.mobiles.some((m) => m.trim())) return null
  if (!missing.length) return plan('mobiles', 'same')
  const room = Math.max(0, most.mobiles - has.mobiles.length)
  const added = missing.slice(0, room)
  const out = missing.slice(room).map((name) => ({ name, why: 'no_room' as const }))
  if (!added.length) return plan('mobiles', 'no_room', { shown: missing, out })
  return plan('mobiles', 'write', { value: [...has.mobiles, ...added], shown: added, out })
}

const digits = (mobile: string): string => mobile.replace(/[^\d+]/g, '') || mobile

/** Tags are only ever added (facts 3.5). */
function tags(left: Left, has: Has): FieldPlan | null {
  if (!left.tags.length) return null
  const there = new Set(has.tagIds)
  const missing = left.tags.filter((t) => !there.has(t.id))
  const usable = missing.filter((t) => !t.deleted).slice(0, Math.max(0, most.tags - there.size))
  const out = missing
    .filter((t) => !usable.includes(t))
    .map((t) => ({ name: t.name ?? '', why: t.deleted ? whyDeleted(t.id) : ('no_room' as const) }))
  if (usable.length)
    return plan('tags', 'write', { value: usable.map((t) => t.id), shown: usable.map((t) => t.name ?? ''), out })
  return plan('tags', out.length ? 'gone' : 'same', { out })
}

/** A rule group's tag (`st…`) can be set only by the app that made the group (facts 3.5). */
export const whyDeleted = (tagId: string): LeftOut['why'] => (tagId.startsWith('st') ? 'not_ours' : 'deleted')
