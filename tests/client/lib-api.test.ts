import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listInherited, moreHistory } from '../../src/shared/customer'
import { getMe } from '../../src/shared/member'
import { addPromise } from '../../src/shared/promise'
import { call } from '../../src/client/lib/api'
import { wire } from '../../src/client/lib/http'
import { now } from '../../src/client/lib/now'
import { dayOf, dueWords } from '../../src/client/lib/when'
import { cutOff, Door, Refusal } from './door'
import { me } from './samples'

afterEach(() => {
  sessionStorage.clear()
})

const answer = (status: number, data: unknown, headers: Record<string, string> = {}) => {
  wire.carry = () => Promise.resolve({ status, data, headers })
}

it('fills the places of the path and sends the rest as query or body, under our own header', async () => {
  const door = new Door()
    .on(moreHistory)
    .says(() => ({ items: [], next: null }))
    .on(addPromise)
    .says(() => new Refusal('stale', '内容刚刚有变化。', 'req-2'))
  await call(moreHistory, { customer: 'a/b', after: 'x' })
  expect(door.asked[0]).toMatchObject({ path: '/api/customers/a%2Fb/history', input: { after: 'x' } })
  await call(addPromise, { handover: 'h1', text: '寄样品', due: null }).catch(() => undefined)
  expect(door.asked[1]).toMatchObject({ path: '/api/handovers/h1/promises', input: { text: '寄样品', due: null } })
  expect(door.asked[1]?.headers).toMatchObject({ 'x-jiebang': '1', 'accept-language': 'zh-CN' })
})

describe('what was asked before the app was there (public/early.js)', () => {
  /** The script itself, as the page runs it. */
  const early = (answer: () => Promise<Response>) => {
    vi.stubGlobal('fetch', answer)
    window.eval(readFileSync('public/early.js', 'utf8'))
  }
  afterEach(() => {
    vi.unstubAllGlobals()
    Reflect.deleteProperty(window, 'jiebangEarly')
  })

  it('is taken once; the next time it is asked', async () => {
    early(() => Promise.resolve(Response.json({ ...me, name: '早到' })))
    const door = new Door().on(getMe).says(() => me)
    expect((await call(getMe, {})).name).toBe('早到')
    expect(door.asked).toEqual([])
    expect((await call(getMe, {})).name).toBe(me.name)
  })

  it('is asked anew when the script was of another release', async () => {
    vi.stubGlobal('jiebangEarly', { '/api/me {}': Promise.resolve(Response.json(me)) })
    const door = new Door().on(getMe).says(() => me)
    expect((await call(getMe, {})).name).toBe(me.name)
    expect(door.asked).toHaveLength(1)
  })

  it.each([
    ['refused', () => Promise.resolve(Response.json({ code: 'internal' }, { status: 500 }))],
    ['cut off', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['no JSON', () => Promise.resolve(new Response('<html>'))],
  ])('is asked anew when it was %s', async (_, answer) => {
    early(answer)
    const door = new Door().on(getMe).says(() => me)
    expect((await call(getMe, {})).name).toBe(me.name)
    expect(door.asked).toHaveLength(1)
  })
})

describe('a failure is something a page can show', () => {
  it('as the server said it, with its number', async () => {
    answer(409, { code: 'stale', message: '内容刚刚有变化。', requestId: 'req-3', fields: ['due'] })
    const failed = await call(getMe, {}).catch((f: unknown) => f)
    expect(failed).toMatchObject({
      code: 'stale',
      message: '内容刚刚有变化。',
      requestId: 'req-3',
      fields: ['due'],
      retryable: false,
    })
  })

  it.each([
    ['a proxy’s page', 502, '<html>Bad gateway</html>'],
    ['an unknown code', 418, { code: 'teapot', message: 'x', requestId: 'y' }],
    ['an answer of another shape', 200, { id: 1 }],
  ])('unreadable: %s', async (_, status, data) => {
    answer(status, data, { 'x-request-id': 'req-4' })
    await expect(call(getMe, {})).rejects.toMatchObject({ code: 'unreadable', requestId: 'req-4' })
  })

  it('offline and too slow, each in its own words', async () => {
    new Door().on(getMe).says(() => cutOff('ERR_NETWORK'))
    await expect(call(getMe, {})).rejects.toMatchObject({ code: 'offline', retryable: true, requestId: null })
    new Door().on(getMe).says(() => cutOff('ECONNABORTED'))
    await expect(call(getMe, {})).rejects.toMatchObject({ code: 'timeout', retryable: true })
  })
})

it('believes the server’s clock where the device’s is off by more than a minute (Q11)', async () => {
  const tomorrow = new Date(Date.now() + 24 * 3600_000)
  const off = () => Math.round((now().getTime() - Date.now()) / 1000)
  answer(200, me, { date: tomorrow.toUTCString() })
  await call(getMe, {})
  expect(off()).toBeGreaterThan(24 * 3600 - 3)
  expect(dueWords(dayOf(tomorrow))).toBe('今天')
  answer(200, me, { date: new Date(Date.now() - 20_000).toUTCString() })
  await call(getMe, {})
  expect(off()).toBe(0)
})

describe('signed out', () => {
  /** A page anew: its modules have no memory of the one before. */
  async function page() {
    vi.resetModules()
    return (await import('../../src/client/lib/login')).goToLogin
  }

  it('leaves for the login once a page, with the way back, however many calls are refused', async () => {
    const leave = vi.spyOn(location, 'replace').mockReturnValue(undefined)
    history.replaceState(null, '', '/workbench#/c/123')
    answer(401, { code: 'signed_out', message: '登录已过期。', requestId: 'req-6' })
    void call(getMe, {})
    void call(listInherited, {})
    await vi.waitFor(() => expect(leave).toHaveBeenCalled())
    expect(leave.mock.calls).toEqual([['/auth/login?to=%2Fworkbench%3Fat%3D%252Fc%252F123']])
  })

  it('forgets the count once a login worked', async () => {
    new Door().on(getMe).says(() => me)
    sessionStorage.setItem('jiebang.logins', '1')
    const { createPinia } = await import('pinia')
    const { useSession } = await import('../../src/client/lib/session')
    await useSession(createPinia()).know()
    expect(sessionStorage.getItem('jiebang.logins')).toBeNull()
  })

  it('takes a fourth login within a quarter of a minute for a loop and says so; a patient person may go on', async () => {
    vi.spyOn(location, 'replace').mockReturnValue(undefined)
    vi.useFakeTimers()
    for (let n = 0; n < 3; n++) expect((await page())()).toBe(true)
    expect((await page())()).toBe(false)
    vi.advanceTimersByTime(15_000)
    expect((await page())()).toBe(true)
    vi.useRealTimers()
  })
})
