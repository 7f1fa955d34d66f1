import { afterAll, beforeAll, expect, it } from 'vitest'
import { FRESH_MS } from '../../src/shared/endpoint'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

/** Walks the table: whatever says `fresh` is proven here without anybody adding it. */
let house: ServerHouse
beforeAll(async () => {
  house = await openMirrored({ settings: { ADMINS: 'machao,zhoumin,hezhiyuan,shenlan', COMPLIANCE: 'zhoumin' } })
})
afterAll(() => house.close())

const fresh = () => house.doors.filter((door) => door.endpoint?.fresh)
const knock = (path: string, cookie: string) => house.post(path.replace(/:\w+/g, 'nobody'), {}, cookie)
const entries = () => house.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()

it('asks for a login of the last five minutes before it even reads what is wanted (7.5.3)', async () => {
  expect(fresh().map(({ path }) => path)).toContain('/api/plans/:plan/approve')
  const cookie = await house.signIn('zhoumin')
  await house.simulator.clock.advance(FRESH_MS)
  for (const { path } of fresh()) expect([path, (await knock(path, cookie)).status]).not.toEqual([path, 401])
  const before = await entries()
  await house.simulator.clock.advance(1000)
  for (const { path } of fresh()) {
    const { status, body } = await knock(path, cookie)
    expect([path, status, body.code]).toEqual([path, 401, 'login_again'])
    expect(body.message).toContain('5 分钟')
  }
  expect(await entries()).toEqual(before)
})

it('is told from no login at all, and using the app does not make a login fresh', async () => {
  const cookie = await house.signIn('zhoumin')
  for (let minute = 0; minute < 6; minute++) {
    await house.simulator.clock.advance(61_000)
    expect((await house.get('/api/me', cookie)).status).toBe(200)
  }
  expect((await knock('/api/plans/x/approve', cookie)).body.code).toBe('login_again')
  expect((await knock('/api/plans/x/approve', '')).body.code).toBe('signed_out')
  expect((await knock('/api/plans/x/approve', await house.signIn('zhoumin'))).body.code).toBe('invalid')
})
