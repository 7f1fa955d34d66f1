import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addPromise } from '../../src/shared/promise'
import { getMe } from '../../src/shared/member'
import { call } from '../../src/client/lib/api'
import { newer, offline } from '../../src/client/lib/line'
import { mayReload, reloadOnce } from '../../src/client/lib/release'
import { flush, sendLater, waiting } from '../../src/client/lib/waiting'
import { Door, Refusal } from './door'
import { me } from './samples'

// Before anything reads it: the release that this page is of.
vi.hoisted(() => {
  document.documentElement.dataset['release'] = 'old'
})

const wish = { handover: 'h1', text: '寄样品', due: null }
let door: Door
const reloads = vi.fn()
const served_ = vi.fn<() => Promise<Response>>()
beforeEach(() => {
  door = new Door().on(getMe).says(() => me)
  door.headers = { 'x-release': 'old' }
  vi.spyOn(location, 'reload').mockImplementation(reloads)
  vi.stubGlobal('fetch', served_)
})
afterEach(() => {
  vi.unstubAllGlobals()
  reloads.mockReset()
  newer.value = false
  offline.value = false
  document.body.innerHTML = ''
  sessionStorage.clear()
  localStorage.clear()
})

describe('a newer release (Q54)', () => {
  it('is heard from any answer, and no answer of the same release says it', async () => {
    await call(getMe, {})
    expect(newer.value).toBe(false)
    door.headers = { 'x-release': 'new' }
    await call(getMe, {})
    expect(newer.value).toBe(true)
  })

  it('that wants to hear something else is told as that, and what waits is not given up for it', async () => {
    door.headers = { 'x-release': 'new' }
    door.on(addPromise).says(() => new Refusal('invalid', '内容不对。'))
    await expect(call(addPromise, wish)).rejects.toMatchObject({ code: 'invalid', message: /新版本/ })
    sendLater('addPromise', wish, wish.text)
    await flush()
    expect(waiting.value).toMatchObject([{ words: '寄样品' }])
    expect(waiting.value[0]?.refused).toBeUndefined()
  })

  it('is never loaded over what is being written or done', async () => {
    expect(mayReload()).toBe(true)
    document.body.innerHTML = '<textarea></textarea>'
    const field = document.querySelector('textarea')!
    field.focus()
    expect(mayReload()).toBe(false)
    field.blur()
    field.value = '写了一半'
    expect(mayReload()).toBe(false)
    field.value = ''
    let answer = () => {}
    door.on(addPromise).says(() => new Promise((_, fail) => (answer = () => fail(new Error('cut off')))))
    const saving = call(addPromise, wish).catch(() => undefined)
    expect(mayReload()).toBe(false)
    await vi.waitFor(() => expect(door.asked).toHaveLength(1))
    answer()
    await saving
    expect(mayReload()).toBe(true)
  })
})

describe('a file of the page that does not come', () => {
  const served = (release: string) => new Response(`<!doctype html><html data-release="${release}">`)

  it('is no reason to reload without a line: nothing would come', async () => {
    served_.mockRejectedValue(new TypeError('no network'))
    expect(await reloadOnce()).toBe(false)
    expect([reloads.mock.calls.length, offline.value, newer.value]).toEqual([0, true, false])
  })

  it('is asked for by one reload a release, and not over somebody’s words', async () => {
    served_.mockImplementation(() => Promise.resolve(served('new')))
    document.body.innerHTML = '<textarea>写了一半</textarea>'
    expect(await reloadOnce()).toBe(false)
    expect([reloads.mock.calls.length, newer.value]).toEqual([0, true])
    document.body.innerHTML = ''
    sessionStorage.setItem('jiebang.reloaded', 'old')
    expect(await reloadOnce()).toBe(false)
    expect(reloads).not.toHaveBeenCalled()
    sessionStorage.setItem('jiebang.reloaded', 'the one before')
    expect(await reloadOnce()).toBe(true)
    expect(reloads).toHaveBeenCalledOnce()
    expect(served_).toHaveBeenCalledWith(location.pathname, { cache: 'reload' })
  })
})
