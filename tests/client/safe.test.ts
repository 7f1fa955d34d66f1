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
  const empty = async () => {
    line(true)
    vi.useFakeTimers({ now: Date.now() + 70_000, toFake: ['Date'] })
    await flush()
    vi.useRealTimers()
  }
  afterEach(empty)

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
    sendLater('addPromise', wish, wish.text, { undoMs: 60_000 })
    sendLater('addPromise', wish, wish.text, { undoMs: 60_000 })
    expect(waiting.value.map(({ words }) => words)).toEqual(['别处写的', '寄样品'])
    line(true)
    await flush()
    expect(keys()).toEqual([other.key])
    expect(JSON.parse(localStorage.getItem('jiebang.waiting') ?? '')).toHaveLength(1)
  })

  it('gives its words back to their draft when it is taken back, after what was begun since', async () => {
    sendLater('addPromise', wish, wish.text, { undoMs: 60_000, draft: 'promise.c1' })
    localStorage.setItem('jiebang.draft.promise.c1', `${Date.now()} 改日期`)
    expect(await undo(waiting.value[0]?.key ?? '')).toBe(true)
    expect(localStorage.getItem('jiebang.draft.promise.c1')).toMatch(/^\d+ 改日期\n寄样品$/)
    expect([waiting.value, door.asked]).toEqual([[], []])
  })

  it('is not taken back while it is under way, nor once it may have arrived: only the server knows', async () => {
    line(false)
    sendLater('addPromise', wish, wish.text, { draft: 'promise.c1' })
    const [{ key } = { key: '' }] = waiting.value
    const going = flush()
    expect(await undo(key)).toBe(false)
    await going
    expect(await undo(key)).toBe(false)
    expect(waiting.value).toHaveLength(1)
    expect(localStorage.getItem('jiebang.draft.promise.c1')).toBeNull()
  })

  it('what another page has taken back is not sent by this one, which still shows it', async () => {
    sendLater('addPromise', wish, wish.text, { undoMs: 1 })
    localStorage.removeItem('jiebang.waiting')
    await empty()
    expect([waiting.value, door.asked]).toEqual([[], []])
  })

  it('a clock that was put back does not hold it up', async () => {
    line(true)
    sendLater('addPromise', wish, wish.text, { undoMs: 6000 })
    vi.useFakeTimers({ now: Date.now() - 3600_000, toFake: ['Date'] })
    await flush()
    vi.useRealTimers()
    expect(keys()).toHaveLength(1)
  })

  it('stays in the page where storage is full, beside what stands there, and goes there when there is room', async () => {
    sendLater('addPromise', { ...wish, text: '先写的' }, '先写的', { undoMs: 60_000 })
    const full = vi.spyOn(localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    sendLater('addPromise', wish, wish.text, { undoMs: 60_000 })
    expect(waiting.value.map(({ words }) => words)).toEqual(['先写的', '寄样品'])
    full.mockRestore()
    await flush()
    expect(JSON.parse(localStorage.getItem('jiebang.waiting') ?? '')).toHaveLength(2)
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

  it('is cleared of what was sent, not of what was written meanwhile, here or in a sheet opened since', async () => {
    vi.useFakeTimers()
    const first = open('note.c1')
    first.text.value = '已发出的'
    await vi.advanceTimersByTimeAsync(300)
    first.text.value = '已发出的，又添了一句'
    first.clear('已发出的')
    expect(first.text.value).toBe('已发出的，又添了一句')
    const second = open('note.c1')
    second.text.value = '下一条'
    await vi.advanceTimersByTimeAsync(300)
    first.clear('已发出的，又添了一句')
    expect(open('note.c1').text.value).toBe('下一条')
  })

  it('is one in all pages: what another has written stands here, what it has sent does not any more', async () => {
    vi.useFakeTimers()
    const { text } = open('note.c1')
    const elsewhere = (words: string | null) => {
      const [key, oldValue] = ['jiebang.draft.note.c1', localStorage.getItem('jiebang.draft.note.c1')]
      const newValue = words && `${Date.now()} ${words}`
      if (newValue) localStorage.setItem(key, newValue)
      else localStorage.removeItem(key)
      dispatchEvent(new StorageEvent('storage', { key, oldValue, newValue }))
    }
    elsewhere('在另一页写的')
    expect(text.value).toBe('在另一页写的')
    elsewhere(null)
    await vi.advanceTimersByTimeAsync(300)
    expect([text.value, localStorage.getItem('jiebang.draft.note.c1')]).toEqual(['', null])
  })

  it('keeps the version before where storage is full', async () => {
    vi.useFakeTimers()
    const { text } = open('note.c1')
    text.value = '第一句'
    await vi.advanceTimersByTimeAsync(300)
    const full = vi.spyOn(localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    text.value = '第一句。第二句'
    await vi.advanceTimersByTimeAsync(300)
    full.mockRestore()
    expect(open('note.c1').text.value).toBe('第一句')
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
