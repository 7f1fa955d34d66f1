import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addPromise } from '../../src/shared/promise'
import { call } from '../../src/client/lib/api'
import { useDraft } from '../../src/client/lib/draft'
import { forgetKept } from '../../src/client/lib/kept'
import { flush, sendLater, undo, waiting } from '../../src/client/lib/waiting'
import { cutOff, Door, Refusal } from './door'

let door: Door
beforeEach(() => {
  door = new Door()
})
afterEach(() => {
  vi.useRealTimers()
  localStorage.clear()
})

const wish = { handover: 'h1', text: '寄样品', due: null }
const made = () => ({
  ...{ id: 'p1', text: '寄样品', due: null, madeBy: '陈一鸣', source: 'member' as const, keptAt: null, takenBy: null },
  madeAt: new Date().toISOString(),
})
const keys = () => door.asked.map(({ headers }) => headers['idempotency-key'])

describe('the key of an action (B1)', () => {
  it('is the same until its end is heard, and another one afterwards', async () => {
    let line = false
    door.on(addPromise).says(() => (line ? made() : cutOff('ERR_NETWORK')))
    await expect(call(addPromise, wish)).rejects.toMatchObject({ code: 'offline' })
    line = true
    await call(addPromise, wish)
    await call(addPromise, wish)
    const [lost, again, new_] = keys()
    expect(again).toBe(lost)
    expect(new_).not.toBe(lost)
    expect(lost).toMatch(/^[0-9a-f]{32}$/)
  })

  it('a double tap is one request; what is running elsewhere is asked for again by the same key', async () => {
    let times = 0
    door.on(addPromise).says(() => (++times === 1 ? new Refusal('running') : made()))
    const [one, two] = await Promise.all([call(addPromise, wish), call(addPromise, wish)])
    expect(one).toEqual(two)
    expect(times).toBe(2)
    expect(new Set(keys()).size).toBe(1)
  })

  it('says nothing of what was to be done, and a refusal ends it', async () => {
    door.on(addPromise).says(() => new Refusal('not_notified'))
    await call(addPromise, wish).catch(() => undefined)
    expect(JSON.stringify({ ...localStorage })).not.toContain('寄样品')
    await call(addPromise, wish).catch(() => undefined)
    expect(new Set(keys()).size).toBe(2)
  })
})

describe('what waits for the line (Q67)', () => {
  const line = (up: boolean) => door.on(addPromise).says(() => (up ? made() : cutOff('ERR_NETWORK')))
  afterEach(() => waiting.value.forEach(({ key }) => undo(key)))

  it('goes with the key it was tried with before, so that what had been done after all is not done twice', async () => {
    line(false)
    await expect(call(addPromise, wish)).rejects.toMatchObject({ code: 'offline' })
    expect(sendLater('addPromise', wish, wish.text)).toBe(true)
    line(true)
    await flush()
    expect(waiting.value).toEqual([])
    expect(keys()).toHaveLength(2)
    expect(new Set(keys()).size).toBe(1)
  })

  it('stands there once, however often it is pressed, and beside what another page left there meanwhile', async () => {
    const other = { ...{ key: 'k'.repeat(32), door: 'addPromise', input: wish, words: '别处写的' }, at: 1, from: 1 }
    localStorage.setItem('jiebang.waiting', JSON.stringify([other]))
    sendLater('addPromise', wish, wish.text, 60_000)
    sendLater('addPromise', wish, wish.text, 60_000)
    expect(waiting.value.map(({ words }) => words)).toEqual(['别处写的', '寄样品'])
    line(true)
    await flush()
    expect(keys()).toEqual([other.key])
    expect(JSON.parse(localStorage.getItem('jiebang.waiting') ?? '')).toHaveLength(1)
  })
})

describe('a draft (C2, Q55)', () => {
  const open = (key: string) => effectScope().run(() => useDraft(key))!

  it('is on the device within 300 ms of every key, however fast they come', async () => {
    vi.useFakeTimers()
    const { text } = open('promise.c1')
    for (const letter of '周五前寄两套样品') {
      text.value += letter
      await vi.advanceTimersByTimeAsync(90)
      // What stands there is never older than 300 ms.
      const kept = localStorage.getItem('jiebang.draft.promise.c1') ?? ''
      expect(text.value.length - kept.replace(/^\d+ /, '').length).toBeLessThanOrEqual(3)
    }
    await vi.advanceTimersByTimeAsync(200)
    expect(open('promise.c1').text.value).toBe('周五前寄两套样品')
    expect(open('promise.c2').text.value).toBe('')
  })

  it('is gone two weeks later, after a logout, and for the next member', async () => {
    vi.useFakeTimers()
    open('note.c1').text.value = '一句话'
    await vi.advanceTimersByTimeAsync(300)
    vi.setSystemTime(Date.now() + 15 * 24 * 3600_000)
    expect(open('note.c1').text.value).toBe('')
    localStorage.setItem('jiebang.language', 'en')
    forgetKept()
    expect({ ...localStorage }).toEqual({ 'jiebang.language': 'en' })
  })

  it('all of them together stay under 100 KB; the oldest go first', async () => {
    vi.useFakeTimers()
    for (let i = 0; i < 30; i++) {
      open(`note.c${i}`).text.value = '字'.repeat(4000)
      await vi.advanceTimersByTimeAsync(1000)
    }
    const size = Object.entries({ ...localStorage }).reduce((n, [k, v]) => n + k.length + v.length, 0)
    expect(size * 2).toBeLessThan(100_000)
    expect(open('note.c29').text.value).toHaveLength(4000)
    expect(open('note.c0').text.value).toBe('')
  })
})
