import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { cleanText, MOST_LETTERS, wallClock } from '../../src/server/export/cell'
import { csv, guard, unguard } from '../../src/server/export/csv'
import { disposition } from '../../src/server/export/sheet'
import { xlsx } from '../../src/server/export/xlsx'
import { cell, nasty } from '../support/cells'
import { readCsv } from '../support/rfc4180'

/** Cells: 20,000 in all in CI, more by RUNS. */
const RUNS = Number(process.env['RUNS'] ?? 200)
const CELLS = 100

const cells = fc.array(cell, { minLength: CELLS, maxLength: CELLS })

/** What Excel, WPS and LibreOffice take for the beginning of a formula, after whatever they skip; asked of each place where some reader may begin a cell. */
const ACTIVE = /^[\s\p{Cf}"\u201c\u201d\u2018\u2019]*[=+\-@＝＋－＠﹦﹢﹣﹫\u2212]/u
const starts = (text: string) => [text, ...text.split(/[\t\r\n;]/)]

describe('CSV (Q38)', () => {
  it('is UTF-8 with BOM and CRLF, reads back to the same values by the documented rule, and no cell can start a formula', () => {
    fc.assert(
      fc.property(cells, (values) => {
        const rows = Array.from({ length: 10 }, (_, r) => values.slice(r * 10, r * 10 + 10))
        const bytes = csv(rows)
        expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
        const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
        const read = readCsv(text)
        expect(read.map((row) => row.map(unguard))).toEqual(rows.map((row) => row.map(cleanText)))
        for (const written of read.flat()) for (const start of starts(written)) expect(ACTIVE.test(start)).toBe(false)
        for (const line of text.split(/\r\n|\n|\t|;/)) expect(ACTIVE.test(line.replace(/^\ufeff/, ''))).toBe(false)
      }),
      { numRuns: RUNS },
    )
  })

  it('guards and gives back every text, also its own quotes', () => {
    fc.assert(
      fc.property(cell, (text) => unguard(guard(text)) === text),
      { numRuns: RUNS * 5, examples: nasty.map((text) => [text]) },
    )
    expect([guard('=1+1'), guard('  ＝1'), guard("'a"), guard('王建国'), guard('a;=1'), guard('\nx')]).toEqual([
      "'=1+1",
      "'  ＝1",
      "''a",
      '王建国',
      "a;'=1",
      "'\nx",
    ])
  })

  it('prints numbers and Beijing time plainly, an empty cell for nothing', () => {
    const at = new Date('2026-11-30T16:05:00Z')
    expect(csv([[1, at, null, 'a,b', 'x"y']]).toString()).toBe('\ufeff1,2026-12-01 00:05,,"a,b","x""y"\r\n')
    expect(wallClock(at)).toBe('2026-12-01 00:05')
  })
})

describe('text in cells (Q38)', () => {
  it('is NFC, without lone surrogates and control characters, and ends where Excel’s cell ends', () => {
    expect(cleanText('e\u0301')).toBe('é')
    expect(cleanText('a\ud800b\0c\r\nd\re')).toBe('a\ufffdb\ufffdc\nd\ne')
    const long = cleanText(`${'王'.repeat(MOST_LETTERS - 2)}😀尾`)
    expect(long.length).toBeLessThanOrEqual(MOST_LETTERS)
    expect(long.endsWith('王…')).toBe(true)
    expect(cleanText('王'.repeat(MOST_LETTERS))).toHaveLength(MOST_LETTERS)
  })
})

/** The files of a ZIP, by its central directory; sizes and checksums must be what they say. */
function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  const files = new Map<string, string>()
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    expect(bytes.readUInt32LE(at)).toBe(0x02014b50)
    const [packed, raw, nameLength] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
    ]
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString()
    const local = bytes.readUInt32LE(at + 42)
    expect(bytes.readUInt32LE(local)).toBe(0x04034b50)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const text = inflateRawSync(bytes.subarray(from, from + packed))
    expect(text.length).toBe(raw)
    files.set(name, text.toString('utf8'))
    at += 46 + nameLength
  }
  return files
}

interface Sheet {
  worksheet: {
    sheetData: {
      row: {
        c: {
          '@r': string
          '@t'?: string
          '@s'?: string
          v?: string
          f?: unknown
          is?: { t: { '#text'?: string } | string }
        }[]
      }[]
    }
  }
}
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: 1e6, maxExpandedLength: 1e7 },
  isArray: (name) => name === 'row' || name === 'c',
})
const textOf = (t: { '#text'?: string } | string | undefined): string =>
  (typeof t === 'string' ? t : (t?.['#text'] ?? '')).replace(/_x005F_/g, '_')

describe('XLSX (Q38)', () => {
  it('is a well-formed package of inline strings that read back to the same values, and there is no formula in it', () => {
    fc.assert(
      fc.property(cells, (values) => {
        const files = unzip(xlsx([['列'], ...values.map((v) => [v])], '导出'))
        for (const [name, text] of files) expect([name, XMLValidator.validate(text)]).toEqual([name, true])
        const sheet = files.get('xl/worksheets/sheet1.xml') ?? ''
        expect(sheet).not.toMatch(/<f[\s>]/)
        const { row } = (parser.parse(sheet) as Sheet).worksheet.sheetData
        const read = row.map(({ c }) => c?.[0])
        expect(read.every((c) => c === undefined || (c['@t'] === 'inlineStr' && c.f === undefined))).toBe(true)
        expect(read.map((c) => textOf(c?.is?.t)).slice(1)).toEqual(values.map(cleanText))
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    )
  })

  it('keeps numbers and dates as what they are', () => {
    const files = unzip(
      xlsx(
        [
          ['n', '时间', '无', '文'],
          [42, new Date('2026-11-30T16:00:00Z'), null, '=1'],
        ],
        '导出',
      ),
    )
    const [, row] = (parser.parse(files.get('xl/worksheets/sheet1.xml') ?? '') as Sheet).worksheet.sheetData.row
    expect(row?.c.map((c) => [c['@r'], c['@t'] ?? 'n', c.v ?? textOf(c.is?.t)])).toEqual([
      ['A2', 'n', '42'],
      ['B2', 'n', '46357'],
      ['D2', 'inlineStr', '=1'],
    ])
    expect(files.get('xl/styles.xml')).toContain('quotePrefix="1"')
  })
})

it('a file name in Chinese travels by RFC 6266, with an ASCII one for old readers', () => {
  expect(disposition('数据导出 (1).csv', 'export.csv')).toBe(
    `attachment; filename="export.csv"; filename*=UTF-8''%E6%95%B0%E6%8D%AE%E5%AF%BC%E5%87%BA%20%281%29.csv`,
  )
})
