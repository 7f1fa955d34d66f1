import { groupLabels, type GroupLabel, type GroupRow } from '../../shared/group'
import { timeWords } from '../lib/when'
import { t } from '../lib/words'
import { errcodeWords } from '../ui/errcode'
import type { Tone } from '../ui/StatePill.vue'

/** What a person must see first stands first; what is over, last. */
const order: readonly GroupLabel[] = [
  'person',
  'failed',
  'checking',
  'to_assign',
  'elsewhere',
  'to_submit',
  'to_approve',
]
const place = (label: GroupLabel): number =>
  order.includes(label) ? order.indexOf(label) : order.length + (label === 'moved' ? 1 : 0)

export const sortGroups = (groups: readonly GroupRow[]): GroupRow[] =>
  [...groups].sort((a, b) => place(a.label) - place(b.label))

const tones: Partial<Record<GroupLabel, Tone>> = {
  to_approve: 'amber',
  person: 'amber',
  failed: 'amber',
  checking: 'amber',
  to_send: 'blue',
  tomorrow: 'blue',
  later: 'blue',
  inheriting: 'blue',
  running: 'blue',
  moved: 'green',
}
export const groupTone = (label: GroupLabel): Tone => tones[label] ?? 'grey'

/** What is known beside the state: why, whose turn it is, when it goes on. */
export function groupNote({ label, errcode, nextTryAt, owner }: GroupRow): string | null {
  const why = errcode === null ? null : errcodeWords(errcode)
  switch (label) {
    case 'later':
      return [why, nextTryAt && t('workbench.group.again', { time: timeWords(nextTryAt) })].filter(Boolean).join(' · ')
    case 'failed':
      return why ?? t('workbench.group.stayed')
    case 'elsewhere':
      return owner ? t('workbench.group.owner', { name: owner }) : t('workbench.group.owner_unknown')
    case 'person':
    case 'checking':
    case 'no_group':
      return t(`workbench.group.note.${label}`)
    default:
      return null
  }
}

/** How many of the groups stand where, only what there is. */
export const countGroups = (groups: readonly GroupRow[]): { label: GroupLabel; count: number }[] =>
  groupLabels
    .map((label) => ({ label, count: groups.filter((g) => g.label === label).length }))
    .filter(({ count }) => count > 0)
