import { afterEach, expect, test } from 'vitest'
import { listComplaints } from '../../src/shared/complaint'
import { answers, askedOf, close, open, press, Refusal, REQUEST_ID, see } from '../support/workbench'

afterEach(close)

const at = '2026-11-21T02:00:00.000Z'
const one = { number: 'C-20261121-003', at, text: '报价单谁来补发？', contact: '138 0000 1234', about: '陈一鸣' }

test('A complaint with its number, words, contact and whom it is about; more by key', async () => {
  answers(listComplaints, ({ after }) =>
    after
      ? { items: [{ ...one, number: 'C-20261120-001', contact: null, about: null }], next: null }
      : { items: [one], next: 'k1' },
  )
  await open('/complaints', ['rep', 'compliance'])
  for (const words of ['C-20261121-003', '报价单谁来补发？', '138 0000 1234', '涉及 陈一鸣', '11月21日'])
    await see(words)
  await press('加载更多')
  await see('C-20261120-001')
  await see('没有留联系方式')
  await see('不知道涉及哪位成员')
  expect(askedOf(listComplaints).at(-1)?.after).toBe('k1')
})

test('None yet, and not allowed', async () => {
  answers(listComplaints, () => ({ items: [], next: null }))
  await open('/complaints', ['rep', 'compliance'])
  await see('还没有客户写来')
  close()
  answers(listComplaints, () => new Refusal('forbidden', '您的角色没有这项权限。需要的话，请联系系统管理员。'))
  await open('/complaints', ['rep'])
  await see('您的角色没有这项权限')
  await see(REQUEST_ID)
})
