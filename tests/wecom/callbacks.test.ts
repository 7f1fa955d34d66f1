import { decrypt, getSignature } from '@wecom/crypto'
import { XMLParser } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { HOUR_MS, simulate, smallCast, START, type Sim } from './small-cast'

const cast = smallCast()
const parse = (xml: string) =>
  (new XMLParser({ parseTagValue: false }).parse(xml) as { xml: Record<string, string> }).xml

/** What a receiver does with the request, by WeCom's own library. */
async function read(request: Request): Promise<{
  plain: Record<string, string>
  xml: string
  id: string
  genuine: boolean
  outer: Record<string, string>
}> {
  const url = new URL(request.url)
  const settings = url.pathname === '/callback' ? cast.app.callback : cast.contactSync.callback
  const outer = parse(await request.text())
  const encrypted = outer['Encrypt'] ?? ''
  const ask = (name: string) => url.searchParams.get(name) ?? ''
  const genuine = getSignature(settings.token, ask('timestamp'), ask('nonce'), encrypted) === ask('msg_signature')
  const { message, id } = decrypt(settings.encodingAesKey, encrypted)
  return { plain: parse(message), xml: message, id, genuine, outer }
}

async function taken(sim: Sim) {
  await sim.callbacks.idle()
  return Promise.all(sim.received.splice(0).map(read))
}

const RESIGNED = 'externalcontact/resigned/transfer_customer'
const wish = (ids: string[], takeover_userid = 'li') => ({
  handover_userid: 'zhang',
  takeover_userid,
  external_userid: ids,
})

test('an event is signed and encrypted for the corp, with AgentID only on the app’s address', async () => {
  const sim = simulate({ cast })
  sim.world.editRelation('zhang', 'wm1', { remark: '王先生' })
  sim.world.removeMember('zhang')
  const [edit, ...leaving] = await taken(sim)
  expect(edit).toMatchObject({
    genuine: true,
    id: cast.corp.id,
    outer: { ToUserName: cast.corp.id, AgentID: '1000002' },
  })
  expect(edit?.plain).toEqual({
    ToUserName: cast.corp.id,
    FromUserName: 'sys',
    CreateTime: String(START / 1000),
    MsgType: 'event',
    Event: 'change_external_contact',
    ChangeType: 'edit_external_contact',
    UserID: 'zhang',
    ExternalUserID: 'wm1',
  })
  expect(leaving.every((l) => l.genuine)).toBe(true)
})

test('a deleted member is told to the contact-sync address as delete_user, and to the app as unsubscribe', async () => {
  const sim = simulate({ cast })
  sim.world.removeMember('zhang')
  const [book, app] = await taken(sim)
  expect(book?.outer).not.toHaveProperty('AgentID')
  expect(book?.plain).toMatchObject({ Event: 'change_contact', ChangeType: 'delete_user', UserID: 'zhang' })
  expect(book?.xml).toContain('<ChangeType>delete_user</ChangeType>')
  expect(app?.plain).toMatchObject({ FromUserName: 'zhang', Event: 'unsubscribe', AgentID: '1000002' })
})

test('a member deleted by API is not called back to the contact-sync address', async () => {
  const sim = simulate({ cast })
  await sim.get('user/delete', { userid: 'zhang' }, 'contacts')
  expect((await taken(sim)).map((t) => t.plain['Event'])).toEqual(['unsubscribe'])
})

test('what is done by API raises no event: remark, mark_tag', async () => {
  const sim = simulate({ cast })
  await sim.post('externalcontact/remark', { userid: 'zhang', external_userid: 'wm1', remark: 'x' })
  await sim.post('externalcontact/mark_tag', { userid: 'zhang', external_userid: 'wm1', add_tag: ['et3'] })
  expect(await taken(sim)).toEqual([])
})

test('a takeover ends in add_external_contact for the successor, without WelcomeCode; a refusal in transfer_fail', async () => {
  const sim = simulate({ cast })
  sim.world.removeMember('zhang')
  await sim.post(RESIGNED, wish(['wm1', 'wm2']))
  await taken(sim)
  sim.world.customerWill('wm2', 'refuse')
  await sim.clock.advance(24 * HOUR_MS)
  const [fail, add] = await taken(sim)
  expect(fail?.plain).toMatchObject({
    ChangeType: 'transfer_fail',
    FailReason: 'customer_refused',
    UserID: 'li',
    ExternalUserID: 'wm2',
  })
  expect(add?.plain).toMatchObject({
    ChangeType: 'add_external_contact',
    UserID: 'li',
    ExternalUserID: 'wm1',
    CreateTime: String(START / 1000 + 86_400),
  })
  expect(add?.plain).not.toHaveProperty('WelcomeCode')
})

test('switches U4 and U5 keep takeovers silent', async () => {
  const sim = simulate({ cast, switches: { addEventAfterTakeover: false, failEvent: false } })
  sim.world.removeMember('zhang')
  await sim.post(RESIGNED, wish(['wm1', 'wm2']))
  await taken(sim)
  sim.world.customerWill('wm2', 'refuse')
  await sim.clock.advance(24 * HOUR_MS)
  expect(await taken(sim)).toEqual([])
})

test('a full successor is transfer_fail with customer_limit_exceed', async () => {
  const small = { ...cast, members: cast.members.map((m) => (m.userid === 'full' ? { ...m, customerLimit: 2 } : m)) }
  const sim = simulate({ cast: small })
  sim.world.removeMember('zhang')
  await sim.post(RESIGNED, wish(['wm1', 'wm2'], 'full'))
  await sim.clock.advance(24 * HOUR_MS)
  expect((await taken(sim)).at(-1)?.plain).toMatchObject({
    FailReason: 'customer_limit_exceed',
    UserID: 'full',
    ExternalUserID: 'wm2',
  })
})

test('on the job the giver loses the customer by DELETE_BY_TRANSFER, and a friend already is not added', async () => {
  const sim = simulate({ cast })
  await sim.post('externalcontact/transfer_customer', wish(['wm3'], 'wang'))
  await sim.clock.advance(24 * HOUR_MS)
  expect((await taken(sim)).map((t) => t.plain)).toMatchObject([
    { ChangeType: 'del_external_contact', UserID: 'zhang', Source: 'DELETE_BY_TRANSFER' },
  ])
})

test('people make events: adding with a WelcomeCode and a state, deleting on either side, coming and going', async () => {
  const sim = simulate({ cast })
  sim.world.customerAddsMember('li', 'wm5', { state: 'qr9' })
  sim.world.customerDeletesMember('zhang', 'wm1')
  sim.world.memberDeletesCustomer('zhang', 'wm2')
  sim.world.addMember({ userid: 'new', name: '新人', departments: [2] })
  sim.world.disableMember('wang')
  const [added, ...rest] = (await taken(sim)).map((t) => t.plain)
  expect(added).toMatchObject({ ChangeType: 'add_external_contact', State: 'qr9', WelcomeCode: expect.any(String) })
  expect(rest.map((p) => p['ChangeType'] ?? p['Event'])).toEqual([
    'del_follow_user',
    'del_external_contact',
    'create_user',
    'subscribe',
    'unsubscribe',
  ])
})

test('groups moved by API raise change_owner', async () => {
  const sim = simulate({ cast })
  sim.world.removeMember('zhang')
  await taken(sim)
  await sim.post('externalcontact/groupchat/transfer', { chat_id_list: ['wr1'], new_owner: 'li' })
  expect((await taken(sim))[0]?.plain).toMatchObject({
    Event: 'change_external_chat',
    ChatId: 'wr1',
    UpdateDetail: 'change_owner',
  })
})

test('a follower outside the visible range makes no event for the app', async () => {
  const sim = simulate({ cast: { ...cast, app: { ...cast.app, visible: ['li'] } } })
  sim.world.editRelation('zhang', 'wm1', { remark: 'x' })
  expect(await taken(sim)).toEqual([])
})

test('no connection is tried three times, an HTTP error is not tried again, and nobody who acts sees an exception', async () => {
  let tries = 0
  const dead = simulate({
    cast,
    limits: { callbackPause: 1 },
    send: () => (tries++, Promise.reject(new TypeError('fetch failed'))),
  })
  dead.world.editRelation('zhang', 'wm1', {})
  await dead.callbacks.idle()
  expect([tries, dead.callbacks.deliveries[0]]).toMatchObject([3, { tries: 3, outcome: 'unreachable', status: null }])
  const failing = simulate({ cast, send: () => Promise.resolve(new Response('', { status: 500 })) })
  failing.world.editRelation('zhang', 'wm1', {})
  await failing.callbacks.idle()
  expect(failing.callbacks.deliveries[0]).toMatchObject({ tries: 1, outcome: 'answered', status: 500 })
})

test('a receiver that is too slow is given up after its time and tried again', async () => {
  const sim = simulate({
    cast,
    limits: { callbackTimeout: 10, callbackPause: 1 },
    send: () => new Promise(() => undefined),
  })
  sim.world.editRelation('zhang', 'wm1', {})
  await sim.callbacks.idle()
  expect(sim.callbacks.deliveries[0]).toMatchObject({ tries: 3, outcome: 'unreachable' })
})

test('the fault dial loses, repeats, delays and forges callbacks', async () => {
  const sim = simulate({ cast })
  const edit = (remark: string) => sim.world.editRelation('zhang', 'wm1', { remark })
  sim.faults.add({ event: 'edit_external_contact', nth: 1, lose: true })
  sim.faults.add({ event: 'change_external_contact', nth: 2, duplicate: 3 })
  sim.faults.add({ event: '*', nth: 3, delay: HOUR_MS })
  sim.faults.add({ event: '*', nth: 4, badSignature: true })
  edit('lost')
  expect(await taken(sim)).toHaveLength(0)
  edit('three times')
  expect(await taken(sim)).toHaveLength(3)
  edit('late')
  expect(await taken(sim)).toHaveLength(0)
  edit('forged')
  expect((await taken(sim)).map((t) => t.genuine)).toEqual([false])
  await sim.clock.advance(HOUR_MS)
  expect((await taken(sim)).map((t) => t.plain['CreateTime'])).toEqual([String(START / 1000)])
  expect(sim.callbacks.deliveries.map((d) => d.outcome)).toContain('lost')
})

test('saving the callback address asks for the plaintext of echostr within a second', async () => {
  const answer = (request: Request, around = '') => {
    const url = new URL(request.url)
    const { message } = decrypt(cast.app.callback.encodingAesKey, url.searchParams.get('echostr') ?? '')
    return Promise.resolve(new Response(around + message + around))
  }
  expect(await simulate({ cast, send: (r) => answer(r) }).callbacks.verifyUrl('app')).toEqual({ ok: true })
  expect(await simulate({ cast, send: (r) => answer(r, '"') }).callbacks.verifyUrl('app')).toMatchObject({ ok: false })
  expect(
    await simulate({ cast, send: () => Promise.reject(new Error('down')) }).callbacks.verifyUrl('app'),
  ).toMatchObject({ ok: false })
})

test('the published vector of the callback encryption holds for the library that the simulator uses', () => {
  const encrypted =
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='
  expect(getSignature('QDG6eK', '1409659813', '1372623149', encrypted)).toBe('477715d11cdb4164915debcba66cb864d751f3e6')
  const { message, id } = decrypt('jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', encrypted)
  expect([id, Buffer.byteLength(message), parse(message)['Content']]).toEqual(['wx5823bf96d3bd56c7', 284, 'hello'])
})
