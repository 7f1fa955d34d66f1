import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getMe, signPage } from '../../src/shared/member'
import { CallFailure } from '../../src/client/lib/api'
import {
  classify,
  type ClientRefusal,
  context,
  currentContact,
  registerPage,
  sendMessage,
} from '../../src/client/lib/wecom'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { me } from './samples'

// Before anything imports the SDK: it reads the user agent once (facts 6.1).
vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

const bridge = new Bridge()
beforeEach(() => {
  bridge.reset()
  new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
  registerPage(me)
})
afterEach(() => vi.useRealTimers())

const why = (promise: Promise<unknown>) => promise.then(String, (thrown: unknown) => (thrown as ClientRefusal).why)

it('signs our own address for the app’s identity, once, and names every call it will make', async () => {
  await context()
  await currentContact()
  expect(bridge.named('preVerifyJSAPI')).toEqual([])
  const [config, ...more] = bridge.named('agentConfig')
  expect(more).toEqual([])
  expect(config).toMatchObject({ corpid: 'ww1', agentid: '1000002', signature: 's' })
  expect(config?.['jsApiList']).toEqual([
    'getContext',
    'getCurExternalContact',
    'getCurExternalChat',
    'sendChatMessage',
    'openEnterpriseChat',
  ])
})

describe('what the client says, told apart (facts 6.4)', () => {
  it.each([
    ['fail_without context of external contact', 'no_context'],
    ['fail_fail_without context', 'no_context'],
    ['fail no permission', 'no_permission'],
    ['fail_no permission to execute', 'not_listed'],
    ['fail_user not in allow list', 'no_permission'],
    ['fail_function not exist', 'too_old'],
    ['cancel', 'cancelled'],
    ['fail', 'failed'],
  ])('%s', async (said, kind) => {
    bridge.says('getCurExternalContact', said)
    expect(await why(currentContact())).toBe(kind)
  })

  it('a signature the client refuses, and what is no message at all', () => {
    const failed = {
      errMsg: 'agentConfig:invalid signature more info at https://open.work.weixin.qq.com/devtool/query?e=40093',
    }
    expect(classify(failed)).toMatchObject({ why: 'signature' })
    expect(classify(new Error('SDK Error: Aborted'))).toMatchObject({ why: 'address', detail: 'SDK Error: Aborted' })
    expect(classify({ errMsg: 'agentConfig:invalid url domain' })).toMatchObject({ why: 'domain' })
    expect(classify(undefined)).toMatchObject({ why: 'failed', detail: '' })
  })

  it('lets our own failed request through as it is', () => {
    const failure = new CallFailure('busy', '系统正忙。', 'req-9')
    expect(classify(failure)).toBe(failure)
  })

  it('resolves what says nothing at all', async () => {
    bridge.answers['getContext'] = () => ({ entry: 'normal' })
    expect(await context()).toBe('normal')
  })
})

it('never waits for ever: says so within three seconds, and still believes who was only late (Q68)', async () => {
  bridge.answers['getContext'] = () => 'silence'
  bridge.answers['getCurExternalContact'] = () => 'silence'
  vi.useFakeTimers()
  const both = Promise.all([why(context()), why(currentContact())])
  await vi.advanceTimersByTimeAsync(2900)
  expect(await both).toEqual(['timeout', 'timeout'])
})

it('does not blame the client for how long our own server takes to sign', async () => {
  let sign = () => undefined as void
  const slow = new Promise<void>((done) => (sign = done))
  new Door().on(signPage).says(() => slow.then(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' })))
  history.replaceState(null, '', '/signed-slowly')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const asked = context()
  await vi.advanceTimersByTimeAsync(8000)
  sign()
  await vi.advanceTimersByTimeAsync(100)
  expect(await asked).toBe('single_chat_tools')
  history.replaceState(null, '', '/')
})

it('says within three seconds that there is no bridge', async () => {
  const kept = Reflect.get(window, 'WeixinJSBridge') as unknown
  Reflect.deleteProperty(window, 'WeixinJSBridge')
  vi.useFakeTimers()
  const asked = why(context())
  await vi.advanceTimersByTimeAsync(2600)
  expect(await asked).toBe('no_bridge')
  Object.assign(window, { WeixinJSBridge: kept })
})

describe('sending', () => {
  const message = { form: 'text', text: '您好' } as const

  it.each([
    ['ok', { outcome: 'sent' }],
    ['cancel', { outcome: 'cancelled' }],
    ['fail no permission', { outcome: 'failed', why: 'no_permission' }],
    ['fail_something', { outcome: 'failed', why: 'failed' }],
  ])('%s', async (said, result) => {
    bridge.says('sendChatMessage', said)
    expect(await sendMessage(message)).toMatchObject(result)
  })

  it('does not guess while the client is silent', async () => {
    bridge.answers['sendChatMessage'] = () => 'silence'
    vi.useFakeTimers()
    const sending = sendMessage(message)
    await vi.advanceTimersByTimeAsync(90_001)
    expect(await sending).toMatchObject({ outcome: 'unknown' })
  })
})

it('shows a failed signature request as our failure, not as the client’s', async () => {
  new Door().on(signPage).says(() => new Refusal('wecom_unreachable', '暂时连不上企业微信。', 'req-5'))
  // Another path is another page to sign (facts 6.2).
  history.replaceState(null, '', '/elsewhere')
  await expect(currentContact()).rejects.toMatchObject({ code: 'wecom_unreachable', requestId: 'req-5' })
})
