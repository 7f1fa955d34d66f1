import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fill, languages } from '../../src/shared/lang/fill'
import { fillWithin, fits, hasStrayBrace, piecesOf, placesOf, templateOf } from '../../src/shared/template'
import { placesFor, textNames, type TextName, type Words } from '../../src/shared/text'
import { builtIn, letterWith } from '../../src/shared/textbuiltin'
import { problemsOf, refusalOf, type Ground } from '../../src/shared/textcheck'
import { draftFindings, findingsIn, isQuietHour, type LintRule } from '../../src/shared/textlint'
import { elements, limitOf, missingIn } from '../../src/shared/textneed'

/** A 14-character company, 45 bytes of link, long names, as compliance 3.3 measured them. */
const long: Record<string, string> = {
  ...{
    company: '宏远建筑材料销售服务有限公司',
    old: '欧阳文静雅',
    new: '司马相如明',
    staff: '欧阳文静雅',
    who: '司马相如明',
  },
  ...{
    last: '欧阳',
    date: '2026年12月31日',
    until: '2026年12月31日',
    deadline: '2026年12月31日',
    time: '2026年12月31日 23:59',
    child: '小明',
  },
  ...{ url: `https://jb.example.com/n/${'x'.repeat(22)}`, rules: 'https://jb.example.com', tel: '400-000-0000' },
  ...{ data: '聊天原文', purpose: '接着之前谈的事', matter: '查看聊天原文', receipt: 'HR-20261231-000000' },
  ...{ number: 'TS-20261231-0000', department: '个人信息保护办公室', result: '已为您更换服务人员并核对记录' },
  ...{
    changed: '客服电话已更换',
    visible: '甲、乙',
    hidden: '丙',
    version: '9',
    mail: 'p@example.com',
    person: '沈岚',
  },
  ...{ address: '上海市徐汇区示例路', alternative: '客服热线' },
}
const english: Record<string, string> = {
  ...long,
  date: '31 December 2026',
  until: '31 December 2026',
  deadline: '31 December 2026',
  company: 'Hongyuan Materials',
}
const groundOf = (name: TextName): Ground => ({
  parts: Object.keys(builtIn(name)['zh-CN']),
  samples: { 'zh-CN': long, en: { ...english, old: 'Lin Xiao', new: 'Chen Yiming', data: 'past chats' } },
  showsSensitive: false,
})
const changed = (name: TextName, language: 'zh-CN' | 'en', part: string, sentence: string): Words => {
  const words = builtIn(name)
  return { ...words, [language]: { ...words[language], [part]: sentence } }
}

describe('a template', () => {
  it('is the sum of its pieces, whatever stands in it', () => {
    fc.assert(fc.property(fc.string(), (text) => templateOf(piecesOf(text)) === text))
    const bits = fc.array(fc.constantFrom('{', '}', '{new}', 'a', '，', '{{', '}}', '{a b}'))
    fc.assert(fc.property(bits, (some) => templateOf(piecesOf(some.join(''))) === some.join('')))
  })

  it('is filled with its values and nothing else: what is no place stays, and a value is never read again', () => {
    const value = fc.string({ minLength: 1 }).filter((s) => s.trim() !== '')
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('{a}', '{b}'), fc.string())), value, value, (some, a, b) => {
        const template = some.join('')
        if (placesOf(template).some((place) => !['a', 'b'].includes(place))) return
        const pieces = piecesOf(template)
        const wanted = pieces.map((p) => ('words' in p ? p.words : p.place === 'a' ? a : b)).join('')
        expect(fill(template, { a, b })).toBe(wanted)
      }),
    )
  })

  it('is refused while a brace in it is no place', () => {
    for (const text of ['{new', 'new}', '{}', '{{new}}', '｛new｝']) expect(hasStrayBrace(text)).toBe(true)
    expect(hasStrayBrace('{new}，您好')).toBe(false)
  })

  it('always fits its limit, or is not sent at all (3.2)', () => {
    const name = fc.string({ minLength: 1, maxLength: 120 }).filter((s) => s.trim() !== '')
    fc.assert(
      fc.property(name, name, name, (company, old, given) => {
        const limit = limitOf('M2', 'text', 'zh-CN')!
        const values: Record<string, string> = { ...long, company, old, new: given }
        const { text } = fillWithin(builtIn('M2')['zh-CN']['text']!, values, {
          limit,
          names: ['company', 'old', 'new'],
        })
        expect(fits(text, limit)).toBe(true)
        expect(text).toContain(long['url'])
      }),
    )
    expect(() => fillWithin('x'.repeat(201), {}, { limit: { characters: 200 }, names: [] })).toThrow()
    expect(() => fillWithin('{a}', { a: ' ' }, { limit: {}, names: [] })).toThrow()
  })
})

describe('every text of the release', () => {
  it.each(textNames)(
    '%s can be published as it is, in both languages, filled with the longest values (T-81)',
    (name) => {
      const found = problemsOf(name, builtIn(name), groundOf(name))
      expect(found.filter(({ weight }) => weight === 'refuse')).toEqual([])
    },
  )

  it('makes the letter that stands in the release', () => {
    const { 'zh-CN': parts } = builtIn('page')
    expect(letterWith('zh-CN', parts).first.heading).toBe(parts['first.heading'])
    const own = letterWith('zh-CN', {
      ...parts,
      'full.we.1': '{company}。',
      'first.gone': 'x',
      'full.we.9': 'x',
      __proto__: 'x',
    })
    expect(own.full.we).toEqual(['一、我们是谁', '{company}。'])
    expect(letterWith('zh-CN', parts).full.we[1]).toContain('{address}')
  })
})

describe('publishing is refused', () => {
  it('when a part loses a place an element needs, and names the element (T-59)', () => {
    const needed = new Set<string>()
    for (const name of textNames)
      for (const language of languages)
        for (const [part, sentence] of Object.entries(builtIn(name)[language]))
          for (const place of new Set(placesOf(sentence))) {
            const without = changed(name, language, part, sentence.replaceAll(`{${place}}`, '某'))
            const refused = refusalOf(problemsOf(name, without, groundOf(name)))
            expect({ name, part, place, refused: refused !== null }).toEqual({ name, part, place, refused: true })
            if (refused?.kind === 'missing') needed.add(refused.what)
          }
    for (const element of ['N1', 'N2', 'N3', 'N5', 'N13', 'N14']) expect(needed).toContain(element)
  })

  it('when a sentence of the page that carries an element is emptied; each of the fifteen is looked for (T-59)', () => {
    const seen = new Set<string>()
    for (const language of languages)
      for (const part of Object.keys(builtIn('page')[language])) {
        const words = changed('page', language, part, '')
        expect(refusalOf(problemsOf('page', words, groundOf('page')))).not.toBeNull()
        for (const { element } of missingIn('page', language, words[language])) seen.add(element)
      }
    for (const { element } of missingIn('page', 'en', builtIn('page').en, { showsSensitive: true })) seen.add(element)
    expect([...seen].sort()).toEqual([...elements].sort())
  })

  it('when a place is unknown, a text too long, or the languages differ', () => {
    const m2 = builtIn('M2')['zh-CN']['text']!
    const of = (sentence: string) => problemsOf('M2', changed('M2', 'zh-CN', 'text', sentence), groundOf('M2'))
    expect(of(`${m2}{phone}`)).toContainEqual(expect.objectContaining({ kind: 'place', what: 'phone' }))
    expect(of(`${m2}${'好'.repeat(60)}`)).toContainEqual(expect.objectContaining({ kind: 'long', found: '200' }))
    expect(of(m2.replace('{tel}', '热线'))).toContainEqual(expect.objectContaining({ kind: 'differs' }))
    expect(placesFor.M2).not.toContain('phone')
  })
})

describe('a text must not say (3.1)', () => {
  const said: [LintRule, string][] = [
    ['reason', '{old}因违纪被开除，由我接替'],
    ['reason', '{old}已跳槽到竞争对手'],
    ['reason', '由于{old}离职，服务由我负责'],
    ['reason', '{old} was dismissed for fraud'],
    ['judgement', '我的业务能力更强'],
    ['judgement', '{old}不负责任'],
    ['judgement', 'I give you better service'],
    ['marketing', '现在下单有优惠'],
    ['marketing', '送您一张代金券'],
    ['marketing', '优 惠'],
    ['marketing', '优·惠'],
    ['marketing', 'a special offer for you'],
    ['pressure', '请尽快点击确认'],
    ['pressure', '24小时内回复'],
    ['pressure', '倒计时 3 天'],
    ['pressure', 'hurry up'],
    ['deemed', '不回复即视为同意'],
    ['deemed', '继续使用即表示同意'],
    ['deemed', 'By continuing you agree to this'],
    ['ownership', '客户信息归公司所有'],
    ['ownership', '公司拥有您的信息'],
    ['ownership', 'We own your data'],
    ['personal', '请拨打 13812345678'],
    ['personal', '身份证 11010519491231002X'],
    ['personal', '卡号 4111 1111 1111 1111'],
    ['personal', '您的糖尿病记录'],
    ['link', '看 https://example.com'],
    ['article', '依据第十七条'],
    ['article', '依据《个人信息保护法》'],
  ]
  it.each(said)('%s: %s (T-03, T-08, T-16)', (rule, text) => {
    expect(findingsIn(text)).toContainEqual(expect.objectContaining({ rule, weight: 'refuse' }))
  })

  it('what is only careful may be said', () => {
    for (const text of [
      '“我知道了”不代表您同意任何事项。',
      '我们不会视为您同意。',
      '不能办的，说明理由。',
      '价格没有变',
    ])
      expect(findingsIn(text)).toEqual([])
    expect(findingsIn('如我调岗或离职，公司会告知您。')).toEqual([{ rule: 'leaving', weight: 'warn', words: '离职' }])
  })

  it('however its letters are parted, whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom('好', '，', '。', '您', '我', ' ') })
    const parting = fc.constantFrom('', ' ', '\u200b', '·', '  ')
    fc.assert(
      fc.property(
        fc.constantFrom('优惠', '开除', '归公司所有', '默认同意'),
        parting,
        around,
        around,
        (word, by, a, b) => {
          expect(findingsIn(`${a}${[...word].join(by)}${b}`).length).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('to a member: numbers and health refused, an offer only with consent to offers, late hours warned of (T-16)', () => {
    const [day, night] = [new Date('2026-12-01T02:00:00Z'), new Date('2026-12-01T14:30:00Z')]
    const of = (text: string, at = day, marketing = false) =>
      draftFindings(text, { at, marketing }).map(({ rule, weight }) => `${rule} ${weight}`)
    expect(of('身份证 11010519491231002X')).toEqual(['personal refuse'])
    expect(of('您的糖尿病')).toEqual(['personal refuse'])
    expect(of('新年优惠')).toEqual(['marketing refuse'])
    expect(of('新年优惠', day, true)).toEqual([])
    expect(of('您好', night)).toEqual(['quiet_hour warn'])
    expect([isQuietHour(day), isQuietHour(night), isQuietHour(new Date('2026-12-01T23:59:00Z'))]).toEqual([
      false,
      true,
      true,
    ])
  })
})
