import type { Right } from '../../shared/right'
import { dateWords } from '../lib/when'
import { t } from '../lib/words'

/** What a right lets somebody do, and where. */
export const roleWords = ({ role, departments }: Pick<Right, 'role' | 'departments'>): string =>
  departments
    ? t('workbench.rights.role_in', { role: t(`workbench.rights.role.${role}`), where: departments.join('、') })
    : t(`workbench.rights.role.${role}`)

/** Where it comes from; for a grant also who gave it and until when. */
export function sourceWords({ source, place, departments, granted, until }: Right): string {
  if (source === 'range') return t('workbench.rights.source.range')
  if (source === 'setting') return t('workbench.rights.source.setting', { setting: place })
  if (source === 'leader') return t('workbench.rights.source.leader', { where: departments?.join('、') ?? '' })
  const given = t('workbench.rights.source.grant', { by: granted?.by ?? '', at: dateWords(granted?.at ?? '') })
  return until ? `${given} · ${t('workbench.rights.until', { day: dateWords(until) })}` : given
}
