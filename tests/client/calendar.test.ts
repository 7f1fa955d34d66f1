import { afterEach, expect, test } from 'vitest'
import { getCalendar, loadYear, type LoadedYear } from '../../src/shared/holiday'
import { answers, askedOf, close, open, press, see, seen, type } from '../support/workbench'

afterEach(close)

const year: LoadedYear = {
  ...{ year: 2026, version: 1, source: '国务院办公厅的通知', by: null, at: '2025-11-03T16:00:00.000Z' },
  holidays: ['2026-10-01', '2026-10-02', '2026-10-03', '2026-12-25'],
  workdays: ['2026-10-10'],
}
const days = Array.from({ length: 12 }, (_, i) => `2027-01-${String(i + 1).padStart(2, '0')},休`).join('\n')

test('An administrator sees which year is missing, reads what was pasted before it is saved, and what is wrong with it', async () => {
  answers(getCalendar, () => ({ years: [year], missing: [2027] }))
  answers(loadYear, () => ({ version: 1 }))
  await open('/calendar', ['rep', 'admin'])
  await see('没有 2027 年的放假安排')
  await see('10月1日–10月3日 · 12月25日')
  await press('载入一年')
  await type('或直接粘贴', `${days}\n2027-02-30,休`)
  await see('不是这一年的日子：2027-02-30')
  await type('或直接粘贴', days)
  await see('休息 12 天: 1月1日–1月12日')
  await press('保存')
  await see('请写明依据')
  expect(askedOf(loadYear)).toEqual([])
  await type('依据（通知的名称和文号）', '国办发明电〔2026〕1号')
  await press('保存')
  expect(askedOf(loadYear)).toMatchObject([{ year: 2027, text: days, source: '国办发明电〔2026〕1号' }])
})

test('Compliance reads it and loads nothing', async () => {
  answers(getCalendar, () => ({ years: [year], missing: [] }))
  await open('/calendar', ['rep', 'compliance'])
  await see('2026 年')
  expect(seen()).not.toContain('载入一年')
})
