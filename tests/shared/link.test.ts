import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkOf, linkStates, type Heard } from '../../src/shared/link'

const NOW = new Date('2026-11-25T10:00:00.000Z')
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString()
const heard = (more: Partial<Heard>): Heard => ({
  api: 'user/get',
  answeredAt: null,
  failedAt: null,
  errcode: null,
  blockedUntil: null,
  ...more,
})

describe('the line to WeCom', () => {
  it('works while everything answers, and before anything was asked', () => {
    expect(linkOf([], NOW).state).toBe('well')
    expect(linkOf([heard({ answeredAt: ago(1), failedAt: ago(2) })], NOW).state).toBe('well')
  })

  it('is down when nothing has answered since a call was lost (Q21)', () => {
    const rows = [heard({ answeredAt: ago(30), failedAt: ago(1) }), heard({ api: 'gettoken', answeredAt: ago(20) })]
    expect(linkOf(rows, NOW).state).toBe('down')
  })

  it('is only unsteady when one call fails and another works since', () => {
    const rows = [heard({ answeredAt: ago(30), failedAt: ago(5) }), heard({ api: 'gettoken', answeredAt: ago(1) })]
    expect(linkOf(rows, NOW).state).toBe('unsteady')
  })

  it('needs a person when WeCom refuses for permission or settings, whatever else works', () => {
    const rows = [heard({ failedAt: ago(5), errcode: 60020 }), heard({ api: 'gettoken', answeredAt: ago(1) })]
    expect(linkOf(rows, NOW)).toEqual({ state: 'refused', errcode: 60020 })
  })

  it('waits while a limit holds, and no longer', () => {
    const until = (minutes: number) => [heard({ answeredAt: ago(1), blockedUntil: ago(-minutes) })]
    expect(linkOf(until(1), NOW).state).toBe('blocked')
    expect(linkOf(until(-1), NOW).state).toBe('well')
  })

  it('forgets what failed long ago and was not asked since', () => {
    expect(linkOf([heard({ failedAt: ago(7 * 60), errcode: 48002 })], NOW).state).toBe('well')
  })

  it('has exactly one state whatever was heard, and no refusal without its number', () => {
    const time = fc.option(fc.integer({ min: -120, max: 800 }).map(ago))
    const row = fc.record({
      api: fc.constantFrom('a', 'b', 'c'),
      answeredAt: time,
      failedAt: time,
      errcode: fc.option(fc.constantFrom(60020, 48002, 45009, -1, 40096, 12345)),
      blockedUntil: time,
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const { state, errcode } = linkOf(rows, NOW)
        expect(linkStates).toContain(state)
        expect(errcode !== null).toBe(state === 'refused')
      }),
    )
  })
})
