import type { FieldClass, Stage } from '../../shared/access'
import type { Brief } from '../../shared/customer'
import type { UnreachableReason } from '../../shared/notice'
import { historyPage } from '../db/history'
import { markOf, stageOfRow, standingOf } from '../db/standing'
import { FIRST_HISTORY, type briefOf, type Depth, type rawRecordsOf } from './rows'

type Row = NonNullable<Awaited<ReturnType<typeof briefOf>>>

export const contactOf = (row: Pick<Row, 'name' | 'kind' | 'company' | 'title' | 'since'>) => ({
  name: row.name,
  kind: row.kind as 'wechat' | 'wecom' | 'unknown',
  company: row.company,
  title: row.title,
  since: row.since?.toISOString() ?? null,
})

/** Since when the stage has lasted: the approval, the notice, the customer's no. */
export const sinceOf = (row: Row, stage: Stage): Date | null =>
  stage === 'V1' ? row.decidedAt : stage === 'VO' ? (row.answeredAt ?? row.settledAt) : row.sentAt

/** A day that was announced and withdrawn, or has passed without anybody leaving, is nothing to tell. */
const dayOfLeaving = ({ gone, leftAt, endedAt }: Row, now: Date): string | null =>
  gone || (endedAt === null && leftAt >= now) ? leftAt.toISOString() : null

/** F0: what stands there at every stage. */
const headOf = (row: Row, now: Date): Pick<Brief, 'standing' | 'waiting'> => ({
  standing: {
    ...standingOf(row, now),
    shortName: row.name,
    from: { name: row.from, gone: row.gone, leftAt: dayOfLeaving(row, now) },
    assigned:
      row.planner && row.approver && row.decidedAt
        ? { planner: row.planner, approver: row.approver, at: row.decidedAt.toISOString() }
        : null,
    wish: row.wish && { at: new Date(row.wish.at).toISOString(), text: row.wish.text },
    undelivered: row.undelivered as UnreachableReason | null,
  },
  waiting: { history: row.historyCount, promises: row.openPromises, raw: row.rawCount },
})

export interface Deep extends Depth {
  raw: Awaited<ReturnType<typeof rawRecordsOf>>
}

/** A brief as the rows say it. What of it leaves, the access table decides (lib/cut.ts). */
export const briefShown = (row: Row, { promises, history, raw }: Deep, classes: FieldClass[], now: Date): Brief => ({
  ...headOf(row, now),
  ...{ stage: stageOfRow(row, now), classes, mark: markOf(row, now) },
  contact: contactOf(row),
  raw: raw.map((r) => ({ ...r, at: r.at.toISOString() })),
  promises: promises.map((p) => ({
    ...{ id: p.id, text: p.text, due: p.due, madeBy: p.made_by, source: p.source as 'description' | 'member' },
    madeAt: new Date(p.made_at).toISOString(),
    keptAt: p.kept_at && new Date(p.kept_at).toISOString(),
    takenBy: p.taken_by,
  })),
  left: {
    remark: row.remark ?? '',
    description: row.description ?? '',
    company: row.remarkCompany,
    tags: row.tags,
    mobiles: row.mobiles ?? [],
  },
  history: historyPage(history, FIRST_HISTORY),
})
