import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  evidenceLevel,
  isNotified,
  nextNoticeState,
  noticeStates,
  type NoticeEvent,
  type NoticeState,
} from '../../src/shared/notice'

const events: NoticeEvent[] = ['prompt', 'sent', 'open', 'acknowledge', 'object', 'silence']
const walk = (path: NoticeEvent[]): NoticeState =>
  path.reduce<NoticeState>((state, event) => nextNoticeState(state, event) ?? state, 'due')

it('nothing before "sent" counts as told, and nothing after it counts as untold (T-76, T-80)', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (path) => {
      expect(isNotified(walk(path))).toBe(path.includes('sent'))
    }),
    { numRuns: 2000 },
  )
})

it('evidence never goes down', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), fc.constantFrom(...events), (path, event) => {
      const before = walk(path)
      expect(evidenceLevel(nextNoticeState(before, event) ?? before) >= evidenceLevel(before)).toBe(true)
    }),
  )
})

it('knows no event of the other machines: WeCom’s result, silence of 24 hours, a consent (DESIGN 3)', () => {
  const foreign = ['result_taken_over', 'result_waiting', 'approve', 'given', 'withdrawn', 'Default_Agree']
  for (const state of noticeStates)
    for (const event of foreign) expect(nextNoticeState(state, event as NoticeEvent)).toBeNull()
})

it('the customer’s last word is an objection; silence is only an answer to nothing', () => {
  for (const event of events) expect(nextNoticeState('objected', event)).toBeNull()
  const silenced = noticeStates.filter((s) => nextNoticeState(s, 'silence'))
  expect(silenced).toEqual(['sent'])
})
