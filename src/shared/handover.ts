import { DOUBT_MS, UNANSWERED_MS, YEAR_MS, type TransferState } from './transfer'
import { isNotified, type NoticeState } from './notice'
import type { Consents, Stage } from './access'

/** What a person sees of a handover: derived from the independent machines, never stored (compliance 5.4). */
export const labels = [
  'to_assign',
  'to_submit',
  'to_approve',
  'to_send',
  'settling',
  'checking',
  'waiting',
  'unconfirmed',
  'to_tell',
  'not_reached',
  'tell_again',
  'told',
  'asked',
  'agreed',
  'declined',
  'guardian',
  'no_basis',
  'wants_other',
  'refused',
  'full',
  'failed',
  'too_late',
  'cancelled',
  'elsewhere',
] as const
export type Label = (typeof labels)[number]

export interface Standing {
  transfer: TransferState
  notice: NoticeState
  objectionOpen: boolean
  /** When a call to WeCom was made whose answer is not known (ISO). */
  calledAt: string | null
  /** When WeCom takes over by itself (ISO), if it said so. */
  takeoverAt: string | null
  submittedAt: string | null
  /** What the customer said about what was asked; absent for whoever sees nothing of it. */
  choice?: Choice
  /** A child under 14 who is closed: no guardian has agreed, or nobody has approved this colleague. */
  guarded?: boolean
  /** No legal basis is on record for customers of this kind now. */
  baseless?: boolean
}
/** Of all that was asked: something is open, something was agreed to, everything was refused. */
export type Choice = 'asked' | 'agreed' | 'declined' | null

export function labelOf(s: Standing, now: Date): Label {
  if (s.objectionOpen) return 'wants_other'
  switch (s.transfer) {
    case 'unassigned':
      return 'to_assign'
    case 'planned':
      return 'to_submit'
    case 'pending_approval':
      return 'to_approve'
    case 'approved':
      if (!s.calledAt) return 'to_send'
      return now.getTime() - Date.parse(s.calledAt) > UNANSWERED_MS ? 'checking' : 'settling'
    case 'submitted':
    case 'waiting':
      return s.submittedAt && now.getTime() - Date.parse(s.submittedAt) > DOUBT_MS ? 'unconfirmed' : 'waiting'
    case 'taken_over':
      return noticeLabel(s.notice) ?? (s.guarded ? 'guardian' : s.baseless ? 'no_basis' : (s.choice ?? 'told'))
    case 'refused':
      return 'refused'
    case 'successor_limit':
      return 'full'
    case 'failed':
      return 'failed'
    case 'expired':
      return 'too_late'
    case 'cancelled':
      return 'cancelled'
    case 'elsewhere':
      return 'elsewhere'
  }
}

/** What is still to be said to the customer; null: nothing is. */
function noticeLabel(notice: NoticeState): Label | null {
  if (notice === 'unreachable' || notice === 'alt_channel') return 'not_reached'
  if (notice === 'changed') return 'tell_again'
  return isNotified(notice) ? null : 'to_tell'
}

/** The stage that the access table is asked with (compliance 6.2). `consents`: what the customer answered about purposes. */
export function stageOf(
  s: Pick<Standing, 'transfer' | 'notice' | 'objectionOpen' | 'guarded' | 'baseless'>,
  consents: Consents = {},
): Stage {
  if (s.objectionOpen || s.transfer === 'refused') return 'VO'
  const coming = s.transfer === 'approved' || s.transfer === 'submitted' || s.transfer === 'waiting'
  if (s.guarded && (coming || s.transfer === 'taken_over')) return 'VG'
  if (s.transfer === 'taken_over') return !isNotified(s.notice) ? 'V1' : s.baseless ? 'VB' : consented(consents)
  if (coming) return 'V1'
  if (s.transfer === 'expired' || s.transfer === 'cancelled' || s.transfer === 'elsewhere') return 'VX'
  return 'V0'
}

/** One purpose given opens V3, and there each class asks for its own; a refusal closes nothing but its purpose. */
function consented(consents: Consents): Stage {
  const answers = Object.values(consents)
  if (answers.includes('given')) return 'V3'
  return answers.length ? 'VR' : 'V2'
}

/** Labels a manager must act on, worst first. */
export const exceptions: readonly Label[] = [
  'wants_other',
  'refused',
  'full',
  'failed',
  'unconfirmed',
  'checking',
  'too_late',
  'elsewhere',
  'not_reached',
]

/** Whole days, never negative. */
export const daysBetween = (from: string, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - Date.parse(from)) / 86_400_000))

/** Days until WeCom refuses to transfer a leaver's customers; shown when under 60. */
export const daysLeft = (leftAt: string, now: Date): number =>
  Math.max(0, Math.ceil((Date.parse(leftAt) + YEAR_MS - now.getTime()) / 86_400_000))
