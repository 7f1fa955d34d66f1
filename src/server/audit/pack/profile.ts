import { fieldClasses, stages, visibleClasses, type Standpoint } from '../../../shared/access'
import { maskName, maskPhone } from '../../../shared/mask'
import { counted, iso, whole, WITHHELD, type Case, type Section, type Table } from './section'

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
