import { signIn } from '../../mock/person'
import type { Point, Phase } from './points'
import type { World } from './world'

/** What is killed next in this phase, and what has become of it. */
export interface Kills {
  next(phase: Phase): Point | null
  /** It was not come to. */
  putBack(point: Point): void
  /** Real ms until something was done again; null: nothing was left to do. */
  killed(point: Point, resumed: number | null): void
  /** How the next one is brought about; a server killed and another goes on, or the database. */
  strike(world: World, point: Point): { struck: Promise<() => Promise<void>>; at(): number | null; disarm(): void }
}

/** What the product acknowledged, as questions to the database that must all be answered with true. */
export interface Told {
  acknowledged: { what: string; holds: () => Promise<boolean> }[]
  notices: number
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))
/** A call whose answer was lost is looked into after six minutes (transfer/settle.ts): a few steps, however slow the machine. */
const STEP = { leave: 20_000, plan: 0, send: 60_000, take: 600_000, tell: 0 }
const PATIENCE_MS = 240_000

/** Somebody with many customers leaves, and everything that follows, while processes are killed at every turn. */
export async function live(world: World, kills: Kills): Promise<Told> {
  const told: Told = { acknowledged: [], notices: 0 }
  const { db, simulator } = world
  const count = async (state: string) =>
    Number(
      (
        await db
          .selectFrom('transfer')
          .select((eb) => eb.fn.countAll().as('n'))
          .where('state', '=', state)
          .executeTakeFirstOrThrow()
      ).n,
    )
  await until(world, 'plan', async () => {
    const runs = await db.selectFrom('mirrorRun').select('id').where('endedAt', 'is not', null).execute()
    return runs.length > 0
  })
  const customers = simulator.world.relations({ userid: 'linxiao' }).length
  await during(world, kills, 'leave', async () => {
    simulator.world.removeMember('linxiao')
    await until(world, 'leave', async () => (await count('unassigned')) === customers)
  })
  await during(world, kills, 'plan', () => makePlan(world, told))
  await during(world, kills, 'send', () => until(world, 'send', async () => (await count('waiting')) === customers))
  await during(world, kills, 'take', async () => {
    await world.pass(25 * 3600_000)
    await until(world, 'take', async () => {
      const open = await db.selectFrom('letterToMember').select('id').where('sentAt', 'is', null).execute()
      return (await count('taken_over')) === customers && open.length === 0
    })
  })
  await during(world, kills, 'tell', () => tellCustomers(world, told))
  return told
}

/** Does the work while one after the other is killed. */
async function during(world: World, kills: Kills, phase: Phase, work: () => Promise<void>): Promise<void> {
  let done = false
  const working = work().finally(() => (done = true))
  working.catch(() => undefined)
  for (let point = kills.next(phase); point && !done; point = kills.next(phase)) {
    const strike = kills.strike(world, point)
    let recover = await Promise.race([strike.struck, working.then(() => null)])
    // The work may end while the killed process is still dying.
    if (!recover && strike.at()) recover = await strike.struck
    if (!recover) {
      strike.disarm()
      kills.putBack(point)
      break
    }
    const before = await headOf(world)
    const recovered = recover()
    while (!done && (await headOf(world)) <= before) await pause(20)
    const progressed = (await headOf(world)) > before
    kills.killed(point, progressed ? performance.now() - (strike.at() ?? 0) : null)
    await recovered
  }
  await working
}

const headOf = (world: World): Promise<number> =>
  patiently(async () => (await world.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).seq)

/** The database may be the one that was killed. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await ask()
    } catch (error) {
      if (tries > 600) throw error
      await pause(50)
    }
}

/** Waits; when nothing moves for a second, virtual time does, and so do the ticks that are minutes apart. */
async function until(world: World, phase: Phase, holds: () => Promise<boolean>): Promise<void> {
  const began = performance.now()
  for (let quiet = 0, head = -1; !(await patiently(holds)); quiet++) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`${phase}: it does not go on`)
    const now = await headOf(world)
    if (now !== head) [quiet, head] = [0, now]
    if (quiet % 10 === 9) {
      if (STEP[phase]) await world.pass(STEP[phase])
      await patiently(() =>
        world.pool.query(`update job set due_at = now() where name = 'departures' and due_at > now()`),
      )
    }
    await pause(100)
  }
}

/** Asks until it is answered, or until an earlier try turns out to have been heard. */
async function insist(attempt: () => Promise<unknown>, heard: () => Promise<boolean>): Promise<void> {
  const began = performance.now()
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (performance.now() - began > PATIENCE_MS) throw error
      await pause(100)
      if (await patiently(heard)) return
    }
  }
}

async function makePlan(world: World, told: Told): Promise<void> {
  const { db } = world
  const departure = (await patiently(() => db.selectFrom('departure').select('id').executeTakeFirstOrThrow())).id
  const members = await patiently(() =>
    db.selectFrom('member').select('id').where('userid', 'in', ['chenyiming', 'wanglei', 'sunyue']).execute(),
  )
  const living = () =>
    db
      .selectFrom('plan')
      .select(['id', 'state', 'digest'])
      .where('state', 'in', ['draft', 'pending', 'approved'])
      .executeTakeFirst()
  const stateIn = async (...states: string[]) => states.includes((await living())?.state ?? '')
  const ask = async (userid: string, path: string, body: object, what: string) => {
    const person = await signIn(world.simulator, world.appUrl, userid)
    const { id } = await person.ask<{ id: string }>('POST', path, body)
    told.acknowledged.push({ what, holds: () => audited(world, what, id) })
  }
  const successors = members.map((m) => m.id)
  await insist(
    () => ask('zhoumin', `/api/departures/${departure}/plans`, { handovers: 'all', successors }, 'plan.drafted'),
    () => stateIn('draft'),
  )
  const { id, digest = '' } = (await patiently(living)) ?? {}
  await insist(
    () => ask('zhoumin', `/api/plans/${id}/submit`, { digest }, 'plan.submitted'),
    () => stateIn('pending'),
  )
  await insist(
    () => ask('hezhiyuan', `/api/plans/${id}/approve`, { digest }, 'plan.approved'),
    () => stateIn('approved'),
  )
}

const audited = async ({ db }: World, action: string, subject: string): Promise<boolean> => {
  const found = await db
    .selectFrom('audit')
    .select('seq')
    .where('action', '=', action)
    .where('subject', '=', subject)
    .execute()
  return found.length === 1
}

const TELL = 8

async function tellCustomers(world: World, told: Told): Promise<void> {
  const { db } = world
  const handovers = await patiently(() =>
    db
      .selectFrom('transfer')
      .innerJoin('member', 'member.id', 'transfer.successorId')
      .select(['transfer.handoverId as id', 'member.userid'])
      .where('transfer.state', '=', 'taken_over')
      .orderBy('transfer.handoverId')
      .limit(TELL)
      .execute(),
  )
  for (const { id, userid } of handovers) {
    const isSent = async () =>
      (await db.selectFrom('notice').select('state').where('handoverId', '=', id).executeTakeFirst())?.state === 'sent'
    await insist(async () => {
      const person = await signIn(world.simulator, world.appUrl, userid)
      const notice = `/api/handovers/${id}/notice`
      const attempt = await person.ask<{ id: string }>('POST', notice, { language: 'zh-CN' })
      const of = () => db.selectFrom('noticeAttempt').select('outcome').where('id', '=', attempt.id).executeTakeFirst()
      told.acknowledged.push({ what: 'notice.prepared', holds: async () => (await of()) !== undefined })
      await person.ask('POST', `/api/notice-attempts/${attempt.id}/outcome`, { outcome: 'sent', form: 'text' })
      told.acknowledged.push({ what: 'notice.sent', holds: async () => (await of())?.outcome === 'sent' })
    }, isSent)
    told.notices++
  }
}
