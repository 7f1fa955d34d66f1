import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  customerFieldNames,
  customerFields,
  fitOf,
  inSpan,
  languages,
  memberFieldNames,
  memberFields,
  readDay,
  readFact,
  readName,
  winsorised,
  writeFact,
  yearsSince,
  type Kind,
} from '../../src/shared/fact'
import { bannedIn } from '../../src/shared/factban'
import { fieldsOf, headOf, readCsv, readFacts, ROWS_MAX } from '../../src/shared/factfile'

const runs = { numRuns: Number(process.env['RUNS'] ?? 300) }

describe('what is prohibited (compliance 7.3)', () => {
  const wrong = [
    ...['性别', '年龄', '出生日期', '民族', '婚姻状况', '是否怀孕', '宗教信仰', '健康状况', '户籍地', '身份证号'],
    ...['sex', 'Gender', 'AGE', 'date_of_birth', 'DateOfBirth', 'ethnicity', 'marital status', 'pregnancy'],
    ...['Religion', 'health', 'hukou', 'household register', '性 别', 'Ａｇｅ'],
  ]
  it.each(wrong)('%s is named as such', (name) => expect(bannedIn(name)).not.toBeNull())
  it.each(['language', '语言', '地区', 'usage', 'Essex', '医药器械', '婚庆', 'industry', '培训有效期'])(
    '%s is something else',
    (name) => expect(bannedIn(name)).toBeNull(),
  )
  it('is also what compliance has named as standing for it', () => {
    expect(bannedIn('毕业年份', ['毕业年份'])).toBe('proxy')
    expect(bannedIn('毕业 年份', ['毕业年份'])).toBe('proxy')
    expect(bannedIn('毕业', ['毕业年份'])).toBeNull()
  })
  it('has no field of its own', () => {
    for (const field of [...memberFieldNames, ...customerFieldNames])
      expect([field, bannedIn(field)]).toEqual([field, null])
  })
})

describe('a cell', () => {
  it('is read as people write it', () => {
    const cases: [Kind, string, unknown][] = [
      ['names', '华东、 华南,华东', ['华东', '华南']],
      ['languages', '中文/English', ['en', 'zh']],
      ['language', '粤语', 'yue'],
      ['times', '上午;周末', ['morning', 'weekend']],
      ['contact', '电话', 'phone'],
      ['count', '1,200', 1200],
      ['points', '87.5', 87.5],
      ['day', '2026年12月1日', '2026-12-01'],
      ['day', '2026/2/29', null],
      ['span', '2026-12-01 ~ 2026-12-08', { from: '2026-12-01', to: '2026-12-08' }],
      ['span', '2026-12-08 至 2026-12-01', null],
      ['yes', '是', true],
      ['yes', '未实名', false],
      ['yes', 'maybe', null],
      ['tier', 'a', 'A'],
      ['tier', 'D', null],
      ['points', '101', null],
      ['count', '-1', null],
      ['count', '1.5', null],
      ['name', '=SUM(A1)', null],
      ['name', '@cmd', null],
      ['name', '华\u0000东', null],
      ['name', 'x'.repeat(41), null],
      ['member', 'ChenYiming', 'chenyiming'],
      ['members', 'a、b', ['a', 'b']],
      ['members', 'a b', null],
    ]
    for (const [kind, text, value] of cases) expect([kind, text, readFact(kind, text)]).toEqual([kind, text, value])
  })

  it('that is written down is read as the same again', () => {
    const kinds = [...new Set<Kind>([...Object.values(memberFields), ...Object.values(customerFields)])]
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'binary', maxLength: 60 }), (kind, text) => {
        const value = readFact(kind, text)
        if (value !== null) expect(readFact(kind, writeFact(value))).toEqual(value)
      }),
      runs,
    )
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...languages), { minLength: 1 }), (list) => {
        const value = [...list].sort()
        expect(readFact('languages', writeFact(value))).toEqual(value)
      }),
      runs,
    )
  })

  it('never begins as a formula, and is never longer than allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const name = readName(text)
        if (name !== null) expect(name).toMatch(/^[^=+\-@\s].{0,39}$/su)
      }),
      runs,
    )
  })

  it('holds a day only if there is such a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1901, max: 2100 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        (y, m, d) => {
          const at = new Date(Date.UTC(y, m - 1, d))
          const there = at.getUTCFullYear() === y && at.getUTCMonth() === m - 1 && at.getUTCDate() === d && m > 0
          expect(readDay(`${y}-${m}-${d}`) !== null).toBe(there)
        },
      ),
      runs,
    )
  })
})

describe('a file', () => {
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) =>
      fc.array(
        fc.array(
          fc.string({ unit: fc.constantFrom('a', '中', ' ', ',', ';', '\t', '"', '\r', '\n', '='), maxLength: 6 }),
          { minLength: width, maxLength: width },
        ),
        { minLength: 1, maxLength: 6 },
      ),
    )
  it('that was written by RFC 4180 is read cell by cell, with any line end and with or without a mark', () => {
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (rows, end, mark) => {
        const text = (mark ? '\ufeff' : '') + rows.map((row) => row.map(quoted).join(',')).join(end)
        const read = readCsv(`${quoted('x')},${quoted('y')}${end}${text.replace('\ufeff', '')}`)
        const whole = readCsv(
          `${mark ? '\ufeff' : ''}h,h${end}${rows.map((row) => row.map(quoted).join(',')).join(end)}`,
        )
        for (const one of [read, whole])
          expect('lines' in one && one.lines.slice(1).map((l) => l.cells)).toEqual(
            rows.filter((r) => r.some((c) => c.trim())),
          )
      }),
      runs,
    )
  })
  it.each(['members', 'customers'] as const)(
    'of %s can be begun with the first line that is shown, in both languages',
    (about) => {
      for (const chinese of [true, false]) {
        const head = headOf(about, chinese)
        const read = readFacts(about, `${head}\nx${',是'.repeat(head.split(',').length - 1)}`)
        expect(read).toMatchObject({ columns: Object.keys(fieldsOf(about)), ignored: [] })
      }
    },
  )
  it('never fails to be read, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom('members' as const, 'customers' as const),
        (text, about) => {
          const read = readFacts(about, text)
          expect('problem' in read || read.rows.length + read.errors.length >= 0).toBe(true)
        },
      ),
      runs,
    )
  })
  it('says which lines cannot be taken and why, and takes the others', () => {
    const text = [
      '账号,姓名,地区,语言,接待上限,爱好',
      'chen,陈,华东、华南,中文,80,茶',
      'sun,孙,=HYPERLINK("x"),中文,80,',
      'gao,高,华东,克林贡语,80,',
      'li,李,华东',
      'chen,陈,华北,中文,80,',
      '?,?,华北,中文,80,',
      '',
      'xu,徐,"华东",,"1,000",',
    ].join('\r\n')
    const read = readFacts('members', text)
    expect(read).toMatchObject({ columns: ['region', 'language', 'capacity'], ignored: ['爱好'] })
    if ('problem' in read) return
    expect(read.rows.map((r) => [r.line, r.key, r.said.map((s) => [s.field, s.value])])).toEqual([
      [
        2,
        'chen',
        [
          ['region', ['华东', '华南']],
          ['language', ['zh']],
          ['capacity', 80],
        ],
      ],
      [
        9,
        'xu',
        [
          ['region', ['华东']],
          ['capacity', 1000],
        ],
      ],
    ])
    expect(read.errors).toEqual([
      { line: 3, column: '地区', problem: 'formula' },
      { line: 4, column: '语言', problem: 'unreadable' },
      { line: 5, column: null, problem: 'short' },
      { line: 6, column: null, problem: 'twice' },
      { line: 7, column: '账号', problem: 'key' },
    ])
    const formula = readFacts('members', '账号,地区\nsun,"=HYPERLINK(""x"")"')
    expect(formula).toMatchObject({ rows: [], errors: [{ line: 2, column: '地区', problem: 'formula' }] })
  })
  it.each([
    ['', 'empty', ''],
    ['账号,地区', 'empty', ''],
    ['账号,"地区\nchen,华东', 'quote', '1'],
    ['姓名,地区\n陈,华东', 'no_key', '账号 / 成员账号'],
    ['账号,性别\nchen,女', 'banned', '性别'],
    ['userid,age\nchen,30', 'banned', 'age'],
    ['账号,地区,区域\nchen,华东,华南', 'column_twice', '区域'],
    ['账号,姓名\nchen,陈', 'no_column', ''],
    [`账号,地区\n${'a,华东\n'.repeat(ROWS_MAX + 1)}`, 'too_many', String(ROWS_MAX + 1)],
  ])('%# is refused whole', (text, problem, at) => {
    expect(readFacts('members', text)).toMatchObject({ problem, at })
  })
})

describe('figures', () => {
  it('are between 0 and 1, in their order, and one extreme does not squeeze the others together', () => {
    const points = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(points, (values) => {
        const given = new Map(values.map((value, i) => [String(i), value]))
        const shares = winsorised(given)
        const order = [...given].sort(([, x], [, y]) => x - y).map(([id]) => shares.get(id)!)
        expect(order).toEqual([...order].sort((x, y) => x - y))
        expect(order.every((share) => share >= 0 && share <= 1)).toBe(true)
      }),
      runs,
    )
    const many = new Map(Array.from({ length: 40 }, (_, i) => [String(i), i]))
    many.set('39', 10_000)
    expect(winsorised(many).get('36')!).toBeGreaterThan(0.9)
  })
  it('of time are years, never negative, and a leave holds with its first and last day', () => {
    const now = new Date('2026-12-01T02:00:00Z')
    expect([yearsSince('2021-12-01', now), yearsSince('2027-01-01', now)]).toEqual([5, 0])
    expect(['2026-12-01', '2026-12-02'].map((from) => inSpan({ from, to: '2026-12-03' }, now))).toEqual([true, false])
    expect(inSpan({ from: '2026-11-01', to: '2026-12-01' }, now)).toBe(true)
  })
  it('of a fit are the mean of what both are known about (T-26)', () => {
    const wish = { language: 'en', times: ['morning' as const], contact: 'phone' as const }
    expect(fitOf(wish, { language: ['en'], times: ['morning'], contacts: ['phone', 'chat'] })).toBe(1)
    expect(fitOf(wish, { language: ['zh'], times: ['morning'] })).toBe(0.5)
    expect(fitOf(wish, {})).toBeNull()
    expect(fitOf({}, { language: ['en'] })).toBeNull()
  })
})
