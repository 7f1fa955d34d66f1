import { encrypt, getSignature } from '@wecom/crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, type ServerHouse } from '../support/house'
import { smallCorp } from '../support/small-corp'

const { corp, app } = smallCorp()
let house: ServerHouse

const seconds = () => String(Math.floor(house.deps.now().getTime() / 1000))

/** A call as WeCom makes it, sealed by its own library. */
function call(message: string, change: { signature?: string; source?: string; corpId?: string; at?: string } = {}) {
  const encrypted = encrypt(app.callback.encodingAesKey, message, change.corpId ?? corp.id)
  const timestamp = change.at ?? seconds()
  const signature = change.signature ?? getSignature(app.callback.token, timestamp, 'n1', encrypted)
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce: 'n1' })
  return house.request(`/wecom/callback/${change.source ?? 'app'}?${query}`, {
    method: 'POST',
    body: `<xml><ToUserName><![CDATA[${corp.id}]]></ToUserName><AgentID>1000002</AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  })
}
const event = (inner: string) => `<xml><ToUserName><![CDATA[${corp.id}]]></ToUserName>${inner}</xml>`
const kept = () => house.db.selectFrom('wecomEvent').selectAll().execute()

beforeAll(async () => {
  house = await openHouse({ settings: { WECOM_VERIFY_FILE: 'WW_verify_abcDEF123' } })
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.db.deleteFrom('wecomEvent').execute()
  house.awake.clear()
})

describe('the callback addresses', () => {
  it('pass the check that WeCom makes when they are saved (facts 5.1)', async () => {
    expect(await house.simulator.callbacks.verifyUrl('app')).toEqual({ ok: true })
    expect(await house.simulator.callbacks.verifyUrl('contacts')).toEqual({ ok: true })
  })

  it('keep an event and answer at once with nothing; the work is for a job', async () => {
    const edited =
      '<MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType><![CDATA[edit_external_contact]]></ChangeType><UserID>linxiao</UserID><ExternalUserID>wm1</ExternalUserID>'
    const answer = await call(event(edited))
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect([...house.awake]).toEqual(['events'])
    expect(await kept()).toMatchObject([
      { source: 'app', event: 'change_external_contact', change: 'edit_external_contact', handledAt: null },
    ])
  })

  it('keep the same message once, however often it comes (Q14)', async () => {
    await Promise.all(Array.from({ length: 5 }, () => call(event('<Event>subscribe</Event>'))))
    expect(await kept()).toHaveLength(1)
  })

  it('keep events nobody has heard of, and messages that are no events', async () => {
    await call(event('<Event>from_the_future</Event><Number>0012</Number>'))
    await call(event('<MsgType>text</MsgType><Content>0 &amp; &lt;b&gt;</Content>'))
    await call('no xml at all')
    await call(event('<Event>x</Event><Deep><a><b>1</b></a></Deep>'))
    await call(event('<Event>y</Event><__proto__>z</__proto__>'))
    const all = await kept()
    expect(all.map((e) => e.event).sort()).toEqual(['from_the_future', 'text', 'unreadable', 'unreadable', 'x'])
    // Nothing is taken for a number or an entity.
    expect(all.find((e) => e.event === 'from_the_future')?.body).toMatchObject({ Number: '0012' })
    expect(all.find((e) => e.event === 'text')?.body).toMatchObject({ Content: '0 &amp; &lt;b&gt;' })
  })

  it('say nothing to whoever is not WeCom (Q1)', async () => {
    const message = event('<Event>subscribe</Event>')
    const long = Math.floor(house.deps.now().getTime() / 1000) - 400
    const refused = [
      call(message, { signature: 'f'.repeat(40) }),
      call(message, { signature: '' }),
      call(message, { corpId: 'wwsomebodyelse' }),
      call(message, { at: String(long) }),
      // The other address has its own token and key.
      call(message, { source: 'contacts' }),
      house.request('/wecom/callback/app', { method: 'POST', body: '' }),
      house.request('/wecom/callback/app'),
      house.request('/wecom/callback/app?msg_signature=a&timestamp=1&nonce=1&echostr=x'),
    ]
    for (const answer of await Promise.all(refused)) expect([answer.status, await answer.text()]).toEqual([403, ''])
    expect(await kept()).toEqual([])
    expect(house.awake.size).toBe(0)
  })

  it('read no entity, no second <Encrypt>, nothing deep or large, and stay quick (Q39)', async () => {
    const query = `?msg_signature=${'a'.repeat(40)}&timestamp=${seconds()}&nonce=1`
    const bodies = [
      '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
      `<!DOCTYPE lolz [<!ENTITY a "${'x'.repeat(100)}">]><xml><Encrypt>&a;&a;</Encrypt></xml>`,
      '<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>',
      `<xml>${'<a>'.repeat(9000)}`,
      `<xml>${'<a>'.repeat(4000)}${'</a>'.repeat(4000)}</xml>`,
      `<xml><Encrypt>${'A'.repeat(200_000)}</Encrypt></xml>`,
      '\0\u0001<xml>',
    ]
    for (const body of bodies) {
      const answer = await house.request(`/wecom/callback/app${query}`, { method: 'POST', body })
      expect([answer.status, await answer.text()]).toEqual([403, ''])
    }
  })

  it('serve the file that proves whose domain this is (quality C10)', async () => {
    expect(await (await house.request('/WW_verify_abcDEF123.txt')).text()).toBe('abcDEF123')
    expect((await house.request('/WW_verify_other.txt')).status).toBe(404)
  })

  it('are closed where nothing is configured', async () => {
    const bare = await openHouse({ settings: { WECOM_CONTACTS_TOKEN: '', WECOM_CONTACTS_AES_KEY: '' } })
    expect(await bare.simulator.callbacks.verifyUrl('contacts')).toMatchObject({ ok: false })
    await bare.close()
  })
})
