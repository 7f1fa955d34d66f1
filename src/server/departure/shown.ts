import type { Standpoint } from '../../shared/access'
import type { Departure, HandoverRow, LeaverLine, UnderWay } from '../../shared/departure'
import { daysBetween, daysLeft, labelOf, type Label } from '../../shared/handover'
import type { NoticeState } from '../../shared/notice'
import type { TransferState } from '../../shared/transfer'
import { stageOfRow, standingOf } from '../db/standing'
import type { UnderWay as FoundUnderWay } from '../db/underway'
import { seenBy } from '../lib/cut'
import type { DepartureRow, Facet, HandoverFacts } from './list-rows'

const LONG_AGO = '1970-01-01T00:00:00.000Z'

export const labelOfFacet = (f: Facet, now: Date): Label =>
  labelOf(
    {
      transfer: f.transfer as TransferState,
      notice: f.notice as NoticeState,
      objectionOpen: f.objectionOpen,
      takeoverAt: null,
      // A label asks only whether it was long ago; the database has answered that.
      calledAt: f.answerMissing ? (f.doubtful ? LONG_AGO : now.toISOString()) : null,
      submittedAt: f.doubtful ? LONG_AGO : now.toISOString(),
    },
    now,
  )

function countsOf(facets: readonly (Facet & { n: number })[], now: Date): Departure['counts'] {
  const counts: Departure['counts'] = {}
  for (const f of facets) {
    const label = labelOfFacet(f, now)
    counts[label] = (counts[label] ?? 0) + f.n
  }
  return counts
}

/** What HR and an auditor see: the person who leaves. */
export const shownLeaver = (d: DepartureRow): LeaverLine => ({
  id: d.id,
  name: d.name,
  department: d.department,
  leftAt: d.leftAt.toISOString(),
  gone: d.gone,
  ended: d.endedAt !== null,
  announced: d.announcer !== null && d.announcedAt ? { by: d.announcer, at: d.announcedAt.toISOString() } : null,
})

export const shownDeparture = (d: DepartureRow, facets: readonly (Facet & { n: number })[], now: Date): Departure => ({
  ...shownLeaver(d),
  knownBy: d.knownBy as Departure['knownBy'],
  customers: facets.reduce((sum, f) => sum + f.n, 0),
  counts: countsOf(facets, now),
  groups: d.groups,
  groupsToAssign: d.groupsToAssign,
  daysLeft: d.gone && d.knownBy === 'unassigned_list' ? daysLeft(d.leftAt.toISOString(), now) : null,
})

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export function shownHandover(
  h: HandoverFacts,
  region: string | null,
  who: Standpoint,
  { gone, leftAt }: Pick<DepartureRow, 'gone' | 'leftAt'>,
  now: Date,
): HandoverRow {
  return seenBy(
    { who, stage: h.restricted ? 'VX' : stageOfRow(h, now) },
    {
      ...standingOf(h, now),
      shortName: h.name,
      company: h.company,
      region,
      successor: h.successorId && h.successorName ? { id: h.successorId, name: h.successorName } : null,
      // Before the leaver is gone nobody waits: the customer is served as ever.
      waitingDays: daysBetween((h.submittedAt ?? (gone ? leftAt : now)).toISOString(), now),
      objectedAt: iso(h.objectedAt),
      complaint: h.complaint,
    },
  )
}

/** null where nothing lies between us and WeCom. */
export const shownUnderWay = (found: FoundUnderWay | undefined): UnderWay | null =>
  found
    ? {
        ...found,
        blocked: found.blocked.map((b) => ({ ...b, nextTryAt: b.nextTryAt.toISOString() })),
        firstTakeover: iso(found.firstTakeover),
      }
    : null
