import { afterEach, expect, test } from 'vitest'
import { listDepartures } from '../../src/shared/departure'
import { getRetention, listHolds, placeHold, releaseHold, setPeriod, type Hold } from '../../src/shared/retention'
import { answers, askedOf, close, open, press, see, seen, type } from '../support/workbench'

afterEach(close)

const at = '2026-11-21T02:00:00.000Z'
const period = {
  ...{ name: 'network' as const, days: 200, min: 180, max: 400, then: 'delete' as const, basis: 'network' as const },
  ...{ tables: ['wecom_event'], due: 31, last: { at, removed: 7 }, changed: null },
}
const hold: Hold = {
  ...{ id: 'h1', kind: 'departure', of: '林晓', caseNo: '(2026)沪01民初1号', reason: '对方可能起诉' },
  ...{ by: '沈岚', at, reviewAt: at, overdue: true, released: null },
}

test('Each period with its basis, what is due and what went; an administrator changes it within its bounds, with a reason', async () => {
  answers(getRetention, () => ({ periods: [period], letter: '合作期间及结束后三年，之后删除' }))
  answers(setPeriod, () => ({ ok: true as const }))
  await open('/retention', ['rep', 'admin'])
  for (const words of ['企业微信通知', '200 天', '不少于六个月', '30 天内到期 31 条', '清理 7 条', '之后删除'])
    await see(words)
  expect(seen()).not.toContain('暂停删除（诉讼保全）')
  await press('改期限')
  await type('保存多少天', '179')
  await press('保存')
  await see('请写明为什么改。')
  expect(askedOf(setPeriod)).toEqual([])
  await type('保存多少天', '180')
  await type('为什么改', '按法务意见')
  await press('保存')
  await see('已改，下一次清理起生效')
  expect(askedOf(setPeriod)).toEqual([{ name: 'network', days: 180, reason: '按法务意见' }])
})

test('Compliance sees which hold must be looked at, releases one with a reason, and places another', async () => {
  answers(getRetention, () => ({ periods: [period], letter: 'x' }))
  answers(listHolds, () => ({ items: [hold], next: null }))
  answers(releaseHold, () => ({ ok: true as const }))
  answers(placeHold, () => ({ ok: true as const }))
  const mirror = { at: null, running: false }
  answers(listDepartures, () => ({ items: [], next: null, mirror }))
  await open('/retention', ['rep', 'compliance'])
  for (const words of ['林晓的离职和全部客户', '该复核了', '(2026)沪01民初1号', '对方可能起诉']) await see(words)
  expect(seen()).not.toContain('改期限')
  await press('解除')
  await type('为什么', '已结案')
  document.querySelector<HTMLButtonElement>('.sheet button[type=submit]')?.click()
  await see('已解除')
  expect(askedOf(releaseHold)).toEqual([{ hold: 'h1', reason: '已结案' }])
})
