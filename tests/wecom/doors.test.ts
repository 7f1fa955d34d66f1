import { expect, test } from 'vitest'
import { jsapiSignature } from '../../mock/wecom/jsapi'
import { HOUR_MS, simulate, START, type Sim } from './small-cast'

const ask = (more: Record<string, string> = {}) =>
  new URL(
    `https://open.weixin.qq.com/connect/oauth2/authorize?${new URLSearchParams({
      appid: 'ww0000000000000001',
      redirect_uri: 'https://app.example.com/auth/callback?to=%2Fworkbench',
      response_type: 'code',
      scope: 'snsapi_base',
      state: 'abc123',
      agentid: '1000002',
      ...more,
    })}`,
  )

function codeFor(sim: Sim, who: Parameters<Sim['oauth']['authorize']>[1], more = {}): string {
  const answer = sim.oauth.authorize(ask(more), who)
  if ('error' in answer) throw new Error(answer.error)
  return new URL(answer.redirect).searchParams.get('code') ?? ''
}

test('authorize sends the browser back with code and state, keeping the query that was there', () => {
  const answer = simulate().oauth.authorize(ask(), { userid: 'LI' })
  const back = new URL('redirect' in answer ? answer.redirect : 'about:blank')
  expect(back.origin + back.pathname).toBe('https://app.example.com/auth/callback')
  expect([back.searchParams.get('to'), back.searchParams.get('state')]).toEqual(['/workbench', 'abc123'])
})

test.each([
  ['another corp', { appid: 'wwX' }],
  ['another app', { agentid: '1' }],
  ['another response type', { response_type: 'token' }],
  ['an unknown scope', { scope: 'snsapi_userinfo' }],
  ['a host that is not trusted', { redirect_uri: 'https://evil.example.com/' }],
  ['a subdomain of a trusted host', { redirect_uri: 'https://a.app.example.com/' }],
  ['another port of a trusted host', { redirect_uri: 'http://localhost:3001/' }],
  ['a user part that looks like a trusted host', { redirect_uri: 'https://app.example.com@evil.example.com/' }],
  ['a state with other characters', { state: 'a-b' }],
  ['a state that is too long', { state: 'a'.repeat(129) }],
])('authorize refuses %s', (_what, more) => {
  expect(simulate().oauth.authorize(ask(more), { userid: 'li' })).toHaveProperty('error')
})

test('nobody who is not logged in, disabled or gone gets a code', () => {
  const sim = simulate()
  sim.world.disableMember('wang')
  sim.world.removeMember('zhang')
  for (const who of [null, { userid: 'wang' }, { userid: 'zhang' }, { userid: 'nobody' }])
    expect(sim.oauth.authorize(ask(), who)).toHaveProperty('error')
})

test('a code works once (40029) and for five minutes (42003)', async () => {
  const sim = simulate()
  const once = codeFor(sim, { userid: 'li' })
  expect(await sim.get('auth/getuserinfo', { code: once })).toEqual({ errcode: 0, errmsg: 'ok', userid: 'li' })
  expect((await sim.get('auth/getuserinfo', { code: once })).errcode).toBe(40029)
  expect((await sim.get('auth/getuserinfo', { code: 'made-up' })).errcode).toBe(40029)
  const late = codeFor(sim, { userid: 'li' })
  await sim.clock.advance(5 * 60_000)
  expect((await sim.get('auth/getuserinfo', { code: late })).errcode).toBe(42003)
})

test('a member outside the visible range still gets his userid; only inside it a user_ticket', async () => {
  const sim = simulate({ change: (cast) => (cast.app.visible = ['li']) })
  const scope = { scope: 'snsapi_privateinfo' }
  expect(await sim.get('auth/getuserinfo', { code: codeFor(sim, { userid: 'wang' }, scope) })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    userid: 'wang',
  })
  expect(await sim.get('auth/getuserinfo', { code: codeFor(sim, { userid: 'li' }, scope) })).toHaveProperty(
    'user_ticket',
  )
})

test('an outsider gets an openid, and an external_userid only while somebody in range follows him', async () => {
  const sim = simulate({ change: (cast) => (cast.app.visible = ['li']) })
  const followed = await sim.get('auth/getuserinfo', { code: codeFor(sim, { externalUserid: 'wo4' }) })
  expect(followed).toMatchObject({ openid: expect.any(String), external_userid: 'wo4' })
  const stranger = await sim.get('auth/getuserinfo', { code: codeFor(sim, { externalUserid: 'wm1' }) })
  expect(stranger).not.toHaveProperty('external_userid')
  expect(stranger).not.toHaveProperty('userid')
})

test('the browser login page asks for the app and no scope', () => {
  const query =
    'login_type=CorpApp&appid=ww0000000000000001&agentid=1000002&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fa&state=s'
  const page = new URL(`https://login.work.weixin.qq.com/wwlogin/sso/login?${query}`)
  expect(simulate().oauth.authorize(page, { userid: 'li' })).toHaveProperty('redirect')
})

const published = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  nonceStr: 'Wm3WZYTPz0wzccnW',
  timestamp: 1414587457,
  url: 'http://mp.weixin.qq.com?params=value',
}

test('the published JS-API signature comes out', () => {
  expect(jsapiSignature(published)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
})

async function signed(sim: Sim, of: 'config' | 'agentConfig', more: Partial<typeof published> = {}) {
  const reply = await (of === 'config' ? sim.get('get_jsapi_ticket') : sim.get('ticket/get', { type: 'agent_config' }))
  const page = { url: 'https://app.example.com/sidebar?a=1', nonceStr: 'n', timestamp: START / 1000, ...more }
  return {
    ...page,
    corpid: 'ww0000000000000001',
    agentid: '1000002',
    signature: jsapiSignature({ ...page, ticket: String(reply['ticket']) }),
  }
}

test('the client accepts a signature made with the right, living ticket', async () => {
  const sim = simulate()
  expect(sim.jsapi.verify({ kind: 'config', ...(await signed(sim, 'config')) })).toEqual({ ok: true })
  const app = await signed(sim, 'agentConfig')
  expect(sim.jsapi.verify({ kind: 'agentConfig', ...app })).toEqual({ ok: true })
  await sim.clock.advance(2 * HOUR_MS)
  expect(sim.jsapi.verify({ kind: 'agentConfig', ...app })).toMatchObject({ errcode: 40093 })
})

test('a signature with the corp ticket is no agentConfig (42012), and the app ticket no config (40093)', async () => {
  const sim = simulate()
  const corp = sim.jsapi.verify({ kind: 'agentConfig', ...(await signed(sim, 'config')) })
  expect(corp).toMatchObject({
    ok: false,
    errcode: 42012,
    err_msg: expect.stringMatching(/^agentConfig:fail_.*e=42012$/),
  })
  expect(sim.jsapi.verify({ kind: 'config', ...(await signed(sim, 'agentConfig')) })).toMatchObject({ errcode: 40093 })
})

test('the client refuses a wrong url, ms instead of seconds, a hash, a strange host, another corp or app', async () => {
  const sim = simulate()
  const good = await signed(sim, 'agentConfig')
  const code = (change: object) => {
    const verdict = sim.jsapi.verify({ kind: 'agentConfig', ...good, ...change })
    return verdict.ok ? 0 : verdict.errcode
  }
  const inMs = await signed(sim, 'agentConfig', { timestamp: START })
  expect(code({ url: 'https://app.example.com/other' })).toBe(40093)
  expect(code(inMs)).toBe(40093)
  expect(code({ url: `${good.url}#x` })).toBe(40094)
  expect(code({ url: 'https://evil.example.com/' })).toBe(50001)
  expect(code({ corpid: 'wwX' })).toBe(40013)
  expect(code({ agentid: '1' })).toBe(40056)
})
