import { createHmac } from 'node:crypto'
import type { ExportField, Format } from '../../shared/export'
import type { Label } from '../../shared/handover'
import type { Language } from '../../shared/lang/fill'
import { app as appEn } from '../../shared/lang/en/app'
import { sheet as sheetEn } from '../../shared/lang/en/sheet'
import { workbench as en } from '../../shared/lang/en/workbench'
import { app as appZh } from '../../shared/lang/zh-CN/app'
import { sheet as sheetZh } from '../../shared/lang/zh-CN/sheet'
import { workbench as zh } from '../../shared/lang/zh-CN/workbench'
import { wallClock, type Cell } from './cell'
import type { Row } from './content'
import { csv } from './csv'
import { xlsx } from './xlsx'

const texts = {
  'zh-CN': { ...sheetZh, label: appZh.label, field: zh.export.field },
  en: { ...sheetEn, label: appEn.label, field: en.export.field },
}
export type About = { number: string; by: string; at: Date; language: Language; format: Format }

/** The file: a head, one line a row, and at the end of each whose file it is, so that a cut piece still says so. */
export function fileOf(fields: readonly ExportField[], rows: readonly Row[], about: About): Buffer {
  const words = texts[about.language]
  const mark = `${about.by} ${wallClock(about.at)} ${about.number}`
  const lines: Cell[][] = [
    [...fields.map((field) => words.field[field]), words.mark],
    ...rows.map(({ cells }) => [...cells.map((cell, i) => worded(words, fields[i], cell)), mark]),
  ]
  return about.format === 'csv' ? csv(lines) : xlsx(lines, words.sheet)
}

/** What stands in the database as a code is printed as people read it elsewhere. */
function worded(words: (typeof texts)[Language], field: ExportField | undefined, cell: Cell): Cell {
  if (field === 'state') return words.label[cell as Label] ?? cell
  if (field === 'customer_kind') return words.customer_kind[cell as keyof typeof words.customer_kind] ?? cell
  return cell
}

/**
 * An order of the rows that is this file's own, and that only who has the server's secret can compute again: with two
 * files of the same rows one can say which of them a copy came from.
 */
export const markedOrder = (rows: readonly Row[], secret: string, exportId: string): Row[] =>
  rows
    .map((row) => ({ row, rank: createHmac('sha256', secret).update(`${exportId} ${row.key}`).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ row }) => row)

/** RFC 6266: an ASCII name for old readers, the real one in UTF-8 (RFC 8187). */
export function disposition(name: string, ascii: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

export const fileName = (number: string, at: Date, language: Language, format: Format): [string, string] => {
  const day = wallClock(at).slice(0, 10)
  return [`${texts[language].file_name}_${day}_${number}.${format}`, `export_${day}_${number}.${format}`]
}
