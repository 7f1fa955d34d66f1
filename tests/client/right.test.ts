import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  confirmRight,
  endGrant,
  findMembers,
  grantRole,
  lastGrantDay,
  listDepartments,
  listRights,
  type Right,
  type RightHolder,
} from '../../src/shared/right'
import { listDebug } from '../../src/shared/debug'
import { endMemberSessions } from '../../src/shared/session'
import { OK } from '../../src/shared/endpoint'
import type { Role } from '../../src/shared/member'
import {
  answers,
  askedOf,
  buttons,
  close,
  field,
  open,
  press,
  Refusal,
  see,
  seen,
  tick,
  type,
} from '../support/workbench'

afterEach(close)

const bare = { place: '', departments: null, reason: null, granted: null, until: null, confirmed: null }
const range: Right = { ...bare, role: 'rep', source: 'range' }
const leader: Right = { ...bare, role: 'manager', source: 'leader', place: '2', departments: ['销售部'] }
const setting: Right = { ...bare, role: 'admin', source: 'setting', place: 'ADMINS' }
const granted: Right = {
  ...bare,
  role: 'auditor',
  source: 'grant',
  place: 'g1',
  reason: '年度审计',
  granted: { by: '马超', at: '2026-11-01T02:00:00.000Z' },
  until: '2026-12-31T15:59:59.999Z',
  confirmed: { by: '周敏', at: '2026-11-20T02:00:00.000Z' },
}
const holder = (id: string, name: string, rights: Right[], own = false): RightHolder => ({
  id,
  name,
  department: '销售部',
  own,
  rights,
})
const shown = () => [
  holder('m2', '周敏', [range, leader]),
  holder('m3', '沈岚', [range, granted]),
  holder('me', '何志远', [range, setting], true),
]
async function openRights(roles: Role[] = ['rep', 'admin']) {
  answers(listRights, () => ({ items: shown(), next: null, others: 24 }))
  answers(listDebug, () => ({ items: [], next: null }))
  await open('/rights', roles)
  await see('另有 24 位成员')
}

describe('the rights', () => {
  test('Every right says where it comes from, why, until when and who looked at it last; one’s own are for others', async () => {
    await openRights()
    await see('管理者（销售部）')
    await see('销售部的部门负责人（企业微信）')
    await see('系统设置 ADMINS')
    await see(/审计员.*马超 于 .*11月1日 授予 · 到 .*12月31日 为止.*原因：年度审计.*周敏 于 .*11月20日 复核确认/)
    expect(buttons(/^确认保留：何志远/)).toEqual([])
    expect(buttons(/^结束：周敏/)).toEqual([])
    await see('要结束，请在企业微信里更换部门负责人')
    await see('自己的权限由其他管理员处理')
  })

  test('An auditor reads them and decides nothing', async () => {
    await openRights(['rep', 'auditor'])
    expect(buttons(/确认保留|结束|授予/)).toEqual([])
  })

  test('Confirming records the review of exactly that right', async () => {
    await openRights()
    answers(confirmRight, () => OK)
    await press('确认保留：周敏，管理者（销售部）')
    expect(askedOf(confirmRight)).toEqual([{ member: 'm2', role: 'manager', source: 'leader', place: '2' }])
    await see('已记录您的复核')
    expect(askedOf(listRights)).toHaveLength(2)
  })

  test('What was ended but could not be read again is not shown as if nothing were amiss', async () => {
    await openRights()
    answers(endGrant, () => OK)
    answers(listRights, () => new Refusal('busy', '系统正忙。'))
    await press('结束：沈岚，审计员')
    await type('原因', '审计完成')
    await press('结束这项权限')
    await see('系统正忙。')
    await see('沈岚')
  })

  test('Ending a grant, and ending the logins of a lost phone, need a reason', async () => {
    await openRights()
    answers(endGrant, () => OK)
    await press('结束：沈岚，审计员')
    await press('结束这项权限')
    await see('请写明原因')
    expect(askedOf(endGrant)).toEqual([])
    await type('原因', '审计完成')
    await press('结束这项权限')
    expect(askedOf(endGrant)).toEqual([{ grant: 'g1', reason: '审计完成' }])
    await see('这项权限已结束')
    answers(endMemberSessions, () => ({ ended: 2 }))
    await press('结束全部登录')
    await type('原因', '手机丢失')
    buttons('结束全部登录').at(-1)?.click()
    await see('已结束 2 个登录')
    expect(askedOf(endMemberSessions)).toEqual([{ member: 'm2', reason: '手机丢失' }])
  })

  test('Giving a role asks whom, what, where, why and until when, and says what is missing', async () => {
    await openRights()
    answers(findMembers, () => ({ items: [{ id: 'm9', name: '王磊', department: '客服部' }] }))
    answers(listDepartments, () => ({
      items: [
        { id: 2, name: '销售部' },
        { id: 3, name: '客服部' },
      ],
    }))
    answers(grantRole, () => ({ grant: 'g2' }))
    await press('授予角色')
    await type('按姓名查找成员', '王')
    await press(/^王磊/)
    await press('指定部门')
    await press('授予')
    await see('请至少选一个部门')
    await see('请写明原因')
    await tick('客服部')
    await type('原因', '代管客服部')
    await press('授予')
    expect(askedOf(grantRole)).toEqual([
      { member: 'm9', role: 'manager', departments: [3], reason: '代管客服部', until: null },
    ])
    await see('已授予，王磊 下一次操作起生效')
  })

  test('An auditor’s role needs a last day, and not one too far away', async () => {
    await openRights()
    answers(findMembers, () => ({ items: [{ id: 'm9', name: '王磊', department: null }] }))
    answers(grantRole, () => ({ grant: 'g2' }))
    await press('授予角色')
    await type('按姓名查找成员', '王')
    await press(/^王磊/)
    await press('审计员')
    await type('原因', '年度审计')
    await press('授予')
    await see('审计员的授权必须有截止日')
    await type('截止日', '2099-01-01')
    await see('截止日太远')
    expect(askedOf(grantRole)).toEqual([])
    const day = lastGrantDay('auditor', new Date())
    await type('截止日', day)
    await press('授予')
    expect(askedOf(grantRole)).toMatchObject([{ role: 'auditor', departments: null, until: day }])
  })

  test('What was filled in is there again after the login that giving a role asks for', async () => {
    vi.spyOn(location, 'replace').mockReturnValue(undefined)
    await openRights()
    answers(findMembers, () => ({ items: [{ id: 'm9', name: '王磊', department: null }] }))
    answers(grantRole, () => new Refusal('login_again', '请重新登录，再按一次。'))
    await press('授予角色')
    await type('按姓名查找成员', '王')
    await press(/^王磊/)
    await press('人事')
    await type('原因', '入离职办理')
    await press('授予')
    await expect.poll(() => sessionStorage.getItem('jiebang.held')).toContain('入离职办理')
    const kept = sessionStorage.getItem('jiebang.held') ?? ''
    close()
    sessionStorage.setItem('jiebang.held', kept)
    await openRights()
    await see('请再按一次')
    await see('王磊')
    expect(field<HTMLTextAreaElement>('原因').value).toBe('入离职办理')
    expect(buttons('人事')[0]?.getAttribute('aria-pressed')).toBe('true')
    expect(askedOf(grantRole)).toEqual([])
    answers(grantRole, () => ({ grant: 'g2' }))
    await press('授予')
    expect(askedOf(grantRole)).toMatchObject([{ member: 'm9', role: 'hr', reason: '入离职办理' }])
    expect(seen()).not.toContain('没有成功')
  })
})
