import type { CastDepartment, CastMember } from '../wecom/cast'

export const DAY = 86400

export const departments: CastDepartment[] = [
  { id: 1, name: '宏远服务有限公司', parentid: 0, leaders: [] },
  { id: 2, name: '华东业务部', parentid: 1, leaders: ['zhoumin'] },
  { id: 3, name: '华南业务部', parentid: 1, leaders: ['hezhiyuan'] },
  { id: 4, name: '客户成功部', parentid: 1, leaders: ['suqi'] },
]

type Row = [userid: string, name: string, position: string, department: number, more?: Partial<CastMember>]

const office = { followsCustomers: false }

const rows: Row[] = [
  ['linxiao', '林晓', '高级客户经理', 2],
  ['chenyiming', '陈一鸣', '客户经理', 2],
  ['sunting', '孙婷', '客户经理', 2],
  ['gaojie', '高洁', '客户经理', 2],
  ['zhoumin', '周敏', '华东业务部总监', 2],
  ['lihaoran', '李浩然', '客户经理', 3],
  ['hezhiyuan', '何志远', '华南业务部总监', 3],
  ['suqi', '苏琪', '客户成功负责人', 4],
  // One more customer and he is full: 40099, or status 4 a day later (facts 4.3, 4.4).
  ['tanlei', '谭磊', '客户成功顾问', 4, { customerLimit: 50 }],
  // Not real-name verified: WeCom answers 40098 when customers are assigned to her (facts 4.3).
  ['ouyangqian', '欧阳倩', '客户成功顾问', 4, { realName: false }],
  ['wangsiqi', '王思齐', '商务助理', 4, office],
  ['shenlan', '沈岚', '合规与个人信息保护', 1, office],
  ['machao', '马超', 'IT 管理员', 1, office],
  ['xuwei', '徐蔚', '客户经理', 2],
  ['yulei', '余蕾', '社群运营', 4],
  ['tangjun', '唐军', '客户经理', 3],
]

/** Everybody, the long gone 唐军 too. `now` in seconds. */
export const members = (now: number): CastMember[] =>
  rows.map(([userid, name, position, department, more], i) => ({
    userid,
    name,
    position,
    departments: [department],
    status: 1,
    realName: true,
    followsCustomers: true,
    lastLogin: now - (userid === 'tangjun' ? 341 * DAY : (i * 37 + 5) * 60),
    customerLimit: 5000,
    ...more,
  }))
