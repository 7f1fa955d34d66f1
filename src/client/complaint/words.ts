import type { ComplaintDetail, ComplaintRow } from '../../shared/complaintdesk'
import { dateWords } from '../lib/when'
import { t } from '../lib/words'

/** What is due by which day; that it is late is said, not only shown. */
export function dueWords({ what, by, late }: NonNullable<ComplaintRow['next']>): string {
  const words = t(`workbench.complaints.due.${what}`, { day: dateWords(by) })
  return late ? `${t('workbench.complaints.late')} · ${words}` : words
}

export function ownerWords({ owner }: Pick<ComplaintRow, 'owner'>): string {
  if (!owner) return t('workbench.complaints.owner_none')
  return owner.me ? t('workbench.complaints.owner_me') : t('workbench.complaints.owner', { name: owner.name })
}

/** Which working day it is since it came in. What comes in on a day off waits for the first one. */
export const dayWords = ({ day }: Pick<ComplaintRow, 'day'>): string =>
  day > 0 ? t('workbench.complaints.day', { day }) : t('workbench.complaints.day_none')

/** What comes next, and whose turn it is. */
export function nextStep(c: ComplaintDetail): { what: string; who: string } {
  const last = c.decisions.at(-1)
  if (last?.state === 'proposed')
    return {
      what: t('workbench.complaint.step.proposed'),
      who: t('workbench.complaint.who_second', { name: last.by }),
    }
  const what = t(`workbench.complaint.step.${c.state}`)
  if (c.state === 'closed') return { what, who: '' }
  if (c.state === 'pending_customer' || c.state === 'result_informed')
    return { what, who: t('workbench.complaint.who_customer') }
  if (!c.owner || ['received', 'acknowledged', 'reopened'].includes(c.state))
    return { what, who: t('workbench.complaint.who_anyone') }
  const who = c.owner.me ? t('workbench.complaint.who_me') : t('workbench.complaint.who_owner', { name: c.owner.name })
  return { what, who }
}
