import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { cleanText } from '../../src/server/export/cell'
import { csv, guard } from '../../src/server/export/csv'
import { xlsx } from '../../src/server/export/xlsx'
import { cell } from '../support/cells'
import { payloads } from '../support/payloads'

/**
 * Our files, opened by a real office program (Q38): no formula, no cell that reads other than what was put in. Needs
 * LibreOffice Calc (`soffice`), which no test may ask a machine for; SOFFICE names it where it is not in the path.
 */
const CELLS = Number(process.env['RUNS'] ?? 2000)

export function measure() {
  const folder = mkdtempSync(join(tmpdir(), 'jiebang-office-'))
  try {
    const texts = [
      ...fc.sample(cell, { numRuns: CELLS, seed: 7 }),
      ...payloads(CELLS / 2),
      '王建国，采购部',
      '𠮷野家 😀',
    ]
    const rows = [['列', '末'], ...texts.map((text) => [text, '.'])]
    writeFileSync(join(folder, 'x.xlsx'), xlsx(rows, '导出'))
    writeFileSync(join(folder, 'c.csv'), csv(rows))
    const fromXlsx = opened(folder, 'x.xlsx')
    const fromCsv = opened(folder, 'c.csv', ['--infilter=CSV:44,34,76,1,,0,false,true'])
    const wanted = texts.map((text) => flat(cleanText(text)))
    const [other, otherCsv] = [
      differing(fromXlsx.cells, wanted),
      differing(
        fromCsv.cells,
        texts.map((text) => flat(guard(cleanText(text)))),
      ),
    ]
    for (const pair of [...other.slice(0, 5), ...otherCsv.slice(0, 5)])
      process.stderr.write(`${JSON.stringify(pair)}\n`)
    const figures = {
      cells: texts.length,
      formulasXlsx: fromXlsx.formulas,
      formulasCsv: fromCsv.formulas,
      differingXlsx: other.length,
      differingCsv: otherCsv.length,
    }
    return {
      rows: [
        ['cells', figures.cells],
        ['formulas in the opened XLSX', figures.formulasXlsx, 'aim 0'],
        ['formulas in the opened CSV', figures.formulasCsv, 'aim 0'],
        ['cells that read otherwise, XLSX', figures.differingXlsx, 'aim 0'],
        ['cells that read otherwise, CSV', figures.differingCsv, 'aim 0'],
      ],
      figures,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Opened {
  cells: string[]
  formulas: number
}

function opened(folder: string, name: string, filter: string[] = []): Opened {
  const convert = (to: string) =>
    execFileSync(
      process.env['SOFFICE'] ?? 'soffice',
      [
        `-env:UserInstallation=file://${folder}/profile`,
        '--headless',
        ...filter,
        '--convert-to',
        to,
        '--outdir',
        join(folder, 'out'),
        join(folder, name),
      ],
      { stdio: 'ignore', timeout: 180_000 },
    )
  convert('fods')
  const base = name.replace(/\.\w+$/, '')
  const fods = readFileSync(join(folder, 'out', `${base}.fods`), 'utf8')
  return { cells: columnOf(fods), formulas: fods.split('table:formula=').length - 1 }
}

/** The texts of the first column, below its head, as LibreOffice's own file has them. */
function columnOf(fods: string): string[] {
  const texts: string[] = []
  for (const [, attributes = '', body = ''] of fods.matchAll(
    /<table:table-row([^>]*)>([\s\S]*?)<\/table:table-row>/g,
  )) {
    const first = /<table:table-cell([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/.exec(body)
    const repeated = Number(/number-rows-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1)
    for (let i = 0; i < Math.min(repeated, 1000); i++) texts.push(plain(first?.[2] ?? ''))
  }
  return texts.slice(1)
}

const plain = (xml: string): string =>
  flat(decoded(xml.replace(/<text:(s|tab|line-break)[^>]*>/g, ' ').replace(/<[^>]*>/g, '')))
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const decoded = (xml: string): string =>
  xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, dec?: string, name = '') =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : (named[name] ?? all),
  )
/** ODF folds blanks and line ends of its own accord: compared are the signs one sees. */
const flat = (text: string): string => text.replace(/\s+/g, '')

const differing = (got: readonly string[], wanted: readonly string[]): [string, string | undefined][] =>
  wanted.flatMap((text, i): [string, string | undefined][] => (got[i] === text ? [] : [[text, got[i]]]))
