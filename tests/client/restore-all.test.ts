import { afterEach, expect, test } from 'vitest'
import { getDeparture, listDepartures, listHandovers } from '../../src/shared/departure'
import { askRestores, getRestores } from '../../src/shared/restore'
import { answers, askedOf, buttons, close, open, press, see } from '../support/workbench'
import { departure, leaver, row } from '../support/workbench-cast'

afterEach(close)

const progress = { ready: 0, waiting: 0, done: 0, failed: 0, errcode: null, nextAt: null }

function page(counts: Record<string, number>) {
  answers(listDepartures, () => ({ items: [leaver], next: null, mirror: { at: null, running: false } }))
  answers(getDeparture, () => departure({ customers: 3, counts }))
  answers(listHandovers, () => ({ items: [row('h1', { label: 'told' })], next: null }))
}

test('Told customers of a departure are restored at once, with the progress shown until it is done', async () => {
  page({ told: 3 })
  let now = { ...progress, ready: 3 }
  answers(getRestores, () => now)
  answers(askRestores, () => (now = { ...progress, waiting: 3 }))
  await open('/departures/d1?view=progress')
  await see('3 位客户已告知，还没有恢复')
  await press('恢复全部标签和备注')
  await see('正在恢复，还有 3 位')
  expect(askedOf(askRestores)).toHaveLength(1)
  now = { ...progress, done: 2, failed: 1 }
  await see('已恢复 2 / 3 位')
  await see('1 位没有成功')
  expect(buttons('再试没有成功的')).toHaveLength(1)
})

test('Nobody has been told yet: nothing is offered and nothing asked', async () => {
  page({ to_tell: 3 })
  await open('/departures/d1?view=progress')
  await see('王*')
  expect(buttons('恢复全部标签和备注')).toEqual([])
})

test('Who only reviews sees the progress and no button', async () => {
  page({ told: 3 })
  answers(getRestores, () => ({ ...progress, ready: 1, done: 2 }))
  await open('/departures/d1?view=progress', ['compliance'])
  await see('已恢复 2 / 3 位')
  expect(buttons('恢复全部标签和备注')).toEqual([])
})
