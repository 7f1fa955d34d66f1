import { maskName } from '../../../shared/mask'
import { type Event } from './gather'
import { counted, iso, type Case, type Section, type Table } from './section'

const DAY = 86_400_000
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
