import { afterEach, describe, expect, it } from 'vitest'
import { PLANNING } from '../../src/server/db/approval'
import type { Plan } from '../../src/shared/plan'
import { openDeparted, type DepartedHouse } from '../support/departed'
import type { HouseOptions } from '../support/house'

/** How a plan is decided: in time, by enough people, of whom none has a part in it; and what they see of it in WeCom. */
let house: DepartedHouse
afterEach(() => house.close())

const HOUR = 3600_000
const THREE = { MANAGERS: 'zhoumin,hezhiyuan,sunyue' }
const opened = async (settings: Record<string, string> = THREE, more: HouseOptions = {}) => {
  house = await openDeparted({ settings, ...more })
}
async function rules(rules: object): Promise<void> {
  const value = { twoAbove: 200, escalateHours: 4, automatic: false, since: null, ...rules }
  const by = await house.idOf('machao')
  const row = {
    name: PLANNING,
    value: JSON.stringify(value),
    reason: '测试',
    changedBy: by,
    changedAt: house.deps.now(),
  }
  await house.db
    .insertInto('setting')
    .values(row)
    .onConflict((c) => c.column('name').doUpdateSet(row))
    .execute()
}

async function draft(successors = ['chenyiming', 'wanglei']): Promise<Plan> {
  const ids = await Promise.all(successors.map((s) => house.idOf(s)))
  const wish = { handovers: 'all', groups: false, successors: ids }
  const answer = await house.post(`/api/departures/${house.departure}/plans`, wish, await house.signIn('zhoumin'))
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body as Plan
}
const act = async (plan: Plan, what: string, who: string, more: object = {}) =>
  house.post(`/api/plans/${plan.id}/${what}`, { digest: plan.digest, ...more }, await house.signIn(who))
const read = async (plan: Plan, who = 'zhoumin') =>
  (await house.get(`/api/plans/${plan.id}`, await house.signIn(who))).body as Plan
async function submitted(successors?: string[]): Promise<Plan> {
  const plan = await draft(successors)
  const answer = await act(plan, 'submit', 'zhoumin')
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  await house.settle()
  return answer.body as Plan
}
const later = async (hours: number) => {
  await house.simulator.clock.advance(hours * HOUR)
  await house.runJobs('approvals')
}
const messages = (userid: string) => house.simulator.world.appMessages(userid)
const cardOf = (userid: string) => messages(userid).filter((m) => m.msgtype === 'template_card')
const titles = (userid: string) =>
  messages(userid).map((m) => (m.body['title'] ?? (m.body['main_title'] as { title: string }).title) as string)
const audits = async (action: string) =>
  (await house.db.selectFrom('audit').selectAll().where('action', '=', action).orderBy('seq').execute()) as {
    actor: string
    subject: string
    detail: Record<string, unknown>
  }[]

describe('an approval', () => {
  it('runs out after 48 hours, is renewed by submitting again, and says so (T-25)', async () => {
    await opened()
    const plan = await submitted()
    expect(plan.rounds[0]).toMatchObject({ round: 1, askedBy: '周敏', needed: 1, outcome: null })
    expect(Date.parse(plan.rounds[0]!.due) - house.deps.now().getTime()).toBe(48 * HOUR)
    await house.simulator.clock.advance(48 * HOUR)
    // Before any job has noticed.
    expect((await read(plan, 'hezhiyuan')).decision).toBe('too_late')
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ code: 'plan_expired' })
    expect((await act(plan, 'reject', 'hezhiyuan', { reason: '晚了' })).body).toMatchObject({ code: 'plan_expired' })
    await house.runJobs('approvals')
    expect(await read(plan)).toMatchObject({ state: 'expired', mine: true, rounds: [{ outcome: 'expired' }] })
    expect(await house.count('planned')).toBe(8)
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ code: 'stale' })
    expect(titles('zhoumin')).toContain('交接方案已过期')
    expect(await audits('plan.expired')).toMatchObject([{ actor: 'system', subject: plan.id, detail: { round: 1 } }])
    const again = (await act(plan, 'submit', 'zhoumin')).body as Plan
    expect(again.rounds.map((r) => [r.round, r.outcome])).toEqual([
      [2, null],
      [1, 'expired'],
    ])
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ state: 'approved' })
  })

  it('is given up to the last millisecond, and not in the next one (T-25)', async () => {
    await opened()
    const plan = await submitted()
    const cookie = await house.signIn('hezhiyuan')
    await house.simulator.clock.advance(48 * HOUR - 1)
    await house.runJobs('approvals')
    expect((await read(plan)).state).toBe('pending')
    expect(cookie).not.toBe('')
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ state: 'approved' })
  })

  it('of many customers takes two people, over the same digest, and the first sends nothing (T-25)', async () => {
    await opened()
    await rules({ twoAbove: 7 })
    const plan = await submitted()
    expect(plan.rounds[0]).toMatchObject({ needed: 2, why: ['customers'] })
    const first = (await act(plan, 'approve', 'hezhiyuan')).body as Plan
    expect(first).toMatchObject({ state: 'pending', decision: 'has_approved' })
    await house.settle()
    expect(await house.count('pending_approval')).toBe(8)
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ code: 'approved_already' })
    expect((await act(plan, 'approve', 'zhoumin')).body).toMatchObject({ code: 'own_plan' })
    const second = (await act(plan, 'approve', 'sunyue')).body as Plan
    expect(second).toMatchObject({ state: 'approved', decidedBy: '孙悦' })
    expect(second.rounds[0]!.votes.map((v) => [v.name, v.vote])).toEqual([
      ['何志远', 'approve'],
      ['孙悦', 'approve'],
    ])
    expect((await audits('plan.voted')).map((a) => a.detail['given'])).toEqual([1, 2])
    expect(await audits('plan.approved')).toHaveLength(1)
    const told = await house.db
      .selectFrom('history')
      .select('id')
      .where('kind', '=', 'plan.approved')
      .orderBy('id')
      .execute()
    expect(told).toHaveLength(8)
  })

  it('takes two people for a single customer of value tier A or above, whatever administrators have set', async () => {
    await opened()
    await rules({ twoAbove: 5000 })
    const [customer] = await house.db.selectFrom('handover').select('customerId').execute()
    const writtenBy = await house.idOf('hezhiyuan')
    await house.db
      .insertInto('customerFact')
      .values({
        ...{ customerId: customer!.customerId, field: 'tier', source: 'csv', value: '"B"' },
        ...{ writtenBy, writtenAt: house.deps.now() },
      })
      .execute()
    const plan = await submitted()
    expect(plan.rounds[0]).toMatchObject({ needed: 1, why: [] })
    await act(plan, 'reject', 'hezhiyuan', { reason: '等级要重新核对' })
    await house.db.updateTable('customerFact').set({ value: '"A"' }).execute()
    expect((await act(plan, 'submit', 'zhoumin')).body).toMatchObject({ rounds: [{ needed: 2, why: ['tier'] }, {}] })
    expect((await act(plan, 'approve', 'hezhiyuan')).body).toMatchObject({ state: 'pending' })
    expect((await act(plan, 'approve', 'sunyue')).body).toMatchObject({ state: 'approved' })
  })

  it('of two falls with a change of the plan, and the first must be given again (T-25)', async () => {
    await opened()
    await rules({ twoAbove: 6 })
    const plan = await submitted()
    await act(plan, 'approve', 'hezhiyuan')
    await act(plan, 'reject', 'sunyue', { reason: '请把一位客户换人' })
    const { handover } = plan.items[0]!
    const changed = (
      await house.post(`/api/plans/${plan.id}/items/${handover}`, { successor: null }, await house.signIn('zhoumin'))
    ).body as Plan
    expect((await act(changed, 'submit', 'zhoumin')).body).toMatchObject({ state: 'pending' })
    expect((await act(plan, 'approve', 'sunyue')).body).toMatchObject({ code: 'stale' })
    expect((await act(changed, 'approve', 'sunyue')).body).toMatchObject({ state: 'pending' })
    expect((await act(changed, 'approve', 'hezhiyuan')).body).toMatchObject({ state: 'approved' })
  })

  it('does not count when whoever gave the first has been stopped since', async () => {
    await opened()
    await rules({ twoAbove: 7 })
    const plan = await submitted()
    await act(plan, 'approve', 'hezhiyuan')
    await house.db
      .updateTable('member')
      .set({ blockedAt: house.deps.now() })
      .where('userid', '=', 'hezhiyuan')
      .execute()
    expect((await act(plan, 'approve', 'sunyue')).body).toMatchObject({ state: 'pending' })
    expect(await house.count('approved')).toBe(0)
  })

  it('keeps every reason of every rejection, however often it is submitted again', async () => {
    await opened()
    const plan = await submitted()
    for (const [who, reason] of [
      ['hezhiyuan', '请再平均一些'],
      ['sunyue', '王磊下月休假'],
    ] as const) {
      await act(plan, 'reject', who, { reason })
      expect(await read(plan)).toMatchObject({ state: 'rejected', reason })
      expect((await act(plan, 'submit', 'zhoumin')).status).toBe(200)
    }
    await act(plan, 'approve', 'hezhiyuan')
    expect((await read(plan)).rounds.map((r) => r.votes.map((v) => [v.name, v.vote, v.reason]))).toEqual([
      [['何志远', 'approve', null]],
      [['孙悦', 'reject', '王磊下月休假']],
      [['何志远', 'reject', '请再平均一些']],
    ])
    await house.settle()
    expect(titles('zhoumin').filter((t) => t === '交接方案被驳回')).toHaveLength(2)
    expect(JSON.stringify(await audits('plan.rejected'))).not.toContain('平均')
  })

  it('is refused by the database, too: of a planner, a successor, too late, too few, or another digest', async () => {
    await opened()
    await rules({ twoAbove: 7 })
    const plan = await submitted()
    const { id: approval } = await house.db.selectFrom('approval').select('id').executeTakeFirstOrThrow()
    const vote = async (userid: string, at = house.deps.now()) =>
      house.db
        .insertInto('approvalVote')
        .values({ approvalId: approval, memberId: await house.idOf(userid), vote: 'approve', at })
        .execute()
    const late = new Date(house.deps.now().getTime() + 48 * HOUR)
    for (const userid of ['zhoumin', 'chenyiming', 'linxiao'])
      await expect(vote(userid)).rejects.toThrow('somebody else')
    await expect(vote('hezhiyuan', late)).rejects.toThrow('too late')
    await vote('hezhiyuan')
    const approve = () => house.db.updateTable('plan').set({ state: 'approved' }).where('id', '=', plan.id).execute()
    await expect(approve()).rejects.toThrow('not enough')
    await vote('sunyue')
    await house.db
      .updateTable('plan')
      .set({ digest: 'f'.repeat(64) })
      .execute()
    await expect(approve()).rejects.toThrow('not enough')
    await expect(house.db.updateTable('approvalVote').set({ vote: 'reject' }).execute()).rejects.toThrow(
      'never changed',
    )
  })
})

describe('who is asked', () => {
  it('is first who leads the department, then those above, when nobody has decided in time', async () => {
    await opened({ MANAGERS: 'sunyue', ADMINS: 'machao' })
    // 周敏 leads the leaver's department and plans; 何志远 gets the right to manage it, 孙悦 manages everybody.
    const [hezhiyuan, machao] = [await house.idOf('hezhiyuan'), await house.idOf('machao')]
    const grant = { memberId: hezhiyuan, role: 'manager', departmentIds: [2], grantedBy: machao, reason: '代管' }
    await house.db
      .insertInto('roleGrant')
      .values({ id: 'g1', ...grant, grantedAt: house.deps.now() })
      .execute()
    const plan = await submitted()
    expect([cardOf('hezhiyuan').length, cardOf('sunyue').length]).toEqual([1, 0])
    await later(3)
    expect(cardOf('sunyue')).toHaveLength(0)
    await later(1)
    expect(cardOf('sunyue')).toHaveLength(1)
    expect(cardOf('hezhiyuan')).toHaveLength(1)
    expect(await audits('plan.escalated')).toMatchObject([{ subject: plan.id, detail: { round: 1, asked: 1 } }])
    expect((await read(plan)).rounds[0]!.asked.map((a) => a.name)).toEqual(['何志远', '孙悦'])
    expect((await act(plan, 'approve', 'sunyue')).body).toMatchObject({ state: 'approved' })
  })

  it('is somebody else at once when who was asked is gone, stopped, or says so; without anybody, administrators hear of it', async () => {
    await opened({ ...THREE, ADMINS: 'machao' }, {})
    await house.db
      .updateTable('department')
      .set({ leaders: ['hezhiyuan'] })
      .where('id', '=', 2)
      .execute()
    const plan = await submitted()
    expect([cardOf('hezhiyuan').length, cardOf('sunyue').length]).toEqual([1, 0])
    house.simulator.world.disableMember('hezhiyuan')
    await house.settle()
    await house.runJobs('approvals')
    expect(cardOf('sunyue')).toHaveLength(1)
    expect(titles('machao')).toEqual([])
    const { task_id: task } = cardOf('sunyue')[0]!.body as { task_id: string }
    house.simulator.world.memberPressesCard('sunyue', task, 'pass')
    await house.settle()
    expect((await read(plan)).rounds[0]!.asked.map((a) => [a.name, a.passed])).toEqual([
      ['何志远', false],
      ['孙悦', true],
    ])
    expect(titles('machao')).toEqual(['交接方案没有人能审批'])
    // Who passed it on may still decide it.
    expect((await act(plan, 'approve', 'sunyue')).body).toMatchObject({ state: 'approved' })
  })

  it('are as many as are needed, and the page says when there are too few', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan', ADMINS: 'machao' })
    await rules({ twoAbove: 7 })
    const plan = await submitted()
    expect(await read(plan)).toMatchObject({ able: 1, rounds: [{ needed: 2, asked: [{ name: '何志远' }] }] })
    expect(titles('machao')).toEqual(['交接方案没有人能审批'])
    await later(5)
    expect(titles('machao')).toHaveLength(1)
  })
})

describe('the card', () => {
  it('says who left, how much goes to how many, and the digest; and leads to the page for the decision', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan' })
    const plan = await submitted()
    const [message] = cardOf('hezhiyuan')
    const body = message!.body
    const lines = Object.fromEntries(
      (body['horizontal_content_list'] as { keyname: string; value: string }[]).map((l) => [l.keyname, l.value]),
    )
    expect(lines).toMatchObject({
      离职成员: '林晓',
      交接内容: '8 位客户',
      接替成员: '2 位',
      内容指纹: plan.digest.slice(0, 8),
    })
    const buttons = body['button_list'] as { text: string; url?: string; key?: string; type: number }[]
    const at = (path: string) => `https://jiebang.test/workbench?at=${encodeURIComponent(path)}`
    expect(buttons.map((b) => [b.text, b.url ?? b.key])).toEqual([
      ['查看方案', at(`/plans/${plan.id}`)],
      ['去批准', at(`/plans/${plan.id}/approve`)],
      ['去驳回', at(`/plans/${plan.id}/reject`)],
      ['请别人审批', 'pass'],
    ])
    // Within what WeCom recommends, so that nothing is cut.
    expect([...(body['main_title'] as { title: string }).title].length).toBeLessThanOrEqual(36)
    for (const [name, value] of Object.entries(lines)) {
      expect([...name].length).toBeLessThanOrEqual(5)
      expect([...value].length).toBeLessThanOrEqual(30)
    }
    for (const { text } of buttons) expect([...text].length).toBeLessThanOrEqual(10)
    expect(JSON.stringify(body)).not.toMatch(/客\*|wmCustomer/)
  })

  it('is closed for everybody who got it when the plan is decided, runs out or is given up', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan,sunyue' })
    const words = () => ['hezhiyuan', 'sunyue'].map((u) => cardOf(u).map((m) => m.body['replace_text'] ?? 'open'))
    const plan = await submitted()
    expect(words()).toEqual([['open'], ['open']])
    await act(plan, 'reject', 'sunyue', { reason: '请再看' })
    await house.settle()
    expect(words()).toEqual([['已驳回'], ['已驳回']])
    await act(plan, 'submit', 'zhoumin')
    await house.settle()
    await later(48)
    expect(words()).toEqual([
      ['已驳回', '已过期'],
      ['已驳回', '已过期'],
    ])
    await act(plan, 'submit', 'zhoumin')
    await house.settle()
    await act(plan, 'discard', 'zhoumin')
    await house.settle()
    expect(words()[0]).toEqual(['已驳回', '已过期', '已放弃'])
    expect(JSON.stringify(cardOf('sunyue')[0]!.body)).toContain('孙悦')
    expect((await audits('plan.card_updated')).length).toBe(6)
    // Each code was used once; WeCom has refused none.
    expect(house.simulator.calls.filter((c) => c.path.includes('update_template') && c.errcode !== 0)).toEqual([])
  })

  it('decides nothing by itself, whatever is pressed, by whomever, however often; a late press is told what became of it', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan,sunyue' })
    const plan = await submitted()
    const { task_id: task } = cardOf('hezhiyuan')[0]!.body as { task_id: string }
    // WeCom tells the same press three times, and out of order.
    house.simulator.faults.add({ event: 'template_card_event', duplicate: 3, times: 1 })
    house.simulator.world.memberPressesCard('hezhiyuan', task, 'pass')
    await house.settle()
    expect((await audits('plan.card_pressed')).map((a) => a.detail['passes'])).toEqual([true])
    expect(cardOf('hezhiyuan')[0]!.body['replace_text']).toBe('已请别人审批')
    const press = async (card: string, userid: string, key: string) => {
      const event = { digest: `x${card}${userid}${key}`, source: 'app' as const, receivedAt: house.deps.now() }
      const body = { TaskId: card, FromUserName: userid, EventKey: key, ResponseCode: 'rc', CreateTime: '1795485600' }
      await house.db
        .insertInto('wecomEvent')
        .values({ ...event, event: 'template_card_event', body: JSON.stringify(body) })
        .execute()
      await house.runJobs('events')
    }
    await press(task, 'hezhiyuan', 'approve')
    await press(task, 'sunyue', 'pass')
    await press(task, 'nobody', 'pass')
    await press('no-card', 'hezhiyuan', 'pass')
    expect((await read(plan)).state).toBe('pending')
    expect((await audits('plan.card_pressed')).map((a) => a.detail['known'])).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
    const open = await house.db.selectFrom('wecomEvent').select('digest').where('handledAt', 'is', null).execute()
    expect(open).toEqual([])
  })

  it('that WeCom refuses becomes a plain message; a lost answer is never a second card', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan' })
    house.simulator.faults.add({ path: 'message/send', errcode: 43012, times: 1 })
    await submitted()
    expect(messages('hezhiyuan').map((m) => m.msgtype)).toEqual(['textcard'])
    await house.close()
    await opened({ MANAGERS: 'zhoumin,hezhiyuan' })
    house.simulator.faults.add({ path: 'message/send', drop: 'after-effect', times: 1 })
    await submitted()
    await later(1)
    expect(cardOf('hezhiyuan')).toHaveLength(1)
  })

  it('is tried again when an update does not get through', async () => {
    await opened({ MANAGERS: 'zhoumin,hezhiyuan' })
    const plan = await submitted()
    house.simulator.faults.add({ path: 'message/update_template_card', errcode: -1, times: 1 })
    await act(plan, 'approve', 'hezhiyuan')
    await house.settle()
    expect(cardOf('hezhiyuan')[0]!.body['replace_text']).toBeUndefined()
    await later(1)
    expect(cardOf('hezhiyuan')[0]!.body['replace_text']).toBe('已通过')
  })
})

describe('a departure that drafts itself', () => {
  const leave = async (userid: string) => {
    house.simulator.world.removeMember(userid)
    await house.settle()
    await house.runJobs('departures')
    await later(1)
  }
  const kinds = async (plan: string) =>
    [
      ...new Set(
        (await house.db.selectFrom('audit').select(['action', 'subject']).orderBy('seq').execute())
          .filter((a) => a.subject === plan && !a.action.startsWith('look.'))
          .map((a) => a.action),
      ),
    ].sort()

  it('is off until an administrator says so and why; then it is a draft that a person takes up, and nothing is sent without one (T-04)', async () => {
    await opened({ ...THREE, ADMINS: 'machao' })
    await later(1)
    expect(await house.db.selectFrom('plan').selectAll().execute()).toEqual([])
    const admin = await house.signIn('machao')
    const on = { twoAbove: 200, escalateHours: 4, automatic: true, reason: '试行' }
    expect((await house.post('/api/planning/set', on, house.planner)).status).toBe(403)
    expect((await house.post('/api/planning/set', { ...on, twoAbove: 0 }, admin)).status).toBe(400)
    expect((await house.post('/api/planning/set', on, admin)).body).toMatchObject({ automatic: true })
    // Who had left before is planned by hand.
    await later(1)
    expect(await house.db.selectFrom('plan').selectAll().execute()).toEqual([])
    await leave('wanglei')
    const [plan, ...more] = await house.db.selectFrom('plan').selectAll().execute()
    expect(more).toEqual([])
    expect(plan).toMatchObject({ automatic: true, draftedBy: null, state: 'draft' })
    expect(titles('zhoumin')).toContain('系统已起草交接方案')
    const shown = (await house.get(`/api/plans/${plan!.id}`, await house.signIn('zhoumin'))).body as Plan
    expect(shown).toMatchObject({
      draftedBy: null,
      automatic: true,
      mine: true,
      items: [{ successorName: expect.any(String) }],
    })
    await later(20)
    expect(await house.count('approved')).toBe(0)
    expect((await act(shown, 'approve', 'hezhiyuan')).body).toMatchObject({ code: 'stale' })
    // It is submitted by a person, who is its planner from then on, and approved like any other.
    expect((await act(shown, 'submit', 'zhoumin')).body).toMatchObject({ state: 'pending', draftedBy: '周敏' })
    await house.settle()
    expect((await act(shown, 'approve', 'zhoumin')).body).toMatchObject({ code: 'own_plan' })
    expect((await act(shown, 'approve', 'hezhiyuan')).body).toMatchObject({ state: 'approved' })
    const byHand = await submitted(['chenyiming'])
    await act(byHand, 'approve', 'hezhiyuan')
    await house.settle()
    expect(await kinds(plan!.id)).toEqual(await kinds(byHand.id))
    const drafted = await audits('plan.drafted')
    expect(drafted.map((a) => a.actor)).toEqual(['system', await house.idOf('zhoumin')])
  })

  it('is drafted once: whoever discards it plans by hand', async () => {
    await opened({ ...THREE, ADMINS: 'machao' })
    // 林晓 had left before it was switched on.
    await house.simulator.clock.advance(1000)
    await rules({ automatic: true, since: house.deps.now().toISOString() })
    await leave('wanglei')
    const [plan] = await house.db.selectFrom('plan').select(['id', 'digest']).execute()
    expect((await house.post(`/api/plans/${plan!.id}/discard`, {}, await house.signIn('zhoumin'))).status).toBe(200)
    await later(1)
    expect(await house.db.selectFrom('plan').select('state').execute()).toEqual([{ state: 'discarded' }])
    await expect(
      house.db.updateTable('plan').set({ state: 'pending' }).where('id', '=', plan!.id).execute(),
    ).rejects.toThrow('plan_of_a_person')
  })
})
