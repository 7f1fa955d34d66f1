import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  evidenceLevel,
  isNotified,
  nextNoticeState,
  noticeEvents,
  noticeStates,
  type NoticeEvent,
  type NoticeState,
} from '../../src/shared/notice'

const events = [...noticeEvents]
const walk = (path: readonly NoticeEvent[]): NoticeState =>
  path.reduce<NoticeState>((state, event) => nextNoticeState(state, event) ?? state, 'due')

it('nothing but "sent" and WeCom’s own result counts as told, and nothing after it counts as untold (T-76, T-80)', () => {
  const told = (path: readonly NoticeEvent[]) => path.includes('sent') || path.includes('deliver')
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events.filter((e) => e !== 'waive')), { maxLength: 30 }), (path) => {
      expect(isNotified(walk(path))).toBe(told(path))
    }),
    { numRuns: 2000 },
  )
})

it('a waiver opens for its days, and then the notice is due as before (T-60)', () => {
  expect(isNotified(walk(['waive']))).toBe(true)
  expect(walk(['waive', 'waiver_over'])).toBe('due')
  expect(walk(['sent', 'waive'])).toBe('sent')
})

it('evidence never goes down, but where something new must be told', () => {
  const onward = events.filter((e) => !['change', 'waiver_over', 'silence'].includes(e))
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), fc.constantFrom(...onward), (path, event) => {
      const before = walk(path)
      const after = nextNoticeState(before, event) ?? before
      // Silence after WeCom’s own result is named by what every silent notice has at least.
      expect(evidenceLevel(after) >= evidenceLevel(before)).toBe(true)
    }),
  )
})

it('a change is told again, and what was told stays told meanwhile (T-54)', () => {
  for (const path of [['sent'], ['sent', 'open'], ['sent', 'acknowledge'], ['sent', 'silence'], ['deliver']] as const) {
    const state = walk([...path, 'change'])
    expect([state, isNotified(state)]).toEqual(['changed', true])
  }
  expect(walk(['change'])).toBe('due')
  expect(walk(['sent', 'change', 'open'])).toBe('opened')
})

it('who cannot be reached in WeCom is reached otherwise, and only a record of it counts', () => {
  expect(walk(['fail'])).toBe('unreachable')
  expect(isNotified(walk(['prompt', 'fail', 'turn']))).toBe(false)
  expect(walk(['fail', 'turn', 'sent'])).toBe('sent')
  expect(walk(['fail', 'sent'])).toBe('sent')
})

it('knows no event of the other machines: WeCom’s result, silence of 24 hours, a consent (DESIGN 3)', () => {
  const foreign = ['result_taken_over', 'result_waiting', 'approve', 'given', 'withdrawn', 'Default_Agree']
  for (const state of noticeStates)
    for (const event of foreign) expect(nextNoticeState(state, event as NoticeEvent)).toBeNull()
})

it('the customer’s last word is an objection; silence is only an answer to nothing', () => {
  for (const event of events.filter((e) => e !== 'change')) expect(nextNoticeState('objected', event)).toBeNull()
  const silenced = noticeStates.filter((s) => nextNoticeState(s, 'silence'))
  expect(silenced).toEqual(['sent', 'delivered'])
})
