import type { Brief } from '../../shared/customer'
import { dateWords, daysUntil, dueWords, spanWords, timeWords } from '../lib/when'
import { t } from '../lib/words'
import { takeoverEnd } from './standing'

/** The one thing to do next and why; `act` is what the primary button does, absent when there is nothing to do. */
export interface NextStep {
  title: string
  why: string
  act?: 'tell' | 'promise' | 'refresh' | 'choice'
}

export function nextStep(brief: Brief, now: Date): NextStep {
  const { standing } = brief
  switch (standing.label) {
    case 'to_tell':
      return { title: t('sidebar.next.to_tell'), why: t('sidebar.next.to_tell_why'), act: 'tell' }
    case 'not_reached':
      return {
        title: standing.undelivered
          ? t(`sidebar.next.undelivered.${standing.undelivered}`)
          : t('sidebar.next.not_reached'),
        why: t('sidebar.next.not_reached_why'),
        act: 'tell',
      }
    case 'tell_again':
      return { title: t('sidebar.next.tell_again'), why: t('sidebar.next.tell_again_why'), act: 'tell' }
    case 'told':
    case 'asked':
    case 'agreed':
    case 'declined':
      return serve(brief, now)
    case 'guardian':
      return { title: t('sidebar.next.guardian'), why: t('sidebar.next.guardian_why'), act: 'choice' }
    case 'no_basis':
      return { title: t('sidebar.next.no_basis'), why: t('sidebar.next.no_basis_why') }
    case 'waiting':
      return { title: waiting(brief, now), why: t('sidebar.next.waiting_why'), act: 'refresh' }
    case 'unconfirmed':
    case 'settling':
    case 'checking':
      return {
        title: t(`sidebar.next.${standing.label}`),
        why: t(`sidebar.next.${standing.label}_why`),
        act: 'refresh',
      }
    case 'wants_other':
      return {
        title: t('sidebar.next.wants_other'),
        why: standing.wish?.text
          ? t('sidebar.next.wants_other_said', { text: standing.wish.text })
          : t('sidebar.next.wants_other_why'),
      }
    case 'refused':
    case 'full':
      return { title: t(`sidebar.next.${standing.label}`), why: t(`sidebar.next.${standing.label}_why`) }
    case 'failed':
      return {
        title: t('sidebar.next.failed'),
        why: standing.errcode
          ? t('sidebar.next.failed_why', { errcode: standing.errcode })
          : t('sidebar.next.failed_why_plain'),
      }
    case 'to_assign':
    case 'to_submit':
    case 'to_approve':
    case 'to_send':
      return { title: t('sidebar.next.not_started'), why: t('sidebar.next.not_started_why') }
    case 'too_late':
    case 'cancelled':
    case 'elsewhere':
      return { title: t('sidebar.next.over'), why: t('sidebar.next.over_why') }
  }
}

/** Once told, an open promise that is due comes first; else the customer's own reaction to the notice. */
function serve({ standing, promises = [] }: Brief, now: Date): NextStep {
  const due = promises.flatMap((p) => (p.due && !p.keptAt && daysUntil(p.due, now) <= 2 ? [p.due] : [])).sort()[0]
  if (due)
    return {
      title: t('sidebar.next.to_promise'),
      why: t('sidebar.next.to_promise_why', { due: dueWords(due, now) }),
      act: 'promise',
    }
  const title =
    standing.notice === 'acknowledged'
      ? t('sidebar.next.told_acknowledged')
      : standing.notice === 'opened'
        ? t('sidebar.next.told_opened')
        : standing.notice === 'no_response'
          ? t('sidebar.next.told_silent')
          : t('sidebar.next.told', {
              time: standing.sentAt ? timeWords(standing.sentAt, now) : dateWords(now.toISOString()),
            })
  return { title, why: t('sidebar.next.serve_why'), act: 'promise' }
}

function waiting({ standing }: Brief, now: Date): string {
  const end = takeoverEnd(standing)
  return end === null || end <= now.getTime()
    ? t('sidebar.next.waiting_any')
    : t('sidebar.next.waiting', { span: spanWords(end - now.getTime()) })
}
