import {
  customerFields,
  memberFields,
  readFact,
  type CustomerField,
  type FactValue,
  type Kind,
  type MemberField,
} from './fact'
import { bannedIn, type Ban } from './factban'

/** A file of facts: its first line says what stands where, each line after it is one colleague or one customer. */
export const abouts = ['members', 'customers'] as const
export type About = (typeof abouts)[number]
export type Field = MemberField | CustomerField

/** What the server takes at once (server/lib/headers.ts): bigger files are read in parts. */
export const FILE_MAX = 80_000
export const ROWS_MAX = 2_000

export type FileProblem = 'empty' | 'quote' | 'no_key' | 'banned' | 'column_twice' | 'no_column' | 'too_many'
export type CellProblem = 'formula' | 'unreadable' | 'short' | 'key' | 'twice' | 'unknown' | 'own' | 'member'

/** Cells by RFC 4180, a line end by any system, with or without a byte order mark; blank lines are none. */
export function readCsv(text: string): { lines: { line: number; cells: string[] }[] } | { quote: number } {
  const given = text.replace(/^\ufeff/, '')
  const between = separatorOf(given)
  const lines: { line: number; cells: string[] }[] = []
  let [at, line] = [0, 1]
  while (at < given.length) {
    const begun = line
    const cells: string[] = []
    for (;;) {
      let cell = ''
      if (given[at] === '"') {
        for (at++; ; at++) {
          if (at >= given.length) return { quote: begun }
          if (given[at] === '\n') line++
          if (given[at] !== '"') cell += given[at]
          else if (given[at + 1] === '"') cell += given[at++]
          else break
        }
        at++
        if (at < given.length && given[at] !== between && given[at] !== '\r' && given[at] !== '\n')
          return { quote: begun }
      } else
        while (at < given.length && given[at] !== between && given[at] !== '\r' && given[at] !== '\n')
          cell += given[at++]
      cells.push(cell)
      if (given[at] !== between) break
      at++
    }
    if (given[at] === '\r') at++
    if (given[at] === '\n') at++
    line++
    if (cells.some((cell) => cell.trim())) lines.push({ line: begun, cells })
  }
  return { lines }
}

/** Spreadsheets write what their country separates with. */
function separatorOf(text: string): string {
  const head = text.split(/\r|\n/, 1)[0] ?? ''
  return head.includes(',') ? ',' : head.includes('\t') ? '\t' : head.includes(';') ? ';' : ','
}

/** What columns are called, beside the field's own name. */
const called: Record<Field, readonly string[]> = {
  region: ['地区', '区域'],
  industry: ['行业'],
  language: ['语言'],
  times: ['方便时间', '可联系时间', '时间'],
  contacts: ['联系方式', '擅长方式'],
  contact: ['偏好方式', '联系方式'],
  capacity: ['接待上限', '上限'],
  entity: ['签约主体', '公司主体', '主体'],
  joined: ['入职日期', '入职'],
  contribution: ['贡献度', '贡献'],
  performance: ['服务表现', '绩效', '表现'],
  cases: ['案例数', '服务数'],
  trained_until: ['培训有效期', '培训有效至'],
  leave: ['请假', '休假'],
  minors: ['可服务未成年人', '未成年人'],
  real_name: ['实名', '已实名'],
  last_login: ['最近登录', '上次登录'],
  tier: ['客户等级', '等级'],
  wants: ['指定成员', '希望由'],
  relatives: ['亲属成员', '亲属'],
  unscored: ['不按评分', '不按评分安排'],
}
const keys: Record<About, readonly string[]> = {
  members: ['账号', '成员账号', 'userid'],
  customers: ['客户编号', '外部联系人id', 'customer', 'external_userid'],
}
/** For people who read the file, not for us. */
const names = ['姓名', '名称', '成员', '客户', 'name', 'title', '公司', 'company', '备注', 'note']

const head = (text: string): string => text.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, '_')

/** A first line for whoever begins a file, in Chinese or in our own names. */
export const headOf = (about: About, chinese: boolean): string =>
  [
    chinese ? keys[about][0] : keys[about].at(-1),
    ...Object.keys(fieldsOf(about)).map((field) => (chinese ? called[field as Field][0] : field)),
  ].join(',')

export const fieldsOf = (about: About): Record<string, Kind> => (about === 'members' ? memberFields : customerFields)

/** One cell as it stands in the file. */
export interface Said {
  line: number
  field: Field
  value: FactValue
}
interface CellError {
  line: number
  /** The column's own words; null: the whole line. */
  column: string | null
  problem: CellProblem
}
export interface ReadFile {
  /** Key (账号, customer) → what the file says of them. */
  rows: { line: number; key: string; said: Said[] }[]
  errors: CellError[]
  columns: Field[]
  /** Columns that say nothing to us. */
  ignored: string[]
}
interface WholeError {
  problem: FileProblem
  /** The column or line it is about. */
  at: string
  ban?: Ban
}

/** Reads a whole file, or says why not a line of it can be taken; a column that must decide nothing refuses all of it. */
export function readFacts(about: About, text: string, proxies: readonly string[] = []): ReadFile | WholeError {
  const csv = readCsv(text)
  if ('quote' in csv) return { problem: 'quote', at: String(csv.quote) }
  const [first, ...lines] = csv.lines
  if (!first || !lines.length) return { problem: 'empty', at: '' }
  if (lines.length > ROWS_MAX) return { problem: 'too_many', at: String(lines.length) }
  for (const column of first.cells) {
    const ban = bannedIn(column, proxies)
    if (ban) return { problem: 'banned', at: column.trim().slice(0, 40), ban }
  }
  const columns = first.cells.map((column) => columnOf(about, column))
  if (!columns.includes('key')) return { problem: 'no_key', at: keys[about].slice(0, 2).join(' / ') }
  const twice = columns.find((c, i) => c !== 'ignored' && columns.indexOf(c) !== i)
  if (twice) return { problem: 'column_twice', at: first.cells[columns.lastIndexOf(twice)]!.trim() }
  const fields = columns.filter((c): c is Field => c !== 'key' && c !== 'ignored')
  if (!fields.length) return { problem: 'no_column', at: '' }
  const ignored = first.cells.filter((c, i) => columns[i] === 'ignored' && c.trim() && !names.includes(head(c)))
  return { ...readLines(about, first.cells, columns, lines), columns: fields, ignored: ignored.map((c) => c.trim()) }
}

type Column = Field | 'key' | 'ignored'
function columnOf(about: About, text: string): Column {
  const name = head(text)
  if (keys[about].includes(name)) return 'key'
  const found = Object.keys(fieldsOf(about)).find((f) => f === name || called[f as Field].includes(name))
  return (found as Field | undefined) ?? 'ignored'
}

function readLines(
  about: About,
  heads: readonly string[],
  columns: readonly Column[],
  lines: readonly { line: number; cells: string[] }[],
): Pick<ReadFile, 'rows' | 'errors'> {
  const rows: ReadFile['rows'] = []
  const errors: CellError[] = []
  const seen = new Set<string>()
  for (const { line, cells } of lines) {
    const found: CellError[] = []
    const said: Said[] = []
    const key = keyIn(about, cells[columns.indexOf('key')] ?? '')
    if (cells.length !== columns.length) found.push({ line, column: null, problem: 'short' })
    else if (!key) found.push({ line, column: heads[columns.indexOf('key')]!.trim(), problem: 'key' })
    else if (seen.has(key)) found.push({ line, column: null, problem: 'twice' })
    else
      for (const [i, field] of columns.entries()) {
        const cell = cells[i]!.trim()
        // An empty cell says nothing, and takes nothing away.
        if (field === 'key' || field === 'ignored' || !cell) continue
        const value = isFormula(cell) ? null : readFact(fieldsOf(about)[field]!, cell)
        if (value === null)
          found.push({ line, column: heads[i]!.trim(), problem: isFormula(cell) ? 'formula' : 'unreadable' })
        else said.push({ line, field, value })
      }
    if (key) seen.add(key)
    errors.push(...found)
    if (!found.length && key) rows.push({ line, key, said })
  }
  return { rows, errors }
}

/** What a spreadsheet would run when the value is exported again (OWASP: CSV injection). */
const isFormula = (cell: string): boolean => /^[=+\-@\t\r]/.test(cell.normalize('NFKC'))

function keyIn(about: About, cell: string): string | null {
  const key = cell.trim()
  if (!/^[\w@.-]{1,64}$/.test(key) || isFormula(key)) return null
  return about === 'members' ? key.toLowerCase() : key
}
