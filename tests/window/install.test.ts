import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { install, type BridgeWindow, type ClientSettings } from '../../mock/window/bridge/install'

const settings = (mode: ClientSettings['mode']): ClientSettings => ({ mode, agent: 'wxwork/5.0.11', language: 'zh-CN' })
const answering = () => vi.fn(async (name: string) => ({ err_msg: `${name}:ok` }))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the bridge in a page (facts 6.6, rules 1 to 6)', () => {
  it('is there at once, and answers once, later, with an object of its own', async () => {
    const page: BridgeWindow = {}
    const answer = { err_msg: 'getContext:ok' }
    const ready = vi.fn()
    install(page, settings('normal'), async () => answer, ready)
    expect(ready).toHaveBeenCalledOnce()
    const back = vi.fn()
    page.WeixinJSBridge?.invoke('getContext', {}, back)
    expect(back).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(back).toHaveBeenCalledExactlyOnceWith(answer)
    expect(back.mock.calls[0]?.[0]).not.toBe(answer)
  })

  it('clones parameters, which may carry functions', async () => {
    const page: BridgeWindow = {}
    const ask = answering()
    install(page, settings('normal'), ask, () => undefined)
    page.WeixinJSBridge?.invoke('x', { a: 1, success: () => undefined }, () => undefined)
    expect(ask).toHaveBeenCalledWith('x', { a: 1 })
  })

  it('answers a failure when the window cannot be asked', async () => {
    const page: BridgeWindow = {}
    install(
      page,
      settings('normal'),
      () => Promise.reject(new Error('gone')),
      () => undefined,
    )
    const back = vi.fn()
    page.WeixinJSBridge?.invoke('x', {}, back)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(back).toHaveBeenCalledExactlyOnceWith({ err_msg: 'x:fail' })
  })

  it('can be absent, late by two seconds, or silent', async () => {
    const absent: BridgeWindow = {}
    install(absent, settings('absent'), answering(), () => undefined)
    const late: BridgeWindow = {}
    const ready = vi.fn()
    install(late, settings('late'), answering(), ready)
    await vi.advanceTimersByTimeAsync(1999)
    expect(late.WeixinJSBridge).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(late.WeixinJSBridge).toBeDefined()
    expect(ready).toHaveBeenCalledOnce()
    expect(absent.WeixinJSBridge).toBeUndefined()
    const hung: BridgeWindow = {}
    const [ask, back] = [answering(), vi.fn()]
    install(hung, settings('hang'), ask, () => undefined)
    hung.WeixinJSBridge?.invoke('x', {}, back)
    await vi.advanceTimersByTimeAsync(10_000)
    expect([ask.mock.calls.length, back.mock.calls.length]).toEqual([0, 0])
  })

  it('asks the page before going back', () => {
    const page: BridgeWindow = {}
    install(page, settings('normal'), answering(), () => undefined)
    expect(page.__windowEmit?.('historyBack')).toBe(true)
    page.WeixinJSBridge?.on('historyBack', () => false)
    expect(page.__windowEmit?.('historyBack')).toBe(false)
  })
})
