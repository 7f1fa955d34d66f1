import { afterEach, expect, test } from 'vitest'
import type { Explanation } from '../../src/shared/allocation'
import { listCandidates } from '../../src/shared/departure'
import { changePlanItem, getPlan, listPlans, tryPlan, type Plan } from '../../src/shared/plan'
import { builtInBody, builtInRules, sharesOf, withWeight } from '../../src/shared/rule'
import { answers, askedOf, buttons, close, field, open, press, see, seen, type } from '../support/workbench'
import { candidate, DIGEST, plan } from '../support/workbench-cast'

afterEach(close)

const why = (more: Partial<Explanation> = {}): Explanation => ({
  rules: 'R-0',
  inputsAt: '2026-11-26T02:00:00.000Z',
  candidates: 12,
  removed: { region: 7, capacity: 2, training: 1 },
  reach: 'full',
  chosen: 'm1',
  because: 'score',
  score: 0.81,
  factors: { preference: 0.9, depth: 1, capacity: 0.6, performance: 0.8, contribution: 0.5, tenure: 0.4 },
  matched: ['region', 'room'],
  runnerUp: { id: 'm2', score: 0.78 },
  passedOver: null,
  wish: null,
  unscored: false,
  ...more,
})
const tally = (id: string, name: string) => ({
  ...{ id, name, could: 2, given: 1, runnerUp: 1 },
  removed: { region: 7, capacity: 2 },
})
function ruled(more: Partial<Plan> = {}): Plan {
  const [one, two] = plan().items as [Plan['items'][number], Plan['items'][number]]
  const over = why({ chosen: 'm2', because: 'capacity', passedOver: { id: 'm1', score: 0.9 }, runnerUp: null })
  return plan({
    state: 'draft',
    draftedBy: '何志远',
    submittedAt: null,
    decision: 'not_pending',
    mine: true,
    rules: 'R-0',
    weights: builtInRules.weights,
    items: [
      { ...one, why: why() },
      { ...two, why: over, was: '吴婷' },
    ],
    candidates: [tally('m1', '陈一鸣'), tally('m2', '赵敏')],
    nobody: [{ handover: 'h9', shortName: '孙*', removed: { entity: 2 } }],
    ...more,
  })
}
function shows(shown: Plan) {
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getPlan, () => shown)
}

test('A plan by rules names them, whom nobody may take and why, how it was for each member, what differs from the plan before', async () => {
  shows(ruled())
  await open('/plans/p1')
  await see('按规则 R-0 分配')
  await see(/没有人能接的客户 1.*孙\*不同公司主体 2/)
  await see(/陈一鸣 ?筛掉最多的原因: 地区不合 7/)
  await see('和上一份方案不同：1 位')
  await see('上一份方案分给 吴婷')
})

test('The approver reads all of why: the sentence, the filters, the factors, who was next (T-43, T-64)', async () => {
  shows(ruled({ state: 'pending', draftedBy: '周敏', decision: 'may_decide' }))
  await open('/plans/p1')
  await press('为什么由 陈一鸣 接替 王*')
  await see('在还有余量的成员里，陈一鸣 得分最高')
  await see('考虑了 12 位成员')
  await see('地区不合 7 · 已满 2 · 培训过期 1')
  await see(/得分 81\.0.*客户的偏好 ?90\.030%/)
  await see('其次：赵敏，78.0')
  close()
  shows(ruled({ state: 'pending', draftedBy: '周敏', decision: 'may_decide' }))
  await open('/plans/p1')
  await press('为什么由 赵敏 接替 李*')
  await see('陈一鸣 得分更高，但已经满了')
  await see('没有其他还能接的成员')
  expect(buttons('移出方案')).toEqual([])
})

test('What rules proposed is changed with a reason, and with none nothing is sent', async () => {
  shows(ruled())
  answers(listCandidates, () => ({ items: [candidate('m1', '陈一鸣'), candidate('m4', '吴婷')] }))
  answers(changePlanItem, () => ruled())
  await open('/plans/p1')
  await press('更改 王* 的接替成员')
  await see('吴婷')
  await press(/^吴婷/)
  await see('请写明为什么要改')
  expect(askedOf(changePlanItem)).toEqual([])
  await type('为什么要改', '一直由她送货')
  await press(/^吴婷/)
  expect(askedOf(changePlanItem)).toEqual([{ plan: 'p1', handover: 'h1', successor: 'm4', reason: '一直由她送货' }])
})

test('A weight is moved and tried: how many customers would change, who would have how many; the plan stays', async () => {
  shows(ruled())
  answers(tryPlan, () => ({
    changed: 1,
    nobody: 0,
    split: [{ successor: 'm1', name: '陈一鸣', now: 1, then: 2 }],
    moves: [{ handover: 'h2', shortName: '李*', from: '赵敏', to: '陈一鸣' }],
  }))
  await open('/plans/p1')
  await press('调整权重')
  await see('业绩 15%')
  const slider = field('业绩 15%')
  slider.value = '40'
  slider.dispatchEvent(new Event('input', { bubbles: true }))
  await see('业绩 40%')
  await press('试算')
  await see('1 位客户会换人')
  await see('赵敏 → 陈一鸣')
  expect(askedOf(tryPlan)).toEqual([
    { plan: 'p1', weights: sharesOf(withWeight(builtInBody.weights, 'performance', 40)) },
  ])
  expect(Object.values(askedOf(tryPlan)[0]!.weights).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
  await press('恢复现在的权重')
  await see('业绩 15%')
  expect(seen()).toContain(DIGEST.slice(0, 8))
})
