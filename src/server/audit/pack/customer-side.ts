import { maskPhone } from '../../../shared/mask'
import { WITHHELD, iso, whole, type Case, type Section } from './section'

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
