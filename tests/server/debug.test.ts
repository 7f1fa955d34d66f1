import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openHouse, type ServerHouse } from '../support/house'

/** Who may look at what their own client does (quality 26): 马超 is the administrator, 王磊 is in trouble. */
let house: ServerHouse
let admin: string
beforeAll(async () => {
  house = await openHouse({ settings: { ADMINS: 'machao' } })
  await house.runJobs('mirror')
})
afterAll(() => house.close())
beforeEach(async () => {
  admin = await house.signIn('machao')
})

const MINUTE = 60_000
const idOf = async (userid: string) =>
  (await house.db.selectFrom('member').select('id').where('userid', '=', userid).executeTakeFirstOrThrow()).id
const grant = async (userid: string, reason = '侧边栏打不开') =>
  house.post('/api/debug', { member: await idOf(userid), reason }, admin)
const end = (id: string) => house.post(`/api/debug/${id}/end`, {}, admin)
const list = async () => (await house.get('/api/debug', admin)).body.items as { id: string; name: string }[]
const has = async (cookie: string) => (await house.get('/api/me/debug', cookie)).body.until !== null
const logged = async () =>
  (
    await house.db
      .selectFrom('audit')
      .select(['action', 'detail'])
      .where('action', 'like', 'debug.%')
      .orderBy('seq')
      .execute()
  ).map(({ action, detail }) => [action, (detail as { why?: string }).why].filter(Boolean).join(' '))

describe('debugging in the client', () => {
  it('is one member’s, given by an administrator, used, seen in the list, and taken back', async () => {
    const cookie = await house.signIn('wanglei')
    expect(await has(cookie)).toBe(false)
    expect((await house.post('/api/me/debug/open', {}, cookie)).body.until).toBeNull()
    expect(await logged()).toEqual([])
    const { body } = await grant('wanglei')
    expect(await has(cookie)).toBe(true)
    expect(await has(admin)).toBe(false)
    expect(await has(await house.signIn('linxiao'))).toBe(false)
    expect(await list()).toMatchObject([{ name: '王磊', by: '马超', reason: '侧边栏打不开', opened: null }])
    expect((await house.post('/api/me/debug/open', {}, cookie)).body.until).toBe(body.until)
    expect(await list()).toMatchObject([{ name: '王磊', opened: house.deps.now().toISOString() }])
    expect((await end(body.grant as string)).status).toBe(200)
    expect([await has(cookie), await list()]).toEqual([false, []])
    expect((await house.post('/api/me/debug/open', {}, cookie)).body.until).toBeNull()
    expect((await end(body.grant as string)).body.code).toBe('stale')
    expect((await end('nobody')).body.code).toBe('not_found')
    expect(await logged()).toEqual(['debug.granted', 'debug.opened', 'debug.ended ended'])
  })

  it('is over after an hour by itself; asking does not keep a session alive', async () => {
    const { body } = await grant('wanglei')
    const cookie = await house.signIn('wanglei')
    const seenAt = async () =>
      (
        await house.db
          .selectFrom('session')
          .select('seenAt')
          .where('memberId', '=', await idOf('wanglei'))
          .orderBy('seenAt', 'desc')
          .executeTakeFirstOrThrow()
      ).seenAt
    const before = await seenAt()
    await house.simulator.clock.advance(59 * MINUTE)
    expect([await has(cookie), await seenAt()]).toEqual([true, before])
    await house.simulator.clock.advance(2 * MINUTE)
    expect(await has(cookie)).toBe(false)
    admin = await house.signIn('machao')
    expect(await list()).toEqual([])
    expect((await end(body.grant as string)).body.code).toBe('stale')
    const next = await grant('wanglei')
    expect(next.status).toBe(200)
    expect((await logged()).slice(-2)).toEqual(['debug.ended expired', 'debug.granted'])
    await end(next.body.grant as string)
  })

  it('is given once, with a reason, by a fresh login, to somebody who is here, never to oneself and for no longer', async () => {
    expect((await grant('wanglei', ' ')).status).toBe(400)
    expect((await grant('machao')).body.code).toBe('own_right')
    expect((await house.post('/api/debug', { member: 'nobody', reason: 'x' }, admin)).body.code).toBe('not_found')
    const twice = await Promise.all([grant('wanglei', '一'), grant('wanglei', '二')])
    expect(twice.map((a) => a.status).sort()).toEqual([200, 409])
    expect(twice.find((a) => a.status === 409)?.body.code).toBe('already_debugging')
    await house.simulator.clock.advance(6 * MINUTE)
    expect((await grant('linxiao')).body.code).toBe('login_again')
    for (const [giver, hours] of [
      ['linxiao', 1],
      ['machao', 2],
    ] as const)
      await expect(
        sql`insert into debug_grant (id, member_id, reason, granted_by, granted_at, until)
            values ('x', ${await idOf('linxiao')}, 'x', ${await idOf(giver)}, now(), now() + make_interval(hours => ${hours}))`.execute(
          house.db,
        ),
      ).rejects.toThrow('check constraint')
    await end((await list())[0]?.id ?? '')
  })

  it('ends with the member’s departure (T-40)', async () => {
    await grant('wanglei')
    house.simulator.world.removeMember('wanglei')
    await house.settle()
    expect(await list()).toEqual([])
    const rows = await house.db.selectFrom('debugGrant').select('endedAt').where('endedAt', 'is', null).execute()
    expect(rows).toEqual([])
    const said = await house.db
      .selectFrom('audit')
      .select('detail')
      .where('action', '=', 'sessions.revoked')
      .where('subject', '=', await idOf('wanglei'))
      .orderBy('seq')
      .execute()
    expect(said.map(({ detail }) => (detail as { debugs: number }).debugs)).toContain(1)
  })
})
