import { describe, expect, it } from 'vitest'
import { wecom as en } from '../../src/shared/lang/en/wecom'
import { wecom as zh } from '../../src/shared/lang/zh-CN/wecom'
import { alike } from '../../src/shared/errcodes'
import { errcodes, explanationOf, meaningOf, type ErrorKind } from '../../src/shared/wecom'

/** The error table of the platform's documentation, by what it asks of us. */
const documented: Record<ErrorKind, number[]> = {
  retry: [-1, 6000, 41063, 45009, 45033, 45035, 301022],
  refresh: [40014, 42001],
  permission: [48001, 48002, 48005, 48006, 48009, 50002, 60011, 60021, 60030, 81011, 84074, 301055, 701008],
  config: [
    ...[40001, 40013, 40056, 41001, 41002, 41004, 42012, 43009, 43012, 45031, 50001, 50003, 60020, 60031, 301002],
    301042,
    ...[40057, 80001],
  ],
  person: [40097, 40098, 40099, 40126, 41054, 43004, 90500, 90502, 90503, 90510],
  final: [
    ...[40003, 40029, 40058, 40063, 40068, 40093, 40094, 40096, 40100, 40127, 40128, 40129, 40130, 40131, 40132],
    ...[41035, 41046, 41047, 41048, 41049, 41050, 41051, 41053, 41064, 41065, 41093, 41094, 41096],
    ...[42003, 42014, 42022, 45002, 45029, 46004, 60111, 60123, 81013, 81017, 84061, 84083, 84084],
    ...[90501, 90504, 90507, 90508, 90509, 301021, 301036],
    // Each of these speaks for a family of codes.
    ...[40004, 40016, 40077, 60001, 72023, 84055, 84077, 85002, 86001, 90001, 90100, 301023, 302003],
  ],
}

/** WeCom's global list, by number: `a-b` where it has every code between. */
const globally = `
  -1 40001 40003-40009 40011 40013 40014 40016-40020 40022-40027 40029 40031-40033 40035 40050 40054-40059 40063 40066 40068
  40070-40074 40077 40078 40080 40082-40086 40088 40089 40091-40094 40096 41001 41002 41004 41006 41008-41011 41016 41017 41019
  41021-41025 41033 42001 42007 42009 43004 44001 44004 45001 45002 45004 45007-45009 45022 45024 45026 45032 45033 46003 46004
  48002-48005 50001-50003 60001 60003-60012 60020 60028 60102-60107 60110-60112 60123-60125 60127 60129 72023 72024 72037 80001
  81001 81002 81011 81013 81014 82001-82003 84014 84015 84019-84025 84052-84067 84069-84130 84200 85002 85004 85005 86001
  86003-86008 86216 86217 86220 90001-90003 90100-90106 91040 301002 301005 301012-301017 301021-301025 301036 301055-301057
  302003-302007 2000002`
  .trim()
  .split(/\s+/)
  .flatMap((part) => {
    const [from = NaN, to = from] = part === '-1' ? [-1] : part.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })

describe('an errcode of WeCom (Q22)', () => {
  it('has its own row when it is documented, and nothing else has one', () => {
    for (const [kind, codes] of Object.entries(documented))
      for (const code of codes) expect([code, meaningOf(code)]).toMatchObject([code, { code, kind }])
    expect([...errcodes].sort((a, b) => a - b)).toEqual(
      Object.values(documented)
        .flat()
        .sort((a, b) => a - b),
    )
  })

  it(`of the global list falls through to nothing: all ${globally.length} have a kind, a turn and words`, () => {
    expect(new Set(globally).size).toBe(275)
    for (const code of globally) expect([code, meaningOf(code).code]).not.toEqual([code, null])
    // What only families say is never repeated by itself, save where the platform says that it may be.
    const again = globally.filter((code) => ['retry', 'refresh'].includes(meaningOf(code).kind))
    expect(again).toEqual([-1, 40014, 42001, 45009, 45033, 301022, 301057, 302005])
  })

  it('that stands for others stands for itself, too, and every family has its words', () => {
    for (const [from, to, code] of alike) {
      expect(from).toBeLessThanOrEqual(to)
      expect(meaningOf(code).code).toBe(code)
      for (const words of [zh, en]) expect(words.means[`e${code}`]).toBeTruthy()
    }
  })

  it('of a card’s fields is one of them, from 42014 to 42051, without 42022', () => {
    for (let code = 42014; code <= 42051; code++) expect(meaningOf(code).code).toBe(code === 42022 ? 42022 : 42014)
    expect(meaningOf(42052).code).toBeNull()
  })

  it('that nobody has documented is final, and shows where WeCom explains it', () => {
    for (const code of [1, 99999, 123456789, -2, 1.5, NaN])
      expect(meaningOf(code)).toEqual({ code: null, kind: 'final', whose: 'admin', step: 'look_up' })
    for (const words of [zh, en]) expect(words.step.look_up).toContain('{link}')
    expect(explanationOf(99999)).toBe('https://open.work.weixin.qq.com/devtool/query?e=99999')
  })

  it('leaves a turn to somebody where nothing heals by itself, and to nobody where it does', () => {
    for (const code of errcodes) {
      const { kind, whose } = meaningOf(code)
      if (kind === 'retry') expect([code, whose]).toEqual([code, 'nobody'])
      if (['config', 'permission'].includes(kind)) expect(['admin', 'maintainer']).toContain(whose)
      if (kind === 'person') expect(['manager', 'member', 'admin']).toContain(whose)
    }
  })

  it('says what it means and what to do, in both languages, each in words of its own', () => {
    for (const words of [zh, en]) {
      for (const sentence of [...Object.values(words.means), ...Object.values(words.step)])
        expect(sentence.length).toBeGreaterThan(3)
      const kinds = Object.entries(words.means).filter(([code]) => !['e60021', 'e60030'].includes(code))
      expect(new Set(kinds.map(([, sentence]) => sentence)).size).toBe(kinds.length)
    }
  })
})
