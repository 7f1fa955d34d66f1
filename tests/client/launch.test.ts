import { afterEach, describe, expect, test, vi } from 'vitest'
import { confirmBasis, listBases, writeBasis, type BasisShown } from '../../src/shared/basis'
import { askCorrection, getOwnFacts, type OwnFacts } from '../../src/shared/correction'
import { listCandidates, listDepartures } from '../../src/shared/departure'
import { OK } from '../../src/shared/endpoint'
import {
  getLaunch,
  launchFindings,
  launchItems,
  saveLaunch,
  signLaunch,
  type LaunchShown,
} from '../../src/shared/launch'
import { getOwnLog } from '../../src/shared/own'
import { draftTogether, listPlans } from '../../src/shared/plan'
import { builtInBody, getRules, getRulesInUse } from '../../src/shared/rule'
import { answers, askedOf, close, open, press, see, seen, type } from '../support/workbench'
import { candidate, DIGEST, leaver } from '../support/workbench-cast'

afterEach(close)
const AT = '2026-11-26T02:00:00.000Z'
const basis = (more: Partial<BasisShown> = {}): BasisShown => ({
  ...{ id: 'b1', purpose: 'serve', customers: 'all', ground: 'contract', source: '服务协议第 3 条' },
  ...{ since: '2026-01-01', until: null, state: 'waits', by: '沈岚', at: AT },
  ...{ confirmedBy: null, confirmedAt: null, ended: null, mine: false },
  ...more,
})
const everything = Object.fromEntries(launchItems.map((item) => [item, { met: true, proof: `文件 ${item}` }]))
const review = (more: Partial<LaunchShown> = {}): LaunchShown => ({
  ...{ answers: everything, digest: DIGEST, by: '沈岚', at: AT, mine: false, signed: null },
  findings: launchFindings.map((name) => ({ name, met: true })),
  ...more,
})
const office = ['rep', 'compliance'] as const

describe('bases and review (T-22, T-10)', () => {
  test('What is missing is said first; one’s own basis is somebody else’s to confirm, another’s is confirmed', async () => {
    const missing = [{ customers: 'wecom' as const, purpose: 'contact' as const }]
    answers(listBases, () => ({ items: [basis(), basis({ id: 'b2', purpose: 'contact', mine: true })], missing }))
    answers(getLaunch, () => review({ signed: { by: '王思齐', at: AT } }))
    answers(confirmBasis, () => OK)
    await open('/launch', [...office])
    await see('企业微信客户（对方公司的联系人） · 告知本人')
    await see('是您登记的，由另一位同事确认。')
    await see('王思齐 于')
    await press('确认：继续服务')
    await vi.waitFor(() => expect(askedOf(confirmBasis)).toEqual([{ basis: 'b1' }]))
    expect(askedOf(writeBasis)).toEqual([])
  })

  test('The review is signed only when nothing is open, and by who did not write in it', async () => {
    answers(listBases, () => ({ items: [], missing: [] }))
    answers(getLaunch, () => review({ findings: [{ name: 'managers', met: false }] }))
    await open('/launch', [...office])
    await see('还有 1 项没有满足')
    await see('管理员在「权限」里授权')
    expect(askedOf(signLaunch)).toEqual([])
    close()
    answers(getLaunch, () => review({ mine: true }))
    await open('/launch', [...office])
    await see('您填写过，由另一位同事签署。')
    expect(seen()).not.toContain('签署，允许上线')
    close()
    answers(getLaunch, () => review())
    answers(signLaunch, () => review({ signed: { by: '王思齐', at: AT } }))
    await open('/launch', [...office])
    await press('签署，允许上线')
    await vi.waitFor(() => expect(askedOf(signLaunch)).toEqual([{ digest: DIGEST }]))
  })

  test('A part of the answers may be saved; nothing is answered beforehand', async () => {
    answers(listBases, () => ({ items: [], missing: [] }))
    answers(getLaunch, () => review({ answers: {}, digest: null, by: null, at: null }))
    answers(saveLaunch, () => review({ answers: {} }))
    await open('/launch', [...office])
    await see('没有填写')
    await press('填写审查')
    expect(document.querySelectorAll('input:checked').length).toBe(0)
    document.querySelector<HTMLInputElement>('input[value=yes]')!.click()
    await press('保存')
    await vi.waitFor(() =>
      expect(askedOf(saveLaunch)).toEqual([{ answers: { one_controller: { met: true, proof: '' } }, on: null }]),
    )
  })
})

test('Several leavers are drafted together: whose customers first, then who may take over', async () => {
  const gaojie = { ...leaver, id: 'd2', name: '高洁' }
  const here = { ...leaver, id: 'd3', name: '李浩然', gone: false }
  const pending = { ...leaver, id: 'd4', name: '徐蔚', counts: { to_assign: 2, to_approve: 1 } }
  answers(listDepartures, () => ({
    ...{ items: [leaver, gaojie, here, pending], next: null },
    mirror: { at: AT, running: false },
  }))
  answers(listCandidates, () => ({ items: [candidate('m1', '陈一鸣')] }))
  answers(listPlans, () => ({ items: [], next: null }))
  answers(draftTogether, () => ({
    plans: ['d1', 'd2'].map((id) => ({ id, leaver: id, customers: 3, nobody: 0 })),
  }))
  await open('/departures', ['rep', 'manager'])
  await press('几位成员的客户一起分配')
  const names = () => [...document.querySelectorAll('[role=dialog] label')].map((one) => one.textContent?.trim())
  expect(names().some((one) => one?.includes('徐蔚'))).toBe(false)
  await press('选择接替成员')
  await see('6 位客户分给选中的成员。')
  await see('陈一鸣')
  document.querySelector<HTMLInputElement>('.candidates input')!.click()
  await press('起草方案')
  await vi.waitFor(() =>
    expect(askedOf(draftTogether)).toMatchObject([{ departures: ['d1', 'd2'], successors: ['m1'], by: 'rules' }]),
  )
  await see('已起草 2 份方案')
})

describe('a member', () => {
  test('reads what is known of them, asks for a correction, and reads the answer', async () => {
    answers(getOwnLog, () => ({
      ...{ days: 30, logins: 1, customers: 0, looks: {}, acts: 0, runs: [], rules: null },
    }))
    const answer = { by: '周敏', at: AT, changed: false, text: '以合同为准' }
    const facts: OwnFacts = {
      fields: [
        { field: 'region', facts: [{ source: 'hand', text: '华北', at: AT, by: '周敏' }] },
        { field: 'industry', facts: [] },
      ],
      corrections: [{ id: 'c1', field: 'joined', said: '早一年', at: AT, answer }],
    }
    answers(getOwnFacts, () => facts)
    answers(askCorrection, () => OK)
    await open('/own', ['rep'])
    await see('华北')
    await see('没有更正：以合同为准')
    await press('申请更正 地区')
    await press('申请更正')
    await see('请写明哪里不对')
    await type('哪里不对，应该是什么', '我在华东')
    await press('申请更正')
    await vi.waitFor(() => expect(askedOf(askCorrection)).toEqual([{ field: 'region', said: '我在华东' }]))
  })

  test('reads by which rules customers are given, and nothing of how they come about (L58)', async () => {
    const used = {
      ...{ version: 0, body: builtInBody, digest: DIGEST, since: null, reason: null, by: null, approvedBy: null },
    }
    answers(getRulesInUse, () => ({ used, people: [] }))
    await open('/rules', ['rep'])
    await see('客户的偏好 30%')
    await see('都不能作为依据')
    expect(askedOf(getRules)).toEqual([])
    expect(seen()).not.toContain('修改规则')
  })
})
