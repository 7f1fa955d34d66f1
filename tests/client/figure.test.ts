import { afterEach, expect, test } from 'vitest'
import { getFigures, listLate, type Figures } from '../../src/shared/figure'
import { answers, close, open, see, seen } from '../support/workbench'

afterEach(close)

const outcome = {
  ...{ taken: 3, after30: 2, lost30: 1, after90: 0, lost90: 0, complaints: 1, objections: 0 },
  ...{ firstContact: 4.5, late: 0, wait: 1 },
}
const successor = (member: string, name: string, more: Partial<Figures['bySuccessor'][number]>) => ({
  ...{ member, name, before: 10, now: 20, coming: 2, capacity: null, topBefore: 0, topNow: 0, ...outcome, ...more },
})
const figures: Figures = {
  since: '2025-11-26T02:00:00.000Z',
  all: { ...outcome, taken: 6 },
  bySuccessor: [
    successor('m1', '陈一鸣', { before: 30, now: 45, capacity: 50, topNow: 3 }),
    successor('m2', '欧阳明日香织田信长', { now: 15, topBefore: 2, topNow: 1 }),
  ],
  byRule: [{ how: 'rules', rules: 'R-3', ...outcome }],
  byOrigin: [],
  explanations: { ruled: 6, explained: 6 },
  byApprover: [{ member: 'm3', name: '何致远', customers: 8, changed: 2 }],
}
/** A row of a table as its reader hears it: the name, then each column and what stands there. */
const row = (name: string, nth = 0): string[] => {
  const found = [...document.querySelectorAll('tr')].filter((tr) => tr.querySelector('th')?.textContent === name)[nth]
  return [...(found?.querySelectorAll('td') ?? [])].map((td) => `${td.dataset['column']}: ${td.textContent}`)
}

test('Shares before and now, load against capacity, and what approvers had changed stand beside what came of it (7.6)', async () => {
  answers(getFigures, () => figures)
  answers(listLate, () => ({ items: [], next: null }))
  await open('/figures')
  await see('按规则分配的 6 位客户，6 位有分配说明')
  expect(row('陈一鸣')).toEqual(
    expect.arrayContaining(['接替: 3', '留住（30 天）: 1/2', '留住（90 天）: —', '首次联系（小时）: 4.5']),
  )
  expect(row('陈一鸣', 1)).toEqual([
    ...['现有客户（之前 → 现在）: 30 → 45', '客户占比（之前 → 现在）: 75% → 75%'],
    ...['S、A 级占比（之前 → 现在）: 0% → 75%', '客户 / 上限: 45 / 50 (90%)'],
  ])
  expect(row('欧阳明日香织田信长', 1)).toContain('客户 / 上限: 没填上限')
  expect(row('何致远')).toEqual(['批准的客户: 8', '被人改过: 2 (25%)'])
  expect(row('规则第 3 版')[0]).toBe('接替: 3')
})

test('One successor alone has no shares, and where no rules were used nothing is said of them', async () => {
  const one = { ...figures, bySuccessor: figures.bySuccessor.slice(0, 1), byApprover: [] }
  answers(getFigures, () => ({ ...one, explanations: { ruled: 0, explained: 0 } }))
  answers(listLate, () => ({ items: [], next: null }))
  await open('/figures')
  await see('分得公平吗')
  for (const words of ['占比', '分配说明', '按审批人']) expect(seen()).not.toContain(words)
})
