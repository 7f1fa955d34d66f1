import { sql } from 'kysely'
import type { Tx } from '../../db/open'
import { iso, type Section, type Table, type Case } from './section'

/** The probe's reports, where this installation has them (every door called with what the leaver still held). */
export async function probesOf(tx: Tx, leavers: readonly string[]) {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('probe') is not null as there`.execute(tx)
  if (!rows[0]?.there || !leavers.length) return []
  const found = await sql<{
    memberId: string
    why: string
    endedAt: Date | null
    doors: number
    red: number
    digest: string
  }>`
    select member_id, why, ended_at, doors, red, digest from probe where member_id = any(${[...leavers]}) order by id`.execute(
    tx,
  )
  return found.rows
}
export type Probe = Awaited<ReturnType<typeof probesOf>>[number]

/** F: what the company asked for when the member left, and what became of their access. */
export function leaving({ g, events, nameOf }: Case, probes: readonly Probe[]): Section {
  const departures: Table = {
    title: '离职',
    head: ['编号', '成员', '得知方式', '得知时间', '离开时间', '已离开', '登记人', '登记时间'],
    rows: g.departures.map((d) => [
      d.id,
      nameOf(d.memberId),
      d.knownBy,
      iso(d.noticedAt),
      iso(d.leftAt),
      d.gone ? '是' : '否',
      nameOf(d.announcedBy),
      iso(d.announcedAt),
    ]),
  }
  const ended: Table = {
    title: '会话撤销与离职的日志',
    head: ['日志号', '时间', '动作', '会话数'],
    rows: events
      .filter((e) => /^(sessions\.revoked|departure\.)/.test(e.action))
      .map((e) => [e.seq, iso(e.at), e.action, (e.detail as { sessions?: number }).sessions ?? null]),
  }
  const tested: Table = {
    title: '撤销后的探测：用其仍持有的凭证访问每一个入口',
    head: ['成员', '原因', '结束', '入口数', '仍可进入', '报告 SHA-256'],
    rows: probes.map((p) => [nameOf(p.memberId), p.why, iso(p.endedAt), p.doors, p.red, p.digest]),
  }
  return {
    letter: 'F',
    title: '离职交接：要求、答复、撤销',
    redaction: '无',
    missing: [
      ...(probes.length ? [] : [{ what: '撤销探测的报告', why: '本案成员没有探测记录', who: '系统管理员' }]),
      {
        what: '交接清单及本人签认（返还、清除、继续保密）',
        why: '清单不在本系统的这一版本中',
        who: '人事、直属负责人',
      },
    ],
    notes: ['离职原因从不记录。'],
    tables: [departures, ended, ...(probes.length ? [tested] : [])],
  }
}

const absent = (letter: string, title: string, missing: Section['missing']): Section => ({
  letter,
  title,
  redaction: '无',
  missing,
  notes: [],
  tables: [],
})

/** E, H, J: what this version of the product does not keep, said where a reader looks for it. */
export const absents = {
  E: absent('E', '条款、制度签收与培训结果', [
    { what: '劳动合同、保密与竞业条款', why: '条款登记册不在本系统的这一版本中', who: '人事' },
    { what: '制度签收、培训成绩', why: '不在本系统中', who: '人事、合规' },
  ]),
  H: absent('H', '事件档案', [
    { what: '安全事件的登记、时钟、通知', why: '事件登记不在本系统的这一版本中', who: '合规、信息安全' },
  ]),
  J: absent('J', '控制：审查、影响评估、发现与整改', [
    { what: '年度审查、个人信息保护影响评估', why: '不在本系统的这一版本中', who: '合规' },
  ]),
}
