import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timeId } from '../../src/server/lib/id'

const uuid = /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/

it('ids sort by time, and within a millisecond in the order they were made', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 200 }), (steps) => {
      let now = Date.UTC(2026, 0, 1)
      const made = steps.map((step) => timeId((now += step)))
      expect(made).toEqual([...made].sort())
      expect(new Set(made).size).toBe(made.length)
      for (const id of made) expect(id).toMatch(uuid)
    }),
  )
})

it('ids sort in the order they were made while the clock is set back by seconds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9000 }), { maxLength: 200 }), (back) => {
      const made = back.map((ms, n) => timeId(Date.UTC(2026, 0, 2) + n - ms))
      expect(made).toEqual([...made].sort())
    }),
  )
})

it('ids of one millisecond say nothing of each other’s chance', () => {
  const tails = Array.from({ length: 2000 }, () => timeId(1).slice(20))
  expect(new Set(tails).size).toBe(2000)
})
