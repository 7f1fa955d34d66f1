import { createHash } from 'node:crypto'
import type { Rules } from '../../shared/allocation'
import { canonical } from '../../shared/canonical'
import { chinaDay } from '../../shared/day'
import { builtInBody, rulesOf, type RuleBody } from '../../shared/rule'
import type { Db } from './open'

export const digestOfRules = (body: RuleBody): string => createHash('sha256').update(canonical(body)).digest('hex')

/** The version in use at this moment; the one that came with the product until the company has approved its own. */
export async function rulesInUse(db: Db, now: Date): Promise<Rules> {
  const latest = await latestVersion(db)
  const assessed = (await assessmentNow(db, now)) !== undefined
  return rulesOf(latest?.version ?? 0, latest ? (latest.body as unknown as RuleBody) : builtInBody, assessed)
}

/** With who wrote it and who approved it. */
export const versions = (db: Db) =>
  db
    .selectFrom('ruleVersion')
    .innerJoin('member as writer', 'writer.id', 'ruleVersion.writtenBy')
    .innerJoin('member as approver', 'approver.id', 'ruleVersion.approvedBy')
    .selectAll('ruleVersion')
    .select(['writer.name as by', 'approver.name as approver'])
    .orderBy('version', 'desc')

const latestVersion = (db: Db) => versions(db).limit(1).executeTakeFirst()

/** Impact assessments that are not over, the longest first. */
const assessments = (db: Db, now: Date) =>
  db
    .selectFrom('impactAssessment')
    .innerJoin('member', 'member.id', 'impactAssessment.recordedBy')
    .leftJoin('member as confirmer', 'confirmer.id', 'impactAssessment.confirmedBy')
    .selectAll('impactAssessment')
    .select(['member.name as by', 'confirmer.name as confirmer'])
    .where('endedAt', 'is', null)
    .where('until', '>=', chinaDay(now))
    .orderBy('until', 'desc')

/** The one that holds today, if one does: a second person has confirmed it. */
export const assessmentNow = (db: Db, now: Date) =>
  assessments(db, now).where('confirmedAt', 'is not', null).limit(1).executeTakeFirst()

/** Written down, and nobody else has confirmed it. */
export const assessmentsWaiting = (db: Db, now: Date) => assessments(db, now).where('confirmedAt', 'is', null).execute()
