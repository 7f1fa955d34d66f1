import { afterEach, expect, test } from 'vitest'
import { getDeparture, listDepartures, listHandovers } from '../../src/shared/departure'
import { checkNow } from '../../src/shared/settle'
import { answers, askedOf, close, open, press, see, seen } from '../support/workbench'
import { departure, leaver, row } from '../support/workbench-cast'

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
