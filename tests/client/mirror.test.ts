import { afterEach, expect, test, vi } from 'vitest'
import { getMirror, runMirror } from '../../src/shared/mirror'
import { answers, askedOf, buttons, close, open, press, see } from '../support/workbench'

afterEach(() => {
  close()
  vi.useRealTimers()
})

const read = { departments: 14, members: 236, tags: 48, relations: 98231, groups: 412 }
const before = '2026-11-24T01:00:00.000Z'
const start = '2026-11-24T02:00:00.000Z'
const totals = { customers: 96120, relations: 98231, members: 236 }
const done = { startedAt: before, endedAt: before, step: 'done' as const, read, changes: 37, errcode: null }

test('A run that was asked for is followed until it ends, and why it stopped is told', async () => {
  answers(getMirror, () => ({ last: done, ...totals }))
  answers(runMirror, () => ({ ok: true as const }))
  await open('/mirror', ['rep', 'admin'])
  await see('96,120')
  await see('已完成')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await press('立即同步')
  // The job has not begun yet: the answer is still the run before.
  expect(askedOf(getMirror).length).toBe(2)
  answers(getMirror, () => ({
    last: { ...done, startedAt: start, endedAt: null, step: 'relations' as const },
    ...totals,
  }))
  await vi.advanceTimersByTimeAsync(2000)
  expect(document.body.textContent).toContain('正在同步：客户与跟进关系')
  expect(buttons(/立即同步/)[0]?.disabled).toBe(true)
  answers(getMirror, () => ({
    last: { ...done, startedAt: start, endedAt: start, step: 'relations' as const, errcode: 48002 },
    ...totals,
  }))
  await vi.advanceTimersByTimeAsync(2000)
  expect(document.body.textContent).toContain('没有完成，停在「客户与跟进关系」')
  expect(document.body.textContent).toContain('应用没有调用客户联系接口的权限（错误码 48002）')
  const times = askedOf(getMirror).length
  await vi.advanceTimersByTimeAsync(10_000)
  expect(askedOf(getMirror).length).toBe(times)
})

test('Never yet; and compliance looks without starting', async () => {
  answers(getMirror, () => ({ last: null, customers: 0, relations: 0, members: 0 }))
  await open('/mirror', ['rep', 'compliance'])
  await see('还没有同步过')
  expect(buttons('立即同步')).toEqual([])
})
