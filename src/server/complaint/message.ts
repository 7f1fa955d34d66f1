import { endOfChinaDay, printDay } from '../../shared/day'
import type { Language } from '../../shared/lang/fill'
import type { Audit } from '../db/act'
import { pathOfComplaint } from '../db/complaint-link'
import type { ComplaintRow } from '../db/complaint-move'
import { fillText } from '../db/filled'
import type { Tx } from '../db/open'
import { textInUse } from '../db/text'
import type { Config } from '../lib/config'

export const languageOf = (row: { language: string }): Language => (row.language === 'en' ? 'en' : 'zh-CN')

interface Desk {
  tx: Tx
  audit: Audit
  at: Date
  config: Config
}
type Row = Pick<ComplaintRow, 'number' | 'linkKey' | 'language' | 'decideBy'>

/** M6 or M7 (compliance 3.3) in the version in use, filled; `summary` is the result in one line. */
export async function complaintMessage(
  { tx, audit, at, config }: Desk,
  row: Row,
  which: 'm6' | 'm7',
  summary = '',
): Promise<string> {
  const language = languageOf(row)
  const text = await textInUse(tx, audit, at, which === 'm6' ? 'M6' : 'M7')
  return fillText(text, language, {
    number: row.number,
    department: config.COMPLAINT_DEPARTMENT,
    until: row.decideBy ? printDay(endOfChinaDay(row.decideBy), language) : '',
    url: `${config.PUBLIC_URL}${pathOfComplaint(config.SECRET, row)}`,
    result: summary,
  }).text
}
