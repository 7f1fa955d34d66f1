import { afterEach, expect, test } from 'vitest'
import { getDeparture, listDepartures, listHandovers } from '../../src/shared/departure'
import { answerOpenCall, checkNow, getOpenCall, type OpenCall } from '../../src/shared/settle'
import { answers, askedOf, buttons, close, open, press, Refusal, see, seen } from '../support/workbench'
import { departure, DIGEST, leaver, row } from '../support/workbench-cast'

afterEach(close)

test('What waits for WeCom is counted, what is held back says why and when it goes on, and it can be looked at now', async () => {
  const later = new Date(Date.now() + 3_600_000).toISOString()
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at: null, running: false } }))
  answers(listHandovers, () => ({ items: [row('h1')], next: null }))
  answers(getDeparture, () =>
    departure({
      counts: { waiting: 3 },
      underWay: {
        toSend: 0,
        blocked: [{ errcode: 48002, nextTryAt: later, customers: 5 }],
        settling: 2,
        checking: 0,
        waiting: 3,
        unconfirmed: 0,
        firstTakeover: later,
      },
    }),
  )
  answers(checkNow, () => ({ ok: true as const }))
  await open('/departures/d1')
  await see('2 位已提交，正在等企业微信回应')
  expect(seen()).toMatch(/3 位在等客户（24 小时），最早 .* 自动接替/)
  expect(seen()).toMatch(/5 位暂时没有提交.*48002.*自动再试/)
  await press('现在核对')
  expect(askedOf(checkNow)).toEqual([{ departure: 'd1' }])
})

const openCall = (more: Partial<OpenCall> = {}): OpenCall => ({
  ...{ handover: 'h1', kind: 'checking', shortName: '王*', leaver: '林晓', successor: '陈一鸣', digest: DIGEST },
  sentAt: new Date(Date.now() - 900_000).toISOString(),
  ...more,
})

/** The list of what needs somebody, with one customer of whom it is not known whether WeCom took the call. */
async function unsettled(call: OpenCall) {
  const label = call.kind
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at: null, running: false } }))
  answers(getDeparture, () => departure({ counts: { [label]: 1 } }))
  answers(listHandovers, () => ({
    items: [
      row('h1', {
        label,
        transfer: label === 'checking' ? 'approved' : 'submitted',
        successor: { id: 'm1', name: '陈一鸣' },
      }),
    ],
    next: null,
  }))
  answers(getOpenCall, () => call)
  await open('/departures/d1?view=exceptions')
  await press('我看过企业微信后台了')
}

test.each([
  ['under_way', '已在接替', '已记下，等企业微信的结果'],
  ['not_assigned', '还没有分配', '已记下，可以重新分配'],
] as const)('Who looked into the console says %s, after having read what it means', async (answer, button, done) => {
  answers(answerOpenCall, () => ({ ok: true as const }))
  await unsettled(openCall())
  await see('王* 在企业微信里是什么状态？')
  expect(seen()).toMatch(/由 陈一鸣 接替，没有收到回应/)
  expect(seen()).toContain('不会再次提交')
  expect(seen()).toContain('另一位管理者审批后才会再提交')
  await press(button)
  expect(askedOf(answerOpenCall)).toEqual([{ handover: 'h1', digest: DIGEST, answer }])
  await see(done)
  expect(seen()).not.toContain('在企业微信里是什么状态')
})

test('An answer that WeCom’s own data have overtaken closes the sheet and the list is read anew', async () => {
  answers(answerOpenCall, () => new Refusal('stale', '内容刚刚有变化，请刷新后再操作。'))
  await unsettled(openCall())
  await see('王* 在企业微信里是什么状态？')
  const before = askedOf(listHandovers).length
  await press('还没有分配')
  await see(/^(?!.*在企业微信里是什么状态)/)
  expect(askedOf(listHandovers).length).toBeGreaterThan(before)
})

test('An answer that cannot be checked with WeCom just now stays open, and says so', async () => {
  answers(answerOpenCall, () => new Refusal('wecom_unreachable', '暂时连不上企业微信，请稍后再试。'))
  await unsettled(openCall())
  await see('王* 在企业微信里是什么状态？')
  await press('已在接替')
  await see('暂时连不上企业微信')
  expect(buttons('还没有分配')).toHaveLength(1)
})

test('Of a call that WeCom took, under way is no answer: that is known already', async () => {
  await unsettled(openCall({ kind: 'unconfirmed' }))
  await see(/由 陈一鸣 接替，一直没有结果/)
  expect(buttons('已在接替')).toEqual([])
  expect(buttons('还没有分配')).toHaveLength(1)
})
