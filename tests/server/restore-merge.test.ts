import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutTo, most, planRestore, type Has, type Left } from '../../src/server/restore/merge'
import { writing } from '../../src/server/restore/settle'
import { restoreFields } from '../../src/shared/restore'

/** WeCom as far as these two calls go: tags are added, fields replaced (facts 3.4, 3.5). */
function write(has: Has, plans: ReturnType<typeof planRestore>): Has {
  const { params = {} } = writing(plans) ?? {}
  const { add_tag, remark, description, remark_company, remark_mobiles } = params as Record<string, never>
  return {
    ...has,
    remark: remark ?? has.remark,
    description: description ?? has.description,
    company: remark_company ?? has.company,
    mobiles: remark_mobiles ?? has.mobiles,
    tagIds: [...new Set([...has.tagIds, ...(add_tag ?? [])])],
  }
}

const text = (max: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom('王', '总', 'a', ' ', '\n', '\r\n', '😀', '👨‍👩‍👧', '𠮷', '…', '、', '138'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
      ),
      { maxLength: max },
    )
    .map((parts) => parts.join(''))
const mobile = fc.integer({ min: 0, max: 14 }).map((n) => `1380000${String(n).padStart(4, '0')}`)
const tag = fc.integer({ min: 0, max: 9 }).map((n) => `${n > 7 ? 'st' : 'et'}${n}`)

const left: fc.Arbitrary<Left> = fc.record({
  remark: text(30),
  description: text(200),
  company: fc.option(text(30)),
  mobiles: fc.uniqueArray(mobile, { maxLength: 12 }),
  tags: fc.uniqueArray(fc.record({ id: tag, name: fc.option(text(3)), deleted: fc.boolean() }), {
    selector: (t) => t.id,
    maxLength: 8,
  }),
  personalTags: fc.option(fc.array(text(8), { maxLength: 6 })),
})
const has: fc.Arbitrary<Has> = fc.record({
  name: text(4),
  kind: fc.constantFrom('wechat' as const, 'wecom' as const, 'unknown' as const),
  remark: fc.oneof(
    fc.constant(''),
    text(20).map((t) => cutTo(t, 20)),
  ),
  description: fc.oneof(
    fc.constant(''),
    text(60).map((t) => cutTo(t, 150)),
  ),
  company: fc.option(text(10).map((t) => cutTo(t, 20))),
  mobiles: fc.uniqueArray(mobile, { maxLength: 11 }),
  tagIds: fc.uniqueArray(tag, { maxLength: 6 }),
})
const wanted = fc.subarray([...restoreFields], { minLength: 1 })
const size = (t: string) => [...t].length
const squeeze = (t: string) => t.replace(/\s+/g, ' ').trim()
const runs = { numRuns: Number(process.env['RUNS'] ?? 2000) }

describe('the rule of restoring', () => {
  it('never changes what the successor typed, and takes nothing away', () => {
    fc.assert(
      fc.property(left, has, wanted, (l, h, w) => {
        const after = write(h, planRestore(l, h, w))
        if (h.remark.trim() && squeeze(h.remark) !== squeeze(h.name)) expect(after.remark).toBe(h.remark)
        if (h.company?.trim()) expect(after.company).toBe(h.company)
        if (h.description.trim()) expect(after.description.startsWith(h.description)).toBe(true)
        expect(after.mobiles.slice(0, h.mobiles.length)).toEqual(h.mobiles)
        expect(after.tagIds.slice(0, h.tagIds.length)).toEqual(h.tagIds)
        for (const field of restoreFields.filter((f) => !w.includes(f)))
          if (field !== 'description' && field !== 'personal')
            expect(after[field === 'tags' ? 'tagIds' : field]).toEqual(h[field === 'tags' ? 'tagIds' : field])
      }),
      runs,
    )
  })

  it('loses nothing: what the predecessor left stands there afterwards, or its plan says why not', () => {
    fc.assert(
      fc.property(left, has, (l, h) => {
        const plans = planRestore(l, h)
        const after = write(h, plans)
        const of = (field: string) => plans.find((p) => p.field === field)
        for (const t of l.tags)
          expect(
            after.tagIds.includes(t.id) || (t.deleted && of('tags')!.out.some((o) => o.name === (t.name ?? ''))),
          ).toBe(true)
        for (const m of l.mobiles)
          expect(after.mobiles.includes(m) || of('mobiles')!.out.some((o) => o.name === m)).toBe(true)
        const standsOrWhy = (field: 'remark' | 'description' | 'company', whole: string, stands: string) => {
          const plan = of(field)
          if (!whole.trim() || (field === 'remark' && squeeze(whole) === squeeze(h.name)))
            return expect(plan).toBeUndefined()
          if (plan!.is === 'write' && !plan!.cut) expect(squeeze(stands)).toContain(squeeze(whole))
          if (plan!.is === 'write' && plan!.cut) expect(squeeze(stands)).toContain(squeeze(plan!.value[0]!))
          return expect(['write', 'same', 'typed', 'no_room', 'wechat_only']).toContain(plan!.is)
        }
        standsOrWhy('remark', l.remark, after.remark)
        standsOrWhy('description', l.description, after.description)
        standsOrWhy('company', l.company ?? '', after.company ?? '')
        if (l.personalTags?.length && ['write', 'same'].includes(of('personal')!.is) && !of('personal')!.cut)
          for (const t of l.personalTags) expect(squeeze(after.description)).toContain(squeeze(t))
      }),
      runs,
    )
  })

  it('done again, it writes nothing: also where WeCom trimmed what was written', () => {
    fc.assert(
      fc.property(left, has, wanted, fc.boolean(), (l, h, w, trims) => {
        const once = write(h, planRestore(l, h, w))
        const kept = trims
          ? { ...once, remark: once.remark.trim(), description: once.description.replace(/\r\n/g, '\n').trim() }
          : once
        expect(writing(planRestore(l, kept, w))).toBeNull()
      }),
      runs,
    )
  })

  it('stays within what WeCom takes, counted in characters, and never leaves half a character', () => {
    fc.assert(
      fc.property(left, has, (l, h) => {
        const params = writing(planRestore(l, h))?.params ?? {}
        const {
          remark = '',
          description = '',
          remark_company = '',
          remark_mobiles = [],
        } = params as Record<string, string>
        expect(size(remark)).toBeLessThanOrEqual(most.remark)
        expect(size(description)).toBeLessThanOrEqual(most.description)
        expect(size(remark_company)).toBeLessThanOrEqual(most.company)
        expect(remark_mobiles.length).toBeLessThanOrEqual(most.mobiles)
        for (const said of [remark, description, remark_company]) expect(said).not.toMatch(/\p{Surrogate}/u)
        if (h.kind !== 'wechat') expect(remark_company).toBe('')
      }),
      runs,
    )
  })

  it.each([
    ['王'.repeat(20), '王'.repeat(20)],
    ['王'.repeat(21), `${'王'.repeat(19)}…`],
    ['😀'.repeat(20), '😀'.repeat(20)],
    ['😀'.repeat(21), `${'😀'.repeat(19)}…`],
    [`${'王'.repeat(18)}👨‍👩‍👧家`, `${'王'.repeat(18)}👨…`],
  ])('%s becomes %s', (whole, short) => expect(cutTo(whole, most.remark)).toBe(short))
})
