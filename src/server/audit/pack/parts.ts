import { fieldClasses, stages, visibleClasses, type Standpoint } from '../../../shared/access'
import { maskName, maskPhone } from '../../../shared/mask'
import type { Event, Gathered } from './gather'
import { iso, type Section, type Table } from './section'

/** What the sections are made of. `names`: of whoever had a part in the case. */
export interface Case {
  g: Gathered
  events: readonly Event[]
  nameOf(id: string | null): string | null
  members: readonly { id: string; name: string; userid: string; position: string }[]
  now: Date
}

const DAY = 86_400_000
const whole = (g: Gathered) => g.kind === 'customer'
const WITHHELD = '（值未列出，SHA-256 及条数见审计日志）'

const counted = (of: readonly string[]): [string, number][] =>
  [...of.reduce((m, k) => m.set(k, (m.get(k) ?? 0) + 1), new Map<string, number>())].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )

/** B: the profile with its history of effort; of a departure as counts and dates, of one customer with its content. */
export function profile({ g, nameOf }: Case): Section {
  const tags = new Map(g.tags.map((t) => [t.id, `${t.groupName}/${t.name}`]))
  const customers: Table = {
    title: '客户（按内部编号；姓名遮蔽）',
    head: ['编号', '客户', '首次记录', '跟进成员', '自', '至', '来源(add_way)', '标签', '承诺', '历史条数', '最近一次'],
    rows: g.relations.map((r) => {
      const customer = g.customers.find((c) => c.id === r.customerId)
      const past = g.history.filter((h) => h.customerId === r.customerId)
      return [
        r.customerId,
        whole(g) ? (customer?.name ?? '') : maskName(customer?.name ?? ''),
        iso(customer?.firstSeenAt),
        nameOf(r.memberId),
        iso(r.since),
        iso(r.endedAt),
        r.addWay,
        whole(g) ? r.tagIds.map((t) => tags.get(t) ?? t).join('、') : r.tagIds.length,
        g.promises.filter((p) => p.customerId === r.customerId && p.madeBy === r.memberId).length,
        past.length,
        iso(past.at(-1)?.at),
      ]
    }),
  }
  const effort: Table = {
    title: '投入的历史：每种记录的条数与起止',
    head: ['种类', '来源', '条数', '最早', '最近'],
    rows: counted(g.history.map((h) => `${h.kind}\u0000${h.source}`)).map(([key, n]) => {
      const [kind, source] = key.split('\u0000')
      const of = g.history
        .filter((h) => h.kind === kind && h.source === source)
        .map((h) => h.at.toISOString())
        .sort()
      return [kind ?? '', source ?? '', n, of[0] ?? null, of.at(-1) ?? null]
    }),
  }
  const content: Table[] = whole(g)
    ? [
        {
          title: '备注与描述（电话遮蔽）',
          head: ['成员', '备注', '描述', '电话', '公司'],
          rows: g.relations.map((r) => [
            nameOf(r.memberId),
            r.remark,
            r.description,
            r.mobiles.map(maskPhone).join('、'),
            r.company,
          ]),
        },
        {
          title: '历史记录',
          head: ['时间', '种类', '来源', '作者', '内容'],
          rows: g.history.map((h) => [iso(h.at), h.kind, h.source, nameOf(h.authorId), JSON.stringify(h.body)]),
        },
      ]
    : []
  const promises: Table = {
    title: '承诺',
    head: ['客户编号', '作出人', '作出时间', '期限', '履行时间', '内容'],
    rows: g.promises.map((p) => [
      p.customerId,
      nameOf(p.madeBy),
      iso(p.madeAt),
      p.due,
      iso(p.keptAt),
      whole(g) ? p.text : WITHHELD,
    ]),
  }
  return {
    letter: 'B',
    title: '主张的内容：结构化客户信息',
    redaction: whole(g)
      ? '电话已遮蔽；他人电话与姓名若写在备注原文中，未能自动识别'
      : '客户姓名遮蔽；备注、描述、承诺与历史的内容未列出',
    missing: [
      { what: '交易记录、价格条款、是否可从公开渠道取得', why: '本系统不保存合同与订单', who: '业务负责人、财务' },
    ],
    notes: [
      '以下不是客户名单，而是长期形成的信息及其来源和时间。',
      `客户 ${g.customers.length} 位，历史 ${g.history.length} 条。`,
    ],
    tables: [customers, effort, promises, ...content],
  }
}

/** C: SPC art. 6, measure by measure (compliance 9.3). */
export function secrecy({ events }: Case): Section {
  const times = (test: RegExp) => events.filter((e) => test.test(e.action)).length
  const standpoints: Standpoint[] = ['successor', 'manager', 'approver', 'compliance']
  return {
    letter: 'C',
    title: '保密措施',
    redaction: '无',
    missing: [
      { what: '保密协议或条款（及签收）', why: '条款登记册不在本系统中', who: '人事' },
      { what: '制度、培训、书面告知', why: '制度版本与培训记录不在本系统中', who: '人事、合规' },
      { what: '场所与来访管理', why: '系统外的措施', who: '行政（作为附件补充）' },
    ],
    notes: ['以下权限表由运行中的程序直接生成，程序按同一张表裁剪每一次回答。'],
    tables: [
      {
        title: '分级与限制：角色 × 阶段可见的字段类别',
        head: ['角色', ...stages],
        rows: standpoints.map((who) => [who, ...stages.map((s) => visibleClasses(who, s).join(' ') || '—')]),
      },
      {
        title: '措施与证明',
        head: ['法释〔2020〕7号第6条', '本案中的证明'],
        rows: [
          ['标记、分类、隔离、加密、限制', `字段分为 ${fieldClasses.join('、')}；上表；服务器端遮蔽`],
          [
            '设备、访问、存储、复制的限制',
            `每次查看入日志：本案 ${times(/^look\./)} 次；导出相关记录 ${times(/^export\./)} 条`,
          ],
          ['离职人员登记、返还、清除、停止访问', `会话撤销 ${times(/^sessions\.revoked$/)} 次；见 F`],
          ['保密协议或条款', '缺'],
          ['制度、培训、书面告知', '缺'],
          ['场所与来访', '缺'],
        ],
      },
    ],
  }
}

const LOOK = /^(look|export|reveal)\./
const classesOf = (e: Event): string[] => {
  const { classes } = e.detail as { classes?: unknown }
  return Array.isArray(classes) ? classes.map(String) : []
}
const textOf = (e: Event, key: string): string | null => {
  const value = (e.detail as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : null
}

/** What a leaver looked at and took out in the 30 days before they left, as the log has it (T-37): classes, never values. */
export function lastDays(events: readonly Event[], leaver: string, until: Date): Event[] {
  const from = until.getTime() - 30 * DAY
  return events.filter((e) => e.actor === leaver && LOOK.test(e.action) && e.at.getTime() > from && e.at <= until)
}

const looksTable = (title: string, events: readonly Event[], nameOf: Case['nameOf']): Table => ({
  title,
  head: ['日志号', '时间', '谁', '动作', '对象', '阶段', '类别', '理由', '入口'],
  rows: events.map((e) => [
    e.seq,
    iso(e.at),
    /^(system|wecom|customer)$/.test(e.actor) ? e.actor : nameOf(e.actor),
    e.action,
    e.subject,
    textOf(e, 'stage'),
    classesOf(e).join(' '),
    textOf(e, 'reason'),
    textOf(e, 'door'),
  ]),
})

/** D: who could get at it, and did. */
export function access({ g, events, nameOf, members, now }: Case): Section {
  const departments = new Map(g.departments.map((d) => [d.id, d.name]))
  const people: Table = {
    title: '与本案有关的成员',
    head: ['编号', '姓名', 'userid', '职务', '部门'],
    rows: members.map((m) => {
      const own = g.members.find((x) => x.id === m.id)
      return [
        m.id,
        m.name,
        m.userid,
        m.position,
        (own?.departmentIds ?? []).map((d) => departments.get(d) ?? d).join('、'),
      ]
    }),
  }
  const ofLeavers = g.departures.flatMap((d): Table[] => {
    const until = d.gone && d.leftAt < now ? d.leftAt : now
    const seen = lastDays(events, d.memberId, until)
    const by = counted(seen.map((e) => e.action))
    const classes = counted(seen.flatMap(classesOf))
    return [
      {
        title: `${nameOf(d.memberId)}：${until.toISOString()} 前 30 天的查看与导出，共 ${seen.length} 次`,
        head: ['动作或类别', '次数'],
        rows: [...by, ...classes.map(([c, n]): [string, number] => [`类别 ${c}`, n])],
      },
      looksTable(`${nameOf(d.memberId)}：逐次`, seen, nameOf),
      {
        title: `${nameOf(d.memberId)}：会话`,
        head: ['日志号', '时间', '动作'],
        rows: events
          .filter((e) => e.subject === d.memberId && /^session/.test(e.action))
          .map((e) => [e.seq, iso(e.at), e.action]),
      },
    ]
  })
  const all = events.filter((e) => LOOK.test(e.action) && !g.leavers.includes(e.actor))
  return {
    letter: 'D',
    title: '接触的机会：权限、任务、查看与导出',
    redaction: '只有类别，没有值；与本案无关的成员只有内部编号',
    missing: [{ what: '本系统以外的接触（其他系统、纸质文件）', why: '不在本系统中', who: 'IT、业务负责人' }],
    notes: ['查看日志就是审计日志；下列每一行都能在 events.ndjson 中按日志号找到并验证。'],
    tables: [people, ...ofLeavers, looksTable('其他人对本案客户与事项的查看', all, nameOf)],
  }
}

/** G: what the customer was told, chose and said, whatever it says. */
export function customerSide({ g, nameOf }: Case): Section {
  return {
    letter: 'G',
    title: '客户一方：告知、选择、异议、投诉',
    redaction: whole(g) ? '联系方式遮蔽' : '异议与投诉的原文未列出（仅合规可读）；告知文本不含客户信息',
    missing: [{ what: '客户的其他陈述（电话、书面）', why: '不在本系统中', who: '客服、合规' }],
    notes: ['无论内容是否有利，全部列出。沉默、平台接受和“我知道了”都不算同意。'],
    tables: [
      {
        title: '交接与告知的状态',
        head: ['交接', '客户编号', '接替成员', '接替状态', '提交', '接替', '告知状态', '发送', '打开', '答复'],
        rows: g.handovers.map((h) => [
          h.id,
          h.customerId,
          nameOf(h.successorId),
          h.transfer,
          iso(h.submittedAt),
          iso(h.takeoverAt),
          h.notice,
          iso(h.sentAt),
          iso(h.openedAt),
          iso(h.answeredAt),
        ]),
      },
      {
        title: '每次告知（文本为当时所发，链接以 … 代替）',
        head: ['编号', '交接', '准备人', '准备时间', '模板', '结果', '结果时间', '文本 SHA-256', '文本'],
        rows: g.attempts.map((a) => [
          a.id,
          a.handoverId,
          nameOf(a.preparedBy),
          iso(a.preparedAt),
          a.template,
          a.outcome,
          iso(a.outcomeAt),
          a.textSha256,
          a.text,
        ]),
      },
      {
        title: '异议（要求换人）',
        head: ['编号', '交接', '时间', '来源', '处理时间', '处理人', '结果', '给客户的答复', '原文'],
        rows: g.objections.map((o) => [
          o.id,
          o.handoverId,
          iso(o.at),
          o.origin,
          iso(o.handledAt),
          nameOf(o.handledBy),
          o.outcome,
          o.answer,
          whole(g) ? o.text : WITHHELD,
        ]),
      },
      {
        title: '客户的要求（查阅、更正、删除等）',
        head: ['编号', '客户编号', '种类', '时间', '状态', '决定时间', '理由', '办理时间', '答复', '原文'],
        rows: g.requests.map((r) => [
          r.number,
          r.customerId,
          r.kind,
          iso(r.at),
          r.state,
          iso(r.decidedAt),
          r.reason,
          iso(r.executedAt),
          r.outcome,
          whole(g) ? r.text : WITHHELD,
        ]),
      },
      {
        title: '投诉',
        head: ['编号', '交接', '时间', '状态', '联系方式', '原文'],
        rows: g.complaints.map((c) => [
          c.number,
          c.handoverId,
          iso(c.at),
          c.state,
          c.contact && maskPhone(c.contact),
          whole(g) ? c.text : WITHHELD,
        ]),
      },
    ],
  }
}

/** I: whose data the leaver saw, from the log alone (T-41). */
export function affected({ g, events }: Case): Section {
  const ours = new Set(g.customers.map((c) => c.id))
  const byHandover = new Map(g.handovers.map((h) => [h.id, h.customerId]))
  const seen = new Map<string, { looks: number; classes: Set<string>; last: Date }>()
  for (const e of events.filter((x) => LOOK.test(x.action) && (g.kind === 'customer' || g.leavers.includes(x.actor)))) {
    const named = JSON.stringify(e.detail).match(/[0-9a-f]{32}/g) ?? []
    const customers = new Set([e.subject, ...named].map((id) => byHandover.get(id) ?? id).filter((id) => ours.has(id)))
    for (const id of customers) {
      const entry = seen.get(id) ?? { looks: 0, classes: new Set<string>(), last: e.at }
      entry.looks++
      classesOf(e).forEach((c) => entry.classes.add(c))
      if (e.at > entry.last) entry.last = e.at
      seen.set(id, entry)
    }
  }
  return {
    letter: 'I',
    title: '受影响名单（来自查看日志）',
    redaction: '姓名遮蔽',
    missing: [],
    notes: [g.kind === 'departure' ? '离职成员查看过的本案客户。' : '这位客户的信息被查看的情况。'],
    tables: [
      {
        title: `共 ${seen.size} 位`,
        head: ['客户编号', '客户', '查看次数', '类别', '最近一次'],
        rows: [...seen]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([id, s]) => [
            id,
            maskName(g.customers.find((c) => c.id === id)?.name ?? ''),
            s.looks,
            [...s.classes].sort().join(' '),
            iso(s.last),
          ]),
      },
    ],
  }
}

/** K: which plan, by whom, approved by whom, and why each. */
export const allocation = ({ g, nameOf }: Case): Section => ({
  letter: 'K',
  title: '分配：方案、理由、审批',
  redaction: '无',
  missing: [{ what: '方案之外的口头安排', why: '不在本系统中', who: '业务负责人' }],
  notes: ['提出与审批必为两人，由服务器与数据库各检查一次；审批的是摘要所指的那一版。'],
  tables: [
    {
      title: '方案',
      head: ['编号', '状态', '摘要', '提出', '提出时间', '提交', '决定', '决定时间', '理由'],
      rows: g.plans.map((p) => [
        p.id,
        p.state,
        p.digest,
        nameOf(p.draftedBy),
        iso(p.draftedAt),
        iso(p.submittedAt),
        nameOf(p.decidedBy),
        iso(p.decidedAt),
        p.reason,
      ]),
    },
    {
      title: '每位客户',
      head: ['方案', '交接', '接替成员', '检查'],
      rows: g.items.map((i) => [i.planId, i.handoverId, nameOf(i.successorId), i.checks.join('、')]),
    },
    {
      title: '向企业微信提交的批次',
      head: ['批次', '方案', '接替成员', '流程', '状态', '写下', '发出', '答复', '错误码'],
      rows: g.batches.map((b) => [
        b.id,
        b.planId,
        nameOf(b.successorId),
        b.flow,
        b.state,
        iso(b.writtenAt),
        iso(b.sentAt),
        iso(b.answeredAt),
        b.errcode,
      ]),
    },
    {
      title: '客户群',
      head: ['群', '状态', '接替成员', '提交', '结束'],
      rows: g.groups.map((x) => [x.chatId, x.state, nameOf(x.successorId), iso(x.sentAt), iso(x.settledAt)]),
    },
  ],
})
