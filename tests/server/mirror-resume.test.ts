import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { mirrorJob } from '../../src/server/mirror/jobs'
import { openHouse, type ServerHouse } from '../support/house'
import { contactId, customer, relation, smallCorp } from '../support/small-corp'

const HOUR = 3_600_000
const RUNS = Number(process.env['RUNS'] ?? 3)
const RELATIONS = 600
const PAGE = 'externalcontact/batch/get_by_user'
let house: ServerHouse

/** Six pages of relations. */
const corp = () =>
  smallCorp((cast) => {
    cast.customers = Array.from({ length: RELATIONS }, (_, i) => customer(i + 1))
    cast.relations = cast.customers.map((_, i) => relation(i % 3 ? 'linxiao' : 'wanglei', i + 1))
  })

const pages = () => house.simulator.calls.filter((c) => c.path === PAGE).length
const state = async () => {
  const all = await house.db.selectFrom('relation').select(['memberId', 'customerId', 'endedAt']).execute()
  const { told } = await house.db
    .selectFrom('history')
    .select((eb) => eb.fn.countAll<number>().as('told'))
    .executeTakeFirstOrThrow()
  return { relations: all.length, open: all.filter((r) => r.endedAt === null).length, told }
}

/** A run whose process is killed when it asks for its nth page: it never goes on, and closes nothing. */
async function killedAt(page: number): Promise<void> {
  const { wecom } = house.deps
  const died = house.deps.now()
  let asked = 0
  await new Promise<void>((dead) => {
    const dying: typeof wecom = {
      ...wecom,
      ask(api, params) {
        if (api.path !== PAGE || ++asked < page) return wecom.ask(api, params)
        dead()
        return new Promise(() => undefined)
      },
    }
    // A page before may still be written; not at a time when the process is long dead.
    void mirrorJob({ ...house.deps, wecom: dying, now: () => died })
  })
}

describe('a mirror run that was killed', () => {
  afterEach(() => house.close())

  it(
    `goes on where it stopped, whichever page that was; nothing is missed, doubled or ended (${RUNS} runs)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 2 }), async (kills) => {
          house = await openHouse({ cast: corp() })
          try {
            for (const page of kills) await killedAt(page)
            await house.runJobs('mirror')
            // A relation is its beginning, a remark, half of them a tag; the first has a description and a promise in it.
            expect(await state()).toEqual({ relations: RELATIONS, open: RELATIONS, told: RELATIONS * 2.5 + 2 })
            // A page that was asked for and not written is asked for again: with its neighbours that were read ahead, once a kill.
            expect(pages()).toBeLessThanOrEqual(6 + 7 * kills.length)
            await house.runJobs('mirror')
            expect((await state()).told).toBe(RELATIONS * 2.5 + 2)
          } finally {
            await house.close()
          }
        }),
        { numRuns: RUNS },
      )
      house = await openHouse()
    },
    120_000 + RUNS * 20_000,
  )

  it('reads these members anew when a crash of the database has emptied what was seen, and ends nothing', async () => {
    house = await openHouse({ cast: corp() })
    await house.runJobs('mirror')
    await killedAt(5)
    await sql`truncate mirror_seen`.execute(house.db)
    const before = pages()
    await house.runJobs('mirror')
    expect(pages() - before).toBe(6)
    expect(house.simulator.calls.filter((c) => c.path === 'externalcontact/get')).toHaveLength(0)
    expect((await state()).open).toBe(RELATIONS)
  })

  it('begins these members anew when WeCom no longer takes the cursor', async () => {
    house = await openHouse({ cast: corp() })
    await killedAt(4)
    house.simulator.faults.add({ path: PAGE, errcode: 40058, nth: 1 })
    await house.runJobs('mirror')
    expect(await state()).toMatchObject({ relations: RELATIONS, open: RELATIONS })
  })

  it('begins from the front when it stopped too long ago', async () => {
    house = await openHouse({ cast: corp() })
    await killedAt(4)
    await house.simulator.clock.advance(5 * HOUR)
    await house.runJobs('mirror')
    expect(house.simulator.calls.filter((c) => c.path === 'department/list')).toHaveLength(2)
    expect(await state()).toMatchObject({ relations: RELATIONS, open: RELATIONS })
  })

  it('notices that another run has taken over, and stops', async () => {
    house = await openHouse({ cast: corp() })
    const { wecom } = house.deps
    let go = (): void => undefined
    const held = new Promise<void>((resume) => (go = resume))
    const slow: typeof wecom = {
      ...wecom,
      async ask(api, params) {
        if (api.path === PAGE) await held
        return wecom.ask(api, params)
      },
    }
    const first = mirrorJob({ ...house.deps, wecom: slow })
    await house.runJobs('mirror')
    go()
    await first
    expect(await state()).toEqual({ relations: RELATIONS, open: RELATIONS, told: RELATIONS * 2.5 + 2 })
    const runs = await house.db.selectFrom('mirrorRun').select(['step', 'endedAt']).execute()
    expect(runs.filter((r) => r.step === 'done')).toHaveLength(1)
  })
})

describe('pages that never end (Q20)', () => {
  afterEach(() => house.close())

  it.each(['a cursor that comes again', 'the same page for ever', 'empty pages for ever'])(
    '%s: ends two pages later',
    async (how) => {
      house = await openHouse({ cast: corp() })
      const { wecom } = house.deps
      let n = 0
      let last: unknown
      house.deps.wecom = {
        ...wecom,
        async ask(api, params) {
          if (api.path !== PAGE) return wecom.ask(api, params)
          if (++n > 100) throw new Error('endless')
          const over = last !== undefined && (last as { next_cursor: string }).next_cursor === ''
          const real = over ? { ...(last as object) } : await wecom.ask(api, params)
          if (!over && (real as { next_cursor: string }).next_cursor !== '') return real as never
          last = { ...(real as object), next_cursor: '' }
          const rows = how.startsWith('empty') && over ? { external_contact_list: [] } : {}
          return {
            ...(real as object),
            ...rows,
            next_cursor: how.startsWith('a cursor') ? 'again' : `fresh ${n}`,
          } as never
        },
      }
      await house.runJobs('mirror')
      expect(n).toBeLessThanOrEqual(6 + 2)
      expect(await state()).toMatchObject({ relations: RELATIONS, open: RELATIONS })
    },
  )
})

it('pages that shift while they are read end nothing; what is gone ends with the next run (Q20)', async () => {
  house = await openHouse({ cast: corp() })
  await house.runJobs('mirror')
  house.simulator.faults.add({ event: '*', lose: true })
  const { wecom } = house.deps
  let n = 0
  house.deps.wecom = {
    ...wecom,
    ask(api, params) {
      if (api.path === PAGE && ++n === 3) house.simulator.world.memberDeletesCustomer('linxiao', contactId(2))
      return wecom.ask(api, params)
    },
  }
  // It had been shown before it went; the one that slipped past between two pages is still there.
  await house.runJobs('mirror')
  expect(await state()).toMatchObject({ relations: RELATIONS, open: RELATIONS })
  await house.runJobs('mirror')
  expect(await state()).toMatchObject({ relations: RELATIONS, open: RELATIONS - 1 })
  await house.close()
})
