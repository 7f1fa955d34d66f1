import type { Brief, Inherited } from '../../src/shared/customer'
import type { Label } from '../../src/shared/handover'
import type { Me } from '../../src/shared/member'
import type { NoticeAttempt } from '../../src/shared/notice'
import type { OfferedField, RestoreOffer } from '../../src/shared/restore'

const HOUR = 3600_000
export const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString()
export const inDays = (days: number): string => new Date(Date.now() + (days * 24 + 8) * HOUR).toISOString().slice(0, 10)

export const me: Me = { id: 'm1', name: '陈一鸣', tail: 'ming', roles: ['rep'], corpId: 'ww1', agentId: '1000002' }

type Standing = Brief['standing']
export const standing = (some: Partial<Standing> = {}): Standing => ({
  handover: 'h1',
  label: 'to_tell',
  transfer: 'taken_over',
  notice: 'due',
  submittedAt: ago(60),
  takeoverAt: ago(36),
  settledAt: ago(36),
  sentAt: null,
  openedAt: null,
  answeredAt: null,
  errcode: null,
  shortName: '王*',
  from: { name: '林晓', gone: true, leftAt: ago(240) },
  assigned: { planner: '赵敏', approver: '周文', at: ago(70) },
  wish: null,
  undelivered: null,
  ...some,
})

const contact = { name: '王磊', kind: 'wecom', company: '宏远建材', title: '采购经理', since: ago(9000) } as const

export const toTell = (some: Partial<Standing> = {}): Brief => ({
  standing: standing(some),
  stage: 'V1',
  mark: 'a',
  classes: ['F0', 'F1'],
  waiting: { history: 36, promises: 2, raw: 0 },
  contact,
})

export const told = (some: Partial<Standing> = {}): Brief => ({
  ...toTell({ label: 'told', notice: 'sent', sentAt: ago(1), ...some }),
  stage: 'V2',
  classes: ['F0', 'F1', 'F2', 'F3'],
  promises: [
    {
      id: 'p1',
      text: '补发报价单',
      due: inDays(1),
      madeBy: '林晓',
      madeAt: ago(700),
      source: 'description',
      keptAt: null,
      takenBy: null,
    },
    {
      id: 'p2',
      text: '确认发货时间',
      due: inDays(-2),
      madeBy: '林晓',
      madeAt: ago(700),
      source: 'member',
      keptAt: null,
      takenBy: null,
    },
  ],
  left: {
    remark: '王磊-宏远',
    description: '每月 15 号对账',
    company: '宏远建材有限公司',
    tags: [{ group: '等级', name: '重点客户' }],
    mobiles: ['138****1234'],
  },
  history: {
    items: [
      { id: 'e1', at: ago(1), author: '陈一鸣', source: 'wecom', kind: 'notice.sent', body: { form: 'text' } },
      {
        id: 'e2',
        at: ago(800),
        author: '林晓',
        source: 'mirror',
        kind: 'remark.changed',
        body: { before: '', after: '王磊-宏远' },
      },
      { id: 'e3', at: ago(900), author: null, source: 'system', kind: 'something.new', body: {} },
    ],
    next: 'e3',
  },
})

export const objected = (label: Label): Brief => ({
  standing: standing({ label, ...(label === 'refused' ? { transfer: 'refused' } : { notice: 'objected' }) }),
  stage: 'VO',
  classes: ['F0'],
  mark: 'a',
  waiting: { history: 36, promises: 2, raw: 0 },
})

export const attempt: NoticeAttempt = {
  id: 'a1',
  text: '您好，我是宏远服务的陈一鸣。看全文：https://jb.example.com/n/x',
  link: 'https://jb.example.com/n/x',
  card: { title: '服务人员变更告知', text: '点开可看全文。' },
  filled: ['宏远服务', '陈一鸣', 'https://jb.example.com/n/x'],
  characters: 40,
  late: false,
}

export const inheritedRow = (n: number, some: Partial<Inherited> = {}): Inherited => ({
  ...standing(),
  handover: `h${n}`,
  customer: `c${n}`,
  shortName: `客${n}*`,
  company: null,
  from: '林晓',
  promisesDue: 0,
  ...some,
})

export const offered = (field: OfferedField['field'], some: Partial<OfferedField> = {}): OfferedField => ({
  field,
  is: 'write',
  state: null,
  before: [],
  after: [],
  cut: false,
  out: [],
  ...some,
})

export const restoreOffer = (fields: OfferedField[] = [], parts: RestoreOffer['parts'] = []): RestoreOffer => ({
  handover: 'h1',
  from: '林晓',
  fields,
  parts,
})
