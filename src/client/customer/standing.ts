import type { Brief } from '../../shared/customer'
import { daysLeft } from '../../shared/handover'
import { UNSENT_MS } from '../../shared/notice'
import { WAIT_MS, type TransferState } from '../../shared/transfer'
import { inOrder, spanWords, timeWords } from '../lib/when'
import { t, type WordKey } from '../lib/words'

type Standing = Brief['standing']

/** Days before WeCom's year is over from which on it is said. */
const YEAR_SOON = 60
const DAY_MS = 86_400_000
const beforeTakeover: readonly TransferState[] = ['approved', 'submitted', 'waiting']

/** When WeCom takes over by itself; before it has said so, 24 hours from our own call are the best we know. */
export function takeoverEnd({ takeoverAt, submittedAt }: Standing): number | null {
  if (takeoverAt) return Date.parse(takeoverAt)
  return submittedAt ? Date.parse(submittedAt) + WAIT_MS : null
}

/** Whole days where it is more than one. */
function longWords(ms: number): string {
  const count = Math.floor(ms / DAY_MS)
  return count > 1 ? t('app.when.days', { count }) : spanWords(ms)
}

/** What runs out, in words; null: nothing does. */
export function timeLeft({ standing }: Brief, now: Date): string | null {
  const { label, transfer, settledAt, from } = standing
  if (label === 'to_tell' && settledAt) {
    const left = Date.parse(settledAt) + UNSENT_MS - now.getTime()
    return left > 0 ? t('sidebar.who.within', { span: longWords(left) }) : t('sidebar.who.overdue')
  }
  if (label === 'waiting') {
    const end = takeoverEnd(standing)
    if (end !== null && end > now.getTime()) return t('sidebar.who.waits', { span: spanWords(end - now.getTime()) })
  }
  if (from.gone && from.leftAt && beforeTakeover.includes(transfer)) {
    const count = daysLeft(from.leftAt, now)
    if (count < YEAR_SOON) return t('sidebar.who.year', { count })
  }
  return null
}

/** The last of what is known of every handover, for whom the history is still closed. */
export function lastStep({ answeredAt, openedAt, sentAt, settledAt, submittedAt, notice }: Standing): string {
  const steps: [string | null, WordKey][] = [
    [answeredAt, notice === 'objected' ? 'sidebar.choice.objected' : 'sidebar.choice.answered'],
    [openedAt, 'sidebar.choice.opened'],
    [sentAt, 'sidebar.choice.sent'],
    [settledAt, 'sidebar.choice.settled'],
    [submittedAt, 'sidebar.choice.submitted'],
  ]
  const last = steps.flatMap(([at, key]) => (at ? [{ at, key }] : [])).sort((a, b) => inOrder(b.at, a.at))[0]
  return last ? t('sidebar.who.last', { what: t(last.key, { time: timeWords(last.at) }) }) : ''
}
