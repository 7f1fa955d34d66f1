import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdings, notHeld } from '../../src/server/db/revoke'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
beforeAll(async () => {
  house = await openMirrored()
})
afterAll(() => house.close())

/** Tables that refer to a member and hold something like a key, a link or a right, by the names of their columns and their own. */
const keyRing = async () =>
  (
    await sql<{ name: string }>`
      select distinct c.relname as name
        from pg_constraint f
        join pg_class c on c.oid = f.conrelid and c.relnamespace = 'public'::regnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where f.contype = 'f' and f.confrelid = 'member'::regclass
         and (a.attname ~ '(hash|token|secret|sealed|link|password|ticket)' or c.relname ~ '(session|grant|export|link|token|key|emergency)')
       order by 1`.execute(house.db)
  ).rows.map((row) => row.name)

describe('what a leaver holds', () => {
  it('is ended table by table; one that knows a member and a key is either ended or explained (T-40)', async () => {
    const named = [...holdings.map((h) => h.table), ...Object.keys(notHeld)]
    expect(named.sort()).toEqual(await keyRing())
  })

  it('ends by an event before any other event is looked at, and though WeCom answers nothing (T-40, Q28)', async () => {
    const cookie = await house.signIn('linxiao')
    house.simulator.faults.add({ api: '*', http: 500 } as never)
    house.simulator.world.removeMember('linxiao')
    await house.simulator.callbacks.idle()
    house.awake.clear()
    await house.runJobs('revocations')
    expect((await house.get('/api/me', cookie)).status).toBe(401)
    house.simulator.faults.clear()
    const done = await house.db
      .selectFrom('wecomEvent')
      .select('handledAt')
      .where('handledAt', 'is not', null)
      .execute()
    expect(done).toEqual([])
    await house.runJobs('events')
    const { status } = await house.db
      .selectFrom('member')
      .select('status')
      .where('userid', '=', 'linxiao')
      .executeTakeFirstOrThrow()
    expect(status).toBe('left')
  })
})
