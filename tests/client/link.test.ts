import { afterEach, expect, test } from 'vitest'
import { listPlans } from '../../src/shared/plan'
import { getLink, getLinkDetail, tryAgain } from '../../src/shared/link'
import { getMirror } from '../../src/shared/mirror'
import { answers, askedOf, close, open, press, see, seen } from '../support/workbench'

afterEach(close)

const GOOD = '2026-11-25T01:00:00.000Z'
const link = { state: 'down', errcode: null, goodAt: GOOD, blockedUntil: null, mirrorAt: GOOD } as const

test('While WeCom does not answer every page says so, and that nothing needs to be repeated (Q21)', async () => {
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getLink, () => link)
  await open('/plans')
  await see('企业微信从')
  expect(seen()).toContain('恢复后会自动继续提交，不用重复操作')
})

test('Nothing is said while all is well', async () => {
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getLink, () => ({ ...link, state: 'well' as const }))
  await open('/plans')
  await see('还没有方案')
  expect(seen()).not.toContain('没有回应')
})

test('What an administrator must mend is named, with what to do', async () => {
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getLink, () => ({ ...link, state: 'refused' as const, errcode: 60020 }))
  await open('/plans')
  await see('60020')
  expect(seen()).toContain('处理好之后会自动继续')
})

test('The page about WeCom shows which calls fail, and tries again when asked', async () => {
  answers(getLink, () => link)
  answers(getMirror, () => ({ last: null, customers: 0, relations: 0, members: 0 }))
  answers(getLinkDetail, () => ({
    ...link,
    troubles: [{ api: 'user/get', failedAt: GOOD, errcode: null, blockedUntil: null }],
    events: { open: 3, unknown: [{ event: 'living', change: '', count: 2 }] },
  }))
  answers(tryAgain, () => ({ ok: true as const }))
  await open('/mirror')
  await see('user/get')
  expect(seen()).toContain('等待处理的企业微信通知：3 条')
  expect(seen()).toContain('living')
  await press('马上再试一次')
  expect(askedOf(tryAgain).length).toBe(1)
})
