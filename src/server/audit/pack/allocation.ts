import { iso, type Case, type Section } from './section'

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
      head: ['编号', '状态', '摘要', '提出', '提出时间', '提交', '决定', '决定时间', '理由', '等待期间值班'],
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
        nameOf(p.dutyId),
      ]),
    },
    {
      title: '审批经过',
      head: [
        '方案',
        '第几次',
        '摘要',
        '提交',
        '提交时间',
        '有效至',
        '需要几人',
        '审批人',
        '意见',
        '时间',
        '理由',
        '结果',
      ],
      rows: g.votes.map((v) => [
        ...[v.planId, v.round, v.digest, nameOf(v.askedBy), iso(v.askedAt), iso(v.dueAt), v.needed],
        ...[nameOf(v.memberId), v.vote, iso(v.at), v.reason, v.outcome],
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
