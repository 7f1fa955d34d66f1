import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { knockAt } from '../../src/server/probe/knock'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
beforeEach(async () => {
  // An odd number, so that the limit would come between the two calls that are compared.
  house = await openMirrored({ probes: true, settings: { LIMIT_GUESSES: '3' } })
})
afterEach(() => house.close())

const probes = () => house.db.selectFrom('probe').selectAll().orderBy('id').execute()
const seq = async () => (await house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).seq
async function leave() {
  house.simulator.world.removeMember('linxiao')
  await house.settle()
}
async function departure() {
  return (await house.db.selectFrom('departure').select('id').executeTakeFirstOrThrow()).id
}
type Report = { knocks: { door: string; credential: string; status: number; bytes: number; shut: boolean }[] }

describe('the probe after a departure', () => {
  it('calls every door of the table with a session that was good until then and with one that never was (T-40)', async () => {
    await leave()
    const [probe] = await probes()
    expect(probe).toMatchObject({ why: 'left', opened: true, red: 0, leftOver: 0, doors: house.doors.length })
    const { knocks } = probe?.report as unknown as Report
    for (const credential of ['laid', 'made_up'])
      expect(knocks.filter((k) => k.credential === credential).map((k) => k.door)).toEqual(
        house.doors.map((d) => `${d.method} ${d.path}`),
      )
    for (const k of knocks) expect([k.door, k.shut, k.bytes]).toEqual([k.door, true, 0])
    const staff = house.doors.filter((d) => d.access === 'signed-in' || Array.isArray(d.access))
    expect(knocks.filter((k) => k.status === 401).length).toBeGreaterThanOrEqual(staff.length * 2)
  })

  it('knows every route there is: one that was opened beside the table would not be called, and fails here (T-40)', () => {
    const { app, doors } = createApp(house.deps)
    const known = new Set(doors.map((d) => `${d.method} ${d.path}`))
    // ALL are the rules that every request passes (lib/headers.ts).
    const routes = app.routes.filter((r) => r.method !== 'ALL').map((r) => `${r.method} ${r.path}`)
    expect(routes.filter((route) => !known.has(route))).toEqual([])
  })

  it('runs in a process that only works, too, within a minute of the notice', async () => {
    house.simulator.world.removeMember('linxiao')
    await house.simulator.callbacks.idle()
    house.deps.config.ROLE = 'worker'
    await house.settle()
    const [probe] = await probes()
    expect(probe).toMatchObject({ red: 0, doors: house.doors.length })
    expect((probe?.endedAt?.getTime() ?? Infinity) - (probe?.revokedAt.getTime() ?? 0)).toBeLessThanOrEqual(60_000)
  })

  it('changes nothing: no row but its own, no call to WeCom, no job', async () => {
    await leave()
    const before = await seq()
    const calls = house.simulator.ledger.length
    const compliance = await house.signIn('shenlan')
    const id = await departure()
    expect((await house.post(`/api/departures/${id}/probes`, {}, compliance)).status).toBe(200)
    house.awake.clear()
    await house.runJobs('probe')
    const since = await house.db.selectFrom('audit').select('action').where('seq', '>', before).orderBy('seq').execute()
    expect(since.map((a) => a.action)).toEqual(['session.began', 'probe.asked', 'probe.ran'])
    expect(house.simulator.ledger.length).toBe(calls)
  })

  it('is red when a door answers, without an effect even then, and says so in the log (Q28)', async () => {
    await leave()
    // Somebody undid the revocation by hand: the session is there again, of today's epoch, and the member active.
    const cookie = await house.signIn('chenyiming')
    const token = cookie.split('=')[1] ?? ''
    const before = await seq()
    const found = await house.db.connection().execute(async (one) => {
      const { app, doors } = createApp({ ...house.deps, db: one })
      const at = { origin: house.deps.config.PUBLIC_URL, cookieName: '__Host-jiebang' }
      const staff = doors.filter((d) => d.access === 'signed-in' && d.method === 'POST')
      return knockAt(app, staff, at, { credential: 'laid', token })
    })
    expect(found.length).toBeGreaterThan(0)
    for (const k of found) expect([k.door, k.shut, k.status]).toEqual([k.door, false, 400])
    expect(await seq()).toBe(before)
    expect((await house.get('/api/me', cookie)).status).toBe(200)

    const member = await house.db
      .selectFrom('member')
      .selectAll()
      .where('userid', '=', 'linxiao')
      .executeTakeFirstOrThrow()
    await house.db.updateTable('member').set({ status: 'active' }).where('id', '=', member.id).execute()
    const [laid] = await probes()
    const { sealer } = await import('../../src/server/lib/seal')
    const { hashToken } = await import('../../src/server/lib/id')
    const own = sealer(house.deps.config.SECRET).unseal(laid?.sealed ?? '', `probe ${laid?.id}`) ?? ''
    const at = house.deps.now()
    const row = { memberId: member.id, epoch: member.authEpoch, createdAt: at, seenAt: at }
    await house.db
      .insertInto('session')
      .values({ idHash: hashToken(own), ...row })
      .execute()
    const rows = async () => (await house.db.selectFrom('session').select('idHash').execute()).length
    const sessions = await rows()
    await house.post(`/api/departures/${await departure()}/probes`, {}, await house.signIn('shenlan'))
    await house.runJobs('probe')
    // Both ran at the same instant: time stands still here.
    const red = (await probes()).find(({ id }) => id !== laid?.id)
    expect(red?.red).toBeGreaterThan(30)
    expect(red?.leftOver).toBe(1)
    expect(await rows()).toBe(sessions + 1)
    expect(house.logged.some((line) => line.includes('a door answered somebody who has left'))).toBe(true)
    const { knocks } = red?.report as unknown as Report
    expect(knocks.find((k) => k.door === 'GET /api/me' && k.credential === 'laid')).toMatchObject({
      status: 200,
      shut: false,
    })
    expect(knocks.find((k) => k.door === 'GET /api/me' && k.credential === 'made_up')).toMatchObject({
      shut: true,
      bytes: 0,
    })
  })

  it('is shown to compliance and to whoever leads the leaver, and stands in the log by its digest', async () => {
    await leave()
    const id = await departure()
    for (const userid of ['shenlan', 'zhoumin']) {
      const { status, body } = await house.get(`/api/departures/${id}/probes`, await house.signIn(userid))
      expect(status).toBe(200)
      expect(body.probes[0]).toMatchObject({ why: 'left', red: 0, opened: true, doors: house.doors.length })
      const { detail } = await house.db
        .selectFrom('audit')
        .select('detail')
        .where('action', '=', 'probe.ran')
        .executeTakeFirstOrThrow()
      expect(detail).toMatchObject({ digest: body.probes[0].digest, red: 0 })
    }
    expect((await house.get(`/api/departures/${id}/probes`, await house.signIn('wanglei'))).status).toBe(403)
    await house.db
      .updateTable('member')
      .set({ departmentIds: [3] })
      .where('userid', '=', 'linxiao')
      .execute()
    const elsewhere = { MANAGERS: '' }
    Object.assign(house.deps.config, elsewhere)
    expect((await house.get(`/api/departures/${id}/probes`, await house.signIn('zhoumin'))).body.code).toBe('not_found')
  })

  it('keeps what it knocked with no longer than a session could have lived', async () => {
    await leave()
    expect((await probes())[0]?.sealed).not.toBeNull()
    await house.simulator.clock.advance(25 * 3600_000)
    await house.runJobs('probe')
    expect((await probes())[0]?.sealed).toBeNull()
    await house.post(`/api/departures/${await departure()}/probes`, {}, await house.signIn('shenlan'))
    await house.runJobs('probe')
    const { knocks } = (await probes())[1]?.report as unknown as Report
    expect(new Set(knocks.map((k) => k.credential))).toEqual(new Set(['made_up']))
  })
})
