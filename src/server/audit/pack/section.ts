import type { Event, Gathered } from './gather'

export interface Table {
  title: string
  head: readonly string[]
  rows: readonly (readonly (string | number | null)[])[]
}

/** One of A to M (compliance 9.2): what is known, and what is not, why, and who can add it. */
export interface Section {
  letter: string
  title: string
  /** What was left out of it or made unreadable, and why: stands in the manifest. */
  redaction: string
  missing: readonly { what: string; why: string; who: string }[]
  notes: readonly string[]
  tables: readonly Table[]
}

export const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null

/** What the sections are made of. `names`: of whoever had a part in the case. */
export interface Case {
  g: Gathered
  events: readonly Event[]
  nameOf(id: string | null): string | null
  members: readonly { id: string; name: string; userid: string; position: string }[]
  now: Date
}

/** Of one customer everything is shown, of a departure counts and dates. */
export const whole = (g: Gathered) => g.kind === 'customer'

export const counted = (of: readonly string[]): [string, number][] =>
  [...of.reduce((m, k) => m.set(k, (m.get(k) ?? 0) + 1), new Map<string, number>())].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )

export const WITHHELD = '（值未列出，SHA-256 及条数见审计日志）'

/** Whoever had a part in the case is named; of everybody else only our id stands here. */
export function roster(g: Gathered, more: readonly (string | null)[]) {
  const part = new Set<string | null>([
    ...more,
    ...g.leavers,
    ...g.handovers.flatMap((h) => [h.successorId, h.sentBy]),
    ...g.plans.flatMap((p) => [p.draftedBy, p.decidedBy, p.dutyId]),
    ...g.votes.flatMap((v) => [v.askedBy, v.memberId]),
    ...g.items.map((i) => i.successorId),
    ...g.attempts.map((a) => a.preparedBy),
    ...g.firstNotices.map((f) => f.preparedBy),
    ...g.objections.map((o) => o.handledBy),
    ...g.records.flatMap((r) => [r.subjectId, r.askedBy]),
    ...g.spoken.flatMap((s) => [s.writtenBy, s.confirmedBy]),
    ...g.others.flatMap((o) => [o.chosenBy, o.doneBy]),
    ...g.waivers.flatMap((w) => [w.askedBy, w.decidedBy]),
    ...g.childAccess.flatMap((c) => [c.memberId, c.decidedBy]),
    ...g.departures.map((d) => d.announcedBy),
    ...g.relations.map((r) => r.memberId),
    ...g.promises.flatMap((p) => [p.madeBy, p.keptBy]),
  ])
  const named = g.members.filter((m) => part.has(m.id))
  const names = new Map(named.map((m) => [m.id, m.name]))
  return { named, nameOf: (id: string | null) => (id === null ? null : (names.get(id) ?? `成员 ${id}`)) }
}
