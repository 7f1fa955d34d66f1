import { cleanText, wallClock, type Cell } from './cell'

/** Where a program that cuts at other signs than ours would begin a new cell. */
const CUTS = /([\n\t;])/
/** A quote of ours, or what begins a formula: blanks, quotes and invisible signs before it do not make it harmless. */
const ACTIVE =
  /^(?:'|[\s\p{Cf}"\u2018\u2019\u201c\u201d]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\ufffd])/u

/** Every other one of these is a sign to cut at; the rest are beginnings. */
const pieces = (text: string, change: (piece: string, first: boolean) => string) =>
  text
    .split(CUTS)
    .map((piece, i) => (i % 2 ? piece : change(piece, i === 0)))
    .join('')

/**
 * Nothing in a text can start a formula, in Excel, WPS, LibreOffice or by DDE: at the beginning, and after each line end,
 * TAB and `;`, a `'` stands before what could, and before a `'` that was there; also before a text that begins with a line
 * end or TAB. Who reads the file back takes one `'` away at each of these places (`unguard`).
 */
export const guard = (text: string): string =>
  pieces(text, (piece, first) => (ACTIVE.test(piece) || (first && /^[\n\t]/.test(text)) ? `'${piece}` : piece))

/** The documented way back: `unguard(guard(text)) === text`. */
export const unguard = (text: string): string => pieces(text, (piece) => piece.replace(/^'/, ''))

const field = (cell: Cell): string => {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = cell instanceof Date ? wallClock(cell) : guard(cleanText(cell))
  return /[",;\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180 with CRLF; the BOM tells Excel that it is UTF-8. */
export const csv = (rows: readonly (readonly Cell[])[]): Buffer =>
  Buffer.from(`\ufeff${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`, 'utf8')
