import type { Brief } from '../../shared/customer'
import { t } from '../lib/words'

/** Why a section is closed at this stage, and how much waits behind it. */
export function closedWords(
  what: 'history' | 'left' | 'groups' | 'promises',
  { stage, standing, waiting }: Brief,
): string {
  if (stage === 'VO') return t('sidebar.closed.objection')
  if (stage === 'VG') return t('sidebar.closed.guardian')
  if (stage === 'VB') return t('sidebar.closed.basis')
  if (stage === 'VX') return t('sidebar.closed.over')
  if (standing.label !== 'to_tell' && standing.label !== 'not_reached') return t('sidebar.closed.later')
  if (what === 'left' || what === 'groups') return t(`sidebar.closed.${what}`)
  const count = waiting[what]
  if (what === 'promises') return count ? t('sidebar.closed.promises', { count }) : t('sidebar.closed.promises_none')
  return count ? t('sidebar.closed.history', { count }) : t('sidebar.closed.history_none')
}
