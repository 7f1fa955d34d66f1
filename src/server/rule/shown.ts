import { builtInBody, type Assessment, type RuleBody, type RuleDraft, type RuleVersion } from '../../shared/rule'
import { digestOfRules, type assessmentsWaiting, type versions } from '../db/rules'
import type { DraftRow } from './rows'

type VersionRow = Awaited<ReturnType<ReturnType<typeof versions>['execute']>>[number]

export const builtInVersion: RuleVersion = {
  version: 0,
  body: builtInBody,
  digest: digestOfRules(builtInBody),
  ...{ since: null, reason: null, by: null, approvedBy: null },
}

export const shownVersion = (row: VersionRow): RuleVersion => ({
  version: row.version,
  body: row.body as unknown as RuleBody,
  digest: row.digest,
  since: row.approvedAt.toISOString(),
  reason: row.reason,
  by: row.by,
  approvedBy: row.approver,
})

export const shownDraft = (row: DraftRow, reader: string): RuleDraft => ({
  state: row.state as RuleDraft['state'],
  body: row.body as unknown as RuleBody,
  digest: row.digest,
  reason: row.reason,
  by: row.by,
  at: row.writtenAt.toISOString(),
  mine: row.writers.includes(reader),
  rejected: row.rejectedWhy === null ? null : { by: row.rejecter ?? '', reason: row.rejectedWhy },
})

type AssessmentRow = Awaited<ReturnType<typeof assessmentsWaiting>>[number]
export const shownAssessment = (row: AssessmentRow, reader: string): Assessment => ({
  id: row.id,
  title: row.title,
  reference: row.reference,
  until: row.until,
  by: row.by,
  at: row.recordedAt.toISOString(),
  confirmedBy: row.confirmer,
  mine: row.recordedBy === reader,
})

export const peopleIn = (bodies: readonly RuleBody[]): string[] => [
  ...new Set(bodies.flatMap((body) => [...body.duty, ...(body.default === null ? [] : [body.default])])),
]
