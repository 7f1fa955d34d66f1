import { afterEach, expect, test, vi } from 'vitest'
import { getPlanning, setPlanning } from '../../src/shared/approval'
import { listCandidates } from '../../src/shared/departure'
import { listDuty, listDutyChoices } from '../../src/shared/duty'
import {
  approvePlan,
  changePlanItem,
  getPlan,
  listPlans,
  rejectPlan,
  submitPlan,
  withdrawPlan,
  type Plan,
} from '../../src/shared/plan'
import { keepPromise } from '../../src/shared/promise'
import {
  answers,
  askedOf,
  buttons,
  close,
  field,
  open,
  press,
  Refusal,
  REQUEST_ID,
  see,
  seen,
  type,
} from '../support/workbench'
import { candidate, DIGEST, OTHER_DIGEST, plan, round } from '../support/workbench-cast'

afterEach(close)

const STALE = new Refusal('stale', '内容刚刚有变化，请刷新后再操作。')
function shows(...plans: Plan[]) {
  const left = [...plans]
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getPlan, () => (left.length > 1 ? (left.shift() as Plan) : (left[0] as Plan)))
}
const mineDraft = (more: Partial<Plan> = {}) =>
  plan({
    state: 'draft',
    draftedBy: '何志远',
    mine: true,
    submittedAt: null,
    rounds: [],
    decision: 'not_pending',
    ...more,
  })

test('Who made the plan reads why somebody else must decide it, and finds no button to do so', async () => {
  shows(plan({ decision: 'own_plan', draftedBy: '何志远' }))
  await open('/plans/p1')
  await see('这份方案是您提交的')
  expect(buttons(/通过/)).toEqual([])
  expect(buttons('驳回')).toEqual([])
})

test('A successor in the plan and compliance do not decide either', async () => {
  shows(plan({ decision: 'is_successor' }))
  await open('/plans/p1')
  await see('您是这份方案的接替成员之一')
  expect(buttons(/通过/)).toEqual([])
  close()
  shows(plan({ decision: 'own_plan' }))
  await open('/plans/p1', ['rep', 'compliance'])
  await see('提交和审批由管理者完成')
  expect(seen()).not.toContain('这份方案是您提交的')
})

test('Approving says what it does and sends the digest that is shown', async () => {
  shows(plan())
  answers(approvePlan, () => plan({ state: 'approved', decidedBy: '何志远', decidedAt: new Date().toISOString() }))
  await open('/plans/p1')
  await see('2 位客户立即提交给企业微信，分给 2 位成员')
  await see('不能撤回')
  await see(DIGEST.slice(0, 8))
  await press('显示完整指纹')
  await see(DIGEST)
  await press('通过并提交 2 位客户')
  expect(askedOf(approvePlan)).toEqual([{ plan: 'p1', digest: DIGEST }])
  await see('何志远 于')
  await see('查看进度')
})

test('Rejecting needs a reason, and keeps it when the plan has changed meanwhile', async () => {
  shows(plan(), plan({ digest: OTHER_DIGEST, items: plan().items.slice(0, 1) }))
  answers(rejectPlan, () => STALE)
  await open('/plans/p1')
  await press('驳回')
  await press('确认驳回')
  await see('请写明驳回的理由')
  expect(askedOf(rejectPlan)).toEqual([])
  await type('为什么驳回', '赵敏下月休假')
  await press('确认驳回')
  await see('方案刚刚有变化')
  await see(OTHER_DIGEST.slice(0, 8))
  expect(field<HTMLTextAreaElement>('为什么驳回').value).toBe('赵敏下月休假')
  answers(rejectPlan, ({ reason }) =>
    plan({ state: 'rejected', decidedBy: '何志远', decidedAt: new Date().toISOString(), reason }),
  )
  await press('确认驳回')
  expect(askedOf(rejectPlan).at(-1)).toEqual({ plan: 'p1', digest: OTHER_DIGEST, reason: '赵敏下月休假' })
  await see('已驳回')
  await see('赵敏下月休假')
})

test('What speaks against it stands first and leads to its customers', async () => {
  const [one, two] = plan().items
  shows(mineDraft({ items: [{ ...one!, checks: ['refused_before'] }, two!] }))
  await open('/plans/p1')
  await see(/必须处理 客户拒绝过这位成员接替.*请留意 这位成员已经是客户的联系人/)
  await see('有 1 位客户必须先处理')
  expect(buttons('提交审批')[0]?.disabled).toBe(true)
  await press('看这些客户：客户拒绝过这位成员接替')
  expect(document.querySelectorAll('.item').length).toBe(1)
  await press('看全部')
  expect(document.querySelectorAll('.item').length).toBe(2)
})

test('A customer of the draft gets another successor', async () => {
  shows(mineDraft())
  answers(listCandidates, () => ({ items: [candidate('m1', '陈一鸣'), candidate('m4', '吴婷')] }))
  answers(changePlanItem, () => mineDraft({ digest: OTHER_DIGEST }))
  await open('/plans/p1')
  await press('更改 王* 的接替成员')
  await see('现有 120 位，本次 1 位')
  await press(/^吴婷/)
  expect(askedOf(changePlanItem)).toEqual([{ plan: 'p1', handover: 'h1', successor: 'm4' }])
  await see(OTHER_DIGEST.slice(0, 8))
})

test('Submitting shows what will be sent, line by line, with its digest and who answers meanwhile (T-06)', async () => {
  shows(mineDraft())
  const item = (id: string, name: string) => ({ id, name, position: '总监' })
  answers(listDutyChoices, () => ({ items: [item('m8', '周敏'), item('m9', '何志远')] }))
  answers(submitPlan, () => plan({ decision: 'own_plan', draftedBy: '何志远' }))
  await open('/plans/p1')
  await press('提交审批')
  await see(/离职成员 ?林晓.*→ 陈一鸣 ?1 位客户.*→ 赵敏 ?1 位客户.*合计 ?2 位客户/)
  await see(DIGEST)
  await see('周敏 · 总监')
  await press('确认提交审批')
  expect(askedOf(submitPlan)).toEqual([{ plan: 'p1', digest: DIGEST, duty: 'm8' }])
  await see('等待另一位管理者审批')
})

test('Somebody else’s draft is looked at, not changed', async () => {
  shows(mineDraft({ draftedBy: '周敏', mine: false }))
  await open('/plans/p1')
  await see('由 周敏 修改和提交')
  expect(buttons('提交审批')).toEqual([])
  expect(buttons(/^更改/)).toEqual([])
})

test('Plans to decide stand first; a plan that cannot be read says so with its number', async () => {
  const of = (id: string, name: string, state: Plan['state']) => ({
    id,
    leaver: name,
    state,
    customers: 2,
    groups: 0,
    successors: 1,
    draftedBy: '周敏',
    submittedAt: null,
    ...{ due: null, given: 0, needed: 0, approved: false },
    mine: false,
  })
  answers(listPlans, () => ({ items: [of('p2', '唐军', 'approved'), of('p1', '林晓', 'pending')], next: null }))
  answers(getPlan, () => new Refusal('not_found', '没有找到，或不在您的范围内。'))
  await open('/plans')
  await see(/等待审批.*林晓的客户.*其他方案.*唐军的客户/)
  close()
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getPlan, () => new Refusal('not_found', '没有找到，或不在您的范围内。'))
  await open('/plans/p9')
  await see('没有找到，或不在您的范围内')
  await see(REQUEST_ID)
  await see('还没有方案')
})

test('An approval long after the login goes through a login, is not repeated by itself, and asks to be pressed again', async () => {
  const leave = vi.spyOn(location, 'replace').mockReturnValue(undefined)
  shows(plan())
  answers(approvePlan, () => new Refusal('login_again', '请重新登录，再按一次。'))
  await open('/plans/p1')
  await press('通过并提交 2 位客户')
  await vi.waitFor(() => expect(leave).toHaveBeenCalledWith('/auth/login?to=%2Fworkbench%3Fat%3D%252Fplans%252Fp1'))
  const kept = sessionStorage.getItem('jiebang.held')
  close()
  sessionStorage.setItem('jiebang.held', kept ?? '')
  shows(plan())
  await open('/plans/p1')
  await see('已重新登录，填写的内容还在。请再按一次。')
  expect(askedOf(approvePlan)).toEqual([])
})

test('The planner withdraws what WeCom has not been asked for, and reads for how many it is too late', async () => {
  const approved = { state: 'approved', decision: 'own_plan', decidedBy: '周敏', draftedBy: '何志远' } as const
  const decidedAt = new Date().toISOString()
  shows(plan({ ...approved, decidedAt, unsent: 2 }), plan({ ...approved, decidedAt, unsent: 0 }))
  answers(withdrawPlan, () => ({ withdrawn: 1, gone: 1 }))
  await open('/plans/p1')
  await press(/撤回.*2 位/)
  expect(askedOf(withdrawPlan)).toEqual([])
  await press('取消')
  await press(/撤回.*2 位/)
  const confirm = buttons(/撤回/).at(-1)?.textContent?.trim() ?? ''
  await press(confirm)
  expect(askedOf(withdrawPlan)).toEqual([{ plan: 'p1' }])
  await see(/1 位.*1 位/)
  expect(buttons(/撤回.*2 位/)).toEqual([])
})

test('A card’s button opens the page at the decision: 去驳回 with the form, and what was said before stays to be read', async () => {
  const at = new Date().toISOString()
  const before = round({ outcome: 'rejected', votes: [{ name: '孙悦', vote: 'reject', reason: '王磊下月休假', at }] })
  shows(plan({ rounds: [round({ round: 2 }), before] }))
  await open('/plans/p1/reject')
  await see(/审批经过.*第 2 次提交.*第 1 次提交.*孙悦 于.*驳回.*王磊下月休假/)
  expect(field<HTMLTextAreaElement>('为什么驳回').value).toBe('')
})

test('The first of two approvers reads that it sends nothing yet, and then that somebody else must', async () => {
  const two = round({ needed: 2, why: ['customers'] })
  shows(plan({ rounds: [two] }))
  const voted = round({
    ...two,
    votes: [{ name: '何志远', vote: 'approve', reason: null, at: new Date().toISOString() }],
  })
  answers(approvePlan, () => plan({ rounds: [voted], decision: 'has_approved', able: 0 }))
  await open('/plans/p1')
  await see(/需要两位管理者通过：\s*客户数超过了一人可批的上限/)
  await see('还需要另一位管理者通过同样的内容')
  await press('通过 2 位客户（第一人）')
  await see('您已经通过了这份方案，还需要另一位管理者通过')
  await see('现在能审批的管理者只有 0 位，还需要 1 位')
  expect(buttons(/通过/)).toEqual([])
})

test('One that ran out says so, and is submitted again by its planner (T-25)', async () => {
  shows(mineDraft({ state: 'expired', rounds: [round({ outcome: 'expired', endedAt: new Date().toISOString() })] }))
  await open('/plans/p1')
  await see('提交后 48 小时内没有通过，审批已过期')
  await see(/已过期.*没有通过/)
  expect(buttons('提交审批')[0]?.disabled).toBe(false)
  close()
  shows(plan({ decision: 'too_late' }))
  await open('/plans/p1')
  await see('提交已满 48 小时，不能再审批')
  expect(buttons(/通过/)).toEqual([])
})

test('What the system has drafted is taken up by whoever submits it', async () => {
  shows(mineDraft({ automatic: true, draftedBy: null }))
  await open('/plans/p1')
  await see('系统按规则于')
  await see('由您修改或提交后，就是您的方案')
  expect(buttons('提交审批')[0]?.disabled).toBe(false)
})

test('Administrators set when two approve, with a reason; numbers that are none are named beside their field', async () => {
  const rules = { twoAbove: 200, escalateHours: 4, automatic: false, changed: null }
  const shown = () => answers(getPlanning, () => rules)
  shown()
  await open('/planning', ['rep', 'manager'])
  await see('超过 200 位客户时，需要两位管理者')
  await see('由管理员修改')
  expect(buttons('修改')).toEqual([])
  close()
  shown()
  answers(setPlanning, ({ reason, ...next }) => ({
    ...next,
    changed: { by: '马超', at: new Date().toISOString(), reason },
  }))
  await open('/planning', ['rep', 'admin'])
  await press('修改')
  await type('超过多少位客户需要两人审批', '0')
  await press('保存')
  await see('请填 1 到 5000 的整数')
  await see('请写明原因')
  expect(askedOf(setPlanning)).toEqual([])
  await type('超过多少位客户需要两人审批', '50')
  await type('为什么这样改', '试行')
  await press('保存')
  await see('超过 50 位客户时')
  await see(/马超 于.*试行/)
})

test('On duty: who waits, what falls due, and it is noted when it is done (T-06)', async () => {
  const promise = {
    ...{ id: 'q1', text: '补发报价单', due: new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10) },
    ...{ madeBy: '林晓', madeAt: new Date().toISOString(), source: 'member' as const, keptAt: null },
  }
  const one = {
    ...{ handover: 'h1', shortName: '王*', company: '宏远建材', from: '林晓', successor: '陈一鸣' },
    ...{ transfer: 'waiting' as const, until: new Date().toISOString(), later: 1 },
  }
  let left = [promise]
  answers(listDuty, () => ({ items: [{ ...one, promises: left }], next: null, total: 1, due: left.length }))
  answers(keepPromise, () => ((left = []), { ok: true as const }))
  await open('/duty', ['rep'])
  await see(/王\* · 宏远建材.*原由 林晓，将由 陈一鸣 接替.*补发报价单.*逾期.*另有 1 件承诺未到期/)
  await press('已办好：补发报价单')
  expect(askedOf(keepPromise)).toEqual([{ promise: 'q1' }])
  await see('没有快到期的承诺')
})
