import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cast, CastRelation } from '../../mock/wecom/cast'
import type { CallFault } from '../../mock/wecom/faults'
import type { Switches } from '../../mock/wecom/switches'
import { restoreJob } from '../../src/server/restore/run'
import { openDeparted, type DepartedHouse, type TransferRow } from '../support/departed'
import { contactId, smallCorp } from '../support/small-corp'

const HOUR = 3600_000
const TAG = 'externalcontact/mark_tag'
const NOTE = 'externalcontact/remark'
const all = ['tags', 'remark', 'description', 'personal', 'company', 'mobiles']

/** 客户1 with everything a predecessor can leave. */
const full: Partial<CastRelation> = {
  remark: '王总 宏远建材',
  description: '常买建材\n承诺 2026-11-28 补发报价单',
  tagIds: ['etA', 'etB'],
  remarkMobiles: ['13800000001'],
  remarkCorpName: '宏远建材',
}

let house: DepartedHouse
let rep: string
afterEach(() => house.close())

/** 林晓's customers have been taken over by 陈一鸣, who has told those of `told`. */
async function takenOver({
  left = full,
  told = [1],
  switches = {},
  change = () => undefined,
}: {
  left?: Partial<CastRelation>
  told?: number[] | 'all'
  switches?: Partial<Switches>
  change?: (cast: Cast) => void
} = {}): Promise<void> {
  const cast = smallCorp((c) => {
    Object.assign(c.relations[0]!, left)
    change(c)
  })
  house = await openDeparted({ cast, switches })
  await house.db
    .updateTable('relation')
    .set({ personalTags: ['钓鱼'] })
    .where('customerId', '=', (await row(1)).customer)
    .execute()
  await house.approved(['chenyiming'])
  await house.runJobs()
  await house.simulator.clock.advance(25 * HOUR)
  await house.settle()
  await house.runJobs('events', 'transfers')
  rep = await house.signIn('chenyiming')
  for (const n of told === 'all' ? [1, 2, 3, 4, 5, 6, 7, 8] : told) await tell(n)
}

/** Every customer has tags, and none knows 陈一鸣 before. */
function alike(cast: Cast): void {
  cast.relations = cast.relations.filter((r) => r.userid !== 'chenyiming' || r.externalUserid !== contactId(8))
  for (const r of cast.relations) r.tagIds = ['etA', 'etB']
}

/** One tag that will be deleted, one of a rule group that another app made. */
function moreTags(cast: Cast): void {
  const createTime = 1_700_000_000
  const group = (groupId: string, id: string, name: string) => ({
    groupId,
    groupName: name,
    createTime,
    tags: [{ id, name, createTime }],
  })
  cast.tagGroups.push(group('etgOld', 'etGone', '旧标签'), { ...group('stgRule', 'stRule', '规则'), strategy: true })
}

async function tagDeleted(): Promise<void> {
  house.simulator.world.deleteTag('etGone')
  await house.settle()
  await house.runJobs('events')
}

const row = async (n: number): Promise<TransferRow> =>
  (await house.transfers()).find((t) => t.external === contactId(n))!

async function tell(n: number): Promise<void> {
  const { handover } = await row(n)
  const { body } = await house.post(`/api/handovers/${handover}/notice`, { language: 'zh-CN' }, rep)
  const sent = await house.post(`/api/notice-attempts/${body.id}/outcome`, { form: 'text', outcome: 'sent' }, rep)
  expect(sent.status).toBe(200)
}

const path = async (n: number) => `/api/handovers/${(await row(n)).handover}/restore`
const offer = async (n = 1, cookie = rep) => house.get(await path(n), cookie)
const ask = async (n = 1, fields: string[] = all, cookie = rep) => house.post(await path(n), { fields }, cookie)
const field = async (name: string, n = 1) =>
  ((await offer(n)).body.fields as { field: string }[]).find((f) => f.field === name)
const theirs = (n = 1) => {
  const found = house.simulator.world.relations({ userid: 'chenyiming', externalUserid: contactId(n) })[0]!
  return { ...found, tagIds: [...found.tagIds].sort() }
}
const edit = (patch: Partial<CastRelation>, n = 1) =>
  house.simulator.world.editRelation('chenyiming', contactId(n), patch)
const effects = (kind: 'tagged' | 'remarked', n = 1) => house.did(kind).get(contactId(n)) ?? 0
const states = async () =>
  (await house.db.selectFrom('restore').select(['part', 'state', 'errcode']).orderBy('part', 'desc').execute()).map(
    (r) => [r.part, r.state, r.errcode].filter((v) => v !== null).join(' '),
  )
const minute = async (n = 1) => {
  for (let i = 0; i < n; i++) {
    await house.simulator.clock.advance(60_000)
    await house.runJobs('restore')
  }
}
const history = async (n = 1) =>
  house.db
    .selectFrom('history')
    .leftJoin('member', 'member.id', 'history.authorId')
    .select(['kind', 'body', 'member.name as author'])
    .where('customerId', '=', (await row(n)).customer)
    .orderBy('history.at')
    .orderBy('kind', 'desc')
    .execute()

describe('what the predecessor left', () => {
  it('is not said and not given before the customer is told, to nobody else ever, and a stranger’s is like none (T-24, Q67)', async () => {
    await takenOver({ told: [2] })
    expect((await offer()).body).toMatchObject({ code: 'not_notified' })
    expect((await ask()).body).toMatchObject({ code: 'not_notified' })
    expect(await states()).toEqual([])
    const other = await house.signIn('wanglei')
    const stranger = await offer(2, other)
    const missing = await house.get('/api/handovers/nobody/restore', other)
    expect([stranger.status, missing.status]).toEqual([404, 404])
    expect({ ...stranger.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' })
    expect((await ask(2, all, other)).status).toBe(404)
  })

  it('is offered field by field, numbers masked, and put into WeCom by one call each', async () => {
    await takenOver()
    const { body } = await offer()
    expect(body).toMatchObject({ from: '林晓', parts: [] })
    expect(body.fields).toMatchObject([
      { field: 'tags', is: 'write', state: null, after: ['一般', '重要'] },
      { field: 'remark', is: 'write', before: [], after: ['王总 宏远建材'] },
      { field: 'description', is: 'write', after: ['常买建材\n承诺 2026-11-28 补发报价单'] },
      { field: 'personal', is: 'write', after: ['个人标签：钓鱼'] },
      { field: 'company', is: 'write', after: ['宏远建材'] },
      { field: 'mobiles', is: 'write', after: ['138****0001'] },
    ])
    expect((await ask()).body.parts).toMatchObject([{ state: 'asked' }, { state: 'asked' }])
    await house.runJobs('restore')
    expect(theirs()).toMatchObject({ ...full, description: `${full.description}\n个人标签：钓鱼` })
    expect([effects('tagged'), effects('remarked')]).toEqual([1, 1])
    expect(await states()).toEqual(['tags done', 'note done'])
    expect((await offer()).body.fields.map((f: { is: string }) => f.is)).toEqual(all.map(() => 'restored'))
    expect((await offer()).body.parts).toMatchObject([
      { part: 'tags', by: '陈一鸣', own: true },
      { part: 'note', by: '陈一鸣', own: true },
    ])
  })

  it('is known to our copy at once, told in the history once, without a number, and its promises are not made again', async () => {
    await takenOver()
    await ask()
    await house.runJobs('restore', 'mirror')
    const { customer } = await row(1)
    const own = await house.db
      .selectFrom('relation')
      .selectAll()
      .where('customerId', '=', customer)
      .where('memberId', '=', await house.idOf('chenyiming'))
      .executeTakeFirstOrThrow()
    expect(own).toMatchObject({
      remark: full.remark,
      tagIds: ['etA', 'etB'],
      mobiles: ['13800000001'],
      company: '宏远建材',
    })
    const told = (await history()).filter(
      (h) => h.author === '陈一鸣' && !['relation.began', 'notice.sent'].includes(h.kind),
    )
    expect(told.map((h) => [h.kind, h.body])).toEqual([
      ['tags.restored', { successor: '陈一鸣', names: ['一般', '重要'] }],
      [
        'note.restored',
        { successor: '陈一鸣', fields: ['remark', 'description', 'personal', 'company', 'mobiles'], whole: [] },
      ],
    ])
    expect(JSON.stringify(await history())).not.toContain('13800000001')
    expect(house.logged.join()).not.toContain('13800000001')
    const audit = await house.db
      .selectFrom('audit')
      .select(['action', 'detail'])
      .where('action', 'like', 'restore.%')
      .orderBy('seq')
      .execute()
    expect(audit.map((a) => a.action)).toEqual([
      'restore.asked',
      'restore.asked',
      'restore.sent',
      'restore.done',
      'restore.sent',
      'restore.done',
    ])
    expect(JSON.stringify(audit)).not.toMatch(/138|王总/)
    const promises = await house.db
      .selectFrom('promise')
      .select('text')
      .where('customerId', '=', customer)
      .orderBy('id')
      .execute()
    expect(promises).toEqual([{ text: '补发报价单' }])
  })

  it('never overwrites what the successor typed, even after the offer was made', async () => {
    await takenOver()
    expect(await field('remark')).toMatchObject({ is: 'write' })
    edit({
      remark: '老王',
      description: '我自己写的',
      remarkCorpName: '新公司',
      remarkMobiles: ['13900000002'],
      tagIds: ['etB'],
    })
    await ask()
    await house.runJobs('restore')
    expect(theirs()).toMatchObject({
      remark: '老王',
      description: `我自己写的\n${full.description}\n个人标签：钓鱼`,
      remarkCorpName: '新公司',
      remarkMobiles: ['13900000002', '13800000001'],
      tagIds: ['etA', 'etB'],
    })
    expect(await field('remark')).toMatchObject({ is: 'typed', state: 'done' })
    expect(house.did('untagged').size).toBe(0)
  })

  it('leaves out what is not ticked, which can still be asked for later', async () => {
    await takenOver()
    await ask(1, ['remark'])
    await house.runJobs('restore')
    expect(theirs()).toMatchObject({ remark: full.remark, description: '', remarkMobiles: [], tagIds: [] })
    expect([effects('tagged'), effects('remarked')]).toEqual([0, 1])
    await ask(1, ['remark', 'mobiles'])
    await house.runJobs('restore')
    expect(theirs()).toMatchObject({ description: '', remarkMobiles: ['13800000001'] })
    expect(await field('remark')).toMatchObject({ is: 'restored' })
  })

  it('is shortened to what WeCom takes, and the whole text stays in the history, its number masked', async () => {
    const long = `电话13800000001，${'说来话长'.repeat(40)}`
    await takenOver({ left: { ...full, description: long } })
    expect(await field('description')).toMatchObject({ cut: true })
    await ask(1, ['description'])
    await house.runJobs('restore')
    expect([...theirs().description]).toHaveLength(150)
    const { body } = (await history()).find((h) => h.kind === 'note.restored')!
    expect(body).toMatchObject({ whole: [long.replace('13800000001', '138****0001')] })
  })

  it.each([true, false])('is complete where WeCom carries it over itself: %s (U1)', async (carriesNotes) => {
    await takenOver({ switches: { carriesNotes } })
    const { body } = await offer()
    const left = (body.fields as { field: string; is: string }[]).filter((f) => f.is === 'write').map((f) => f.field)
    expect(left).toEqual(carriesNotes ? ['personal'] : all)
    await ask(
      1,
      all.filter((f) => f !== 'personal'),
    )
    await house.runJobs('restore')
    expect([effects('tagged'), effects('remarked')]).toEqual(carriesNotes ? [0, 0] : [1, 1])
    expect(await states()).toEqual(['tags done', 'note done'])
    const promises = await house.db
      .selectFrom('promise')
      .select('text')
      .where('customerId', '=', (await row(1)).customer)
      .orderBy('id')
      .execute()
    expect(promises).toEqual([{ text: '补发报价单' }])
  })
})

describe('when WeCom says no', () => {
  it('a tag that was deleted, or belongs to a rule group, is left out with its reason and the others go on (40068)', async () => {
    await takenOver({ left: { ...full, tagIds: ['etA', 'etGone', 'stRule'] }, change: moreTags })
    await tagDeleted()
    await ask(1, ['tags'])
    await house.runJobs('restore')
    expect(theirs().tagIds).toEqual(['etA'])
    expect(effects('tagged')).toBe(1)
    expect(await field('tags')).toMatchObject({
      is: 'restored',
      after: ['重要'],
      out: expect.arrayContaining([
        { name: '旧标签', why: 'deleted' },
        { name: '', why: 'not_ours' },
      ]),
    })
  })

  it('no tag of it exists any more: nothing is written, and it says so', async () => {
    await takenOver({ left: { ...full, tagIds: ['etGone'] }, change: moreTags })
    await tagDeleted()
    await ask(1, ['tags'])
    await house.runJobs('restore')
    expect(effects('tagged')).toBe(0)
    expect(await field('tags')).toMatchObject({ is: 'gone', state: 'done' })
  })

  it('busy or blocked, it is tried again by itself; a final no stays until somebody asks again', async () => {
    await takenOver()
    house.simulator.faults.add({ path: TAG, errcode: 45035, times: 1 })
    await ask()
    await house.runJobs('restore')
    expect(await states()).toEqual(['tags asked 45035', 'note asked'])
    await minute(2)
    expect(await states()).toEqual(['tags done', 'note done'])
    expect([effects('tagged'), effects('remarked')]).toEqual([1, 1])
  })

  it('the customer and the successor know each other no more: final, with WeCom’s code, and it can be asked again', async () => {
    await takenOver()
    house.simulator.world.memberDeletesCustomer('chenyiming', contactId(1))
    await ask()
    await house.runJobs('restore')
    expect(await states()).toEqual(['tags failed 84061', 'note failed 84061'])
    await minute(5)
    expect([effects('tagged'), effects('remarked')]).toEqual([0, 0])
    house.simulator.world.customerAddsMember('chenyiming', contactId(1))
    rep = await house.signIn('chenyiming')
    await ask()
    await house.runJobs('restore')
    expect(await states()).toEqual(['tags done', 'note done'])
  })

  it('the customer objects before it is done: nothing more is written while the objection is open', async () => {
    await takenOver()
    await ask()
    const { handover } = await row(1)
    await house.db
      .insertInto('objection')
      .values({ id: 'o1', handoverId: handover, at: house.deps.now(), text: '' })
      .execute()
    await house.runJobs('restore')
    expect([effects('tagged'), effects('remarked')]).toEqual([0, 0])
    await house.db.updateTable('objection').set({ handledAt: house.deps.now() }).execute()
    await minute(3)
    expect([effects('tagged'), effects('remarked')]).toEqual([1, 1])
  })
})

describe('invariants 1 and 2: nothing twice, nothing lost', () => {
  it('an answer lost before, after or in the middle of the effect is settled by reading the relation (Q14)', async () => {
    const lost: Partial<CallFault>[] = [
      { drop: 'before-effect' },
      { drop: 'after-effect' },
      { reset: true },
      { html: true, effect: true },
      { status: 502, effect: true },
      { truncate: true },
    ]
    await takenOver({ told: 'all', change: alike })
    for (const [i, fault] of lost.entries()) {
      const n = i + 1
      house.simulator.faults.add({ ...fault, path: TAG, nth: 1 })
      house.simulator.faults.add({ ...fault, path: NOTE, nth: 1 })
      await ask(n)
      await house.runJobs('restore')
      expect(await states()).toContain('tags sent')
      await minute(4)
      house.simulator.faults.clear()
      expect([fault, effects('tagged', n), effects('remarked', n)]).toEqual([fault, 1, 1])
      expect(theirs(n)).toMatchObject({ remark: n === 1 ? full.remark : `备注${n}`, tagIds: ['etA', 'etB'] })
      expect(await field('remark', n)).toMatchObject({ is: 'restored' })
      const kinds = (await history(n)).map((h) => h.kind)
      expect(kinds.filter((k) => k === 'tags.restored')).toHaveLength(1)
      expect(kinds.filter((k) => k === 'note.restored')).toHaveLength(1)
      expect(kinds.filter((k) => k === 'tags.changed')).toHaveLength(1)
    }
    expect(new Set(await states())).toEqual(new Set(['tags done', 'note done']))
  })

  it('after a lost answer the successor’s own words still win', async () => {
    await takenOver()
    house.simulator.faults.add({ path: NOTE, nth: 1, drop: 'before-effect' })
    await ask(1, ['remark', 'mobiles'])
    await house.runJobs('restore')
    edit({ remark: '老王' })
    await minute(2)
    expect(theirs()).toMatchObject({ remark: '老王', remarkMobiles: ['13800000001'] })
    expect(await field('remark')).toMatchObject({ is: 'typed' })
  })

  it('two taps and two workers are one call each (Q67, 45035)', async () => {
    await takenOver()
    await Promise.all([ask(), ask(), ask()])
    await Promise.all([restoreJob(house.deps), restoreJob(house.deps), restoreJob(house.deps)])
    await minute(2)
    await ask()
    await minute()
    expect([effects('tagged'), effects('remarked')]).toEqual([1, 1])
    expect(await states()).toEqual(['tags done', 'note done'])
  })

  it('a process that dies at any call, before or after its effect, leaves work that another takes up, once (Q15)', async () => {
    await takenOver({ told: 'all', change: alike })
    const deaths = [1, 2, 3, 4].flatMap((call) => [true, false].map((done) => ({ call, done })))
    for (const [i, death] of deaths.entries()) {
      const n = i + 1
      await ask(n)
      await expect(restoreJob(dying(death))).rejects.toThrow(Dead)
      if (death.call === 2) expect(await states()).toContain('tags sent')
      if (death.call === 3) expect(await states()).toContain('note sent')
      await house.runJobs('restore')
      expect([death, effects('tagged', n), effects('remarked', n)]).toEqual([death, 1, 1])
    }
    expect(new Set(await states())).toEqual(new Set(['tags done', 'note done']))
  })

  it('whatever fails in whatever order: every customer restored, one effect each, database and audit agree', async () => {
    const fault = fc.record({
      drop: fc.constantFrom('before-effect' as const, 'after-effect' as const),
      every: fc.integer({ min: 1, max: 3 }),
      times: fc.integer({ min: 1, max: 4 }),
      path: fc.constantFrom(TAG, NOTE, 'externalcontact/get'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 4 }), async (faults) => {
        await takenOver({ told: 'all' })
        try {
          for (const f of faults) house.simulator.faults.add(f)
          for (const n of [1, 3, 5, 7]) await ask(n)
          await house.runJobs('restore')
          await minute(12)
          expect(await states()).toEqual([...Array(4).fill('tags done'), ...Array(4).fill('note done')])
          for (const n of [1, 3, 5, 7]) {
            expect([n, effects('tagged', n), effects('remarked', n)]).toEqual([n, 1, 1])
            expect(theirs(n)).toMatchObject({ remark: n === 1 ? full.remark : `备注${n}` })
          }
          const done = await house.db
            .selectFrom('audit')
            .select('seq')
            .where('action', '=', 'restore.done')
            .orderBy('seq')
            .execute()
          expect(done).toHaveLength(8)
        } finally {
          await house.close()
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 3) },
    )
    await takenOver()
  }, 180_000)
})

class Dead extends Error {}

/** Dies at its nth call of WeCom (read, tags, note, read again), and does nothing at all from then on. */
function dying({ call, done }: { call: number; done: boolean }): typeof house.deps {
  let calls = 0
  const dead = () => calls >= call
  return {
    ...house.deps,
    wecom: {
      async ask(api, params) {
        calls++
        const answer = !dead() || done ? await house.deps.wecom.ask(api, params) : null
        if (dead() || !answer) throw new Dead()
        return answer
      },
    },
    now() {
      if (dead()) throw new Dead()
      return house.deps.now()
    },
  }
}

describe('a manager for a whole departure', () => {
  const restores = (how: 'get' | 'post', cookie = house.planner) =>
    how === 'get'
      ? house.get(`/api/departures/${house.departure}/restores`, cookie)
      : house.post(`/api/departures/${house.departure}/restores`, {}, cookie)

  it('restores all who are told and nobody else; says how far it is; the successor sees who asked', async () => {
    await takenOver({ told: [1, 2, 3] })
    house = { ...house, planner: await house.signIn('zhoumin') }
    expect((await restores('get')).body).toMatchObject({ ready: 3, waiting: 0, done: 0, failed: 0 })
    expect((await restores('post')).body).toMatchObject({ ready: 0, waiting: 3 })
    await house.runJobs('restore')
    expect((await restores('get')).body).toEqual({
      ready: 0,
      waiting: 0,
      done: 3,
      failed: 0,
      errcode: null,
      nextAt: null,
    })
    expect(house.did('remarked')).toEqual(new Map([1, 2, 3].map((n) => [contactId(n), 1])))
    expect((await offer(2)).body.parts).toMatchObject([
      { by: '周敏', own: false },
      { by: '周敏', own: false },
    ])
    expect((await history(1)).find((h) => h.kind === 'tags.restored')).toMatchObject({ author: '周敏' })
    await restores('post')
    await house.runJobs('restore')
    expect(house.did('remarked').size).toBe(3)
    const calls = house.simulator.calls.filter((c) => [TAG, NOTE].includes(c.path)).length
    expect(calls).toBe(3 + 2) // Customer 2 had no tags.
  })

  it('goes on where WeCom was busy, and asks once more for those that failed when told to', async () => {
    await takenOver({ told: [1, 2, 3] })
    house = { ...house, planner: await house.signIn('zhoumin') }
    house.simulator.faults.add({ path: NOTE, nth: 2, errcode: 45009 })
    house.simulator.faults.add({ path: NOTE, nth: 4, errcode: 40058 })
    await restores('post')
    await house.runJobs('restore')
    expect((await restores('get')).body).toMatchObject({ waiting: 2, done: 1, errcode: 45009 })
    await minute(3)
    expect((await restores('get')).body).toMatchObject({ waiting: 0, done: 2, failed: 1 })
    await restores('post')
    await house.runJobs('restore')
    expect((await restores('get')).body).toMatchObject({ done: 3, failed: 0 })
    expect(house.did('remarked')).toEqual(new Map([1, 2, 3].map((n) => [contactId(n), 1])))
  })

  it('is for managers in scope; another’s departure and none answer alike', async () => {
    await takenOver()
    expect((await restores('get', rep)).status).toBe(403)
    expect((await restores('post', await house.signIn('shenlan'))).status).toBe(403)
    const manager = await house.signIn('zhoumin')
    const none = await house.post('/api/departures/nobody/restores', {}, manager)
    expect(none.status).toBe(404)
    expect(await states()).toEqual([])
  })
})
