import { endOfChinaDay, printDay } from '../../shared/day'
import { fill, type Language } from '../../shared/lang/fill'
import { message as en } from '../../shared/lang/en/message'
import { message as zh } from '../../shared/lang/zh-CN/message'
import { pathOfComplaint } from '../db/complaint-link'
import type { ComplaintRow } from '../db/complaint-move'
import type { Config } from '../lib/config'

const messages = { 'zh-CN': zh, en }
export const languageOf = (row: { language: string }): Language => (row.language === 'en' ? 'en' : 'zh-CN')

type Row = Pick<ComplaintRow, 'number' | 'linkKey' | 'language' | 'decideBy'>

/** M6 or M7 (compliance 3.3), filled; `summary` is the result in one line. */
export function complaintMessage(config: Config, row: Row, which: 'm6' | 'm7', summary = ''): string {
  const language = languageOf(row)
  return fill(messages[language][which], {
    number: row.number,
    department: config.COMPLAINT_DEPARTMENT,
    until: row.decideBy ? printDay(endOfChinaDay(row.decideBy), language) : '',
    url: `${config.PUBLIC_URL}${pathOfComplaint(config.SECRET, row)}`,
    result: summary,
  })
}
