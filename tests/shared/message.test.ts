import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fieldClasses, letterLists } from '../../src/shared/access'
import { letter as letterEn } from '../../src/shared/lang/en/letter'
import { message as en } from '../../src/shared/lang/en/message'
import { letter as letterZh } from '../../src/shared/lang/zh-CN/letter'
import { message as zh } from '../../src/shared/lang/zh-CN/message'
import { chinaDay, printDay, printMinute } from '../../src/shared/day'
import { whoSees } from '../../src/shared/letter'
import { limits } from '../../src/shared/notice'
import { placesFor, textNames } from '../../src/shared/text'
import { builtIn } from '../../src/shared/textbuiltin'

const leaves = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves)
const places = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '')

describe('texts customers read', () => {
  it('name the same things in both languages', () => {
    expect(places(en.m2).sort()).toEqual(places(zh.m2).sort())
    expect(leaves(letterEn).length).toBe(leaves(letterZh).length)
    const known = [
      'company',
      'new',
      'old',
      'date',
      'url',
      'tel',
      'visible',
      'hidden',
      'purpose',
      'who',
      'last',
      'present',
    ]
    const more = [
      'due',
      'by',
      'no',
      'dept',
      'result',
      'version',
      'successors',
      'customers',
      'address',
      'person',
      'mail',
      'alternative',
      'department',
      'number',
      'classes',
      'count',
    ]
    const messages = Object.values(placesFor).flat()
    for (const text of [...leaves(zh), ...leaves(en), ...leaves(letterZh), ...leaves(letterEn)])
      for (const place of places(text)) expect([...known, ...more, ...messages]).toContain(place)
  })

  it('name every element a notice must have, in both languages (3.1 N1 to N15, T-59)', () => {
    const needed = ['company', 'address', 'tel', 'person', 'mail', 'date', 'old', 'new', 'visible', 'hidden', 'purpose']
    for (const words of [letterZh, letterEn]) {
      const named = leaves(words).flatMap(places)
      for (const place of [...needed, 'version', 'department', 'alternative']) expect(named).toContain(place)
    }
    for (const place of ['company', 'new', 'old', 'date', 'url', 'tel']) expect(places(zh.m2)).toContain(place)
  })

  it('fit the card (T-81)', () => {
    for (const { cardTitle, cardText, askTitle, askText } of [zh, en]) {
      expect(Buffer.byteLength(askTitle)).toBeLessThanOrEqual(limits.cardTitleBytes)
      expect(Buffer.byteLength(askText)).toBeLessThanOrEqual(limits.cardTextBytes)
      expect(Buffer.byteLength(cardTitle)).toBeLessThanOrEqual(limits.cardTitleBytes)
      expect(Buffer.byteLength(cardText)).toBeLessThanOrEqual(limits.cardTextBytes)
    }
  })

  it('say nothing that is forbidden (compliance 3.1)', () => {
    const banned =
      /默认同意|视为同意|继续使用即同意|公司拥有您的信息|归公司所有|离职|辞职|开除|优惠|券|倒计时|resign|dismiss|coupon|deemed/i
    const { m8: zh8, ...zhRest } = zh
    const { m8: en8, ...enRest } = en
    // The first contact says what happens when somebody leaves one day.
    expect(zh8 + en8).toMatch(/离职[^]*leave/)
    for (const text of [...leaves(zhRest), ...leaves(enRest), ...leaves(letterZh), ...leaves(letterEn)])
      expect(text).not.toMatch(banned)
  })

  it('first screen has at most 350 characters before filling (3.5 P7)', () => {
    const { heading, what, same, changed, hidden, may, acknowledge, wantOther, complain, small } = letterZh.first
    const all = leaves({ heading, what, same, changed, hidden, may, acknowledge, wantOther, complain, small }).join('')
    expect([...all.replace(/\{\w+\}/g, '')].length).toBeLessThanOrEqual(350)
  })
})

/**
 * What the built-in texts and the printed lists say, release by release. Whoever changes a word or the access table adds the
 * line that the failing test prints, and says in `releaseClass` what the change does to customers who were told: the server
 * then makes it the next version by itself (T-59).
 */
const releases = [
  '15870a82ef23a36a7204e1509f2833bfdd18bb0e9b60681a27a550a0ade2ce0a',
  '30f34686ab5beef124ce4040ded0f988b8bbf8d1a84fe183e8adbfdb576ee65f',
  // A colleague on duty sees what was promised until the takeover.
  '8e26b97b4cee8a3658024c52a29230d17daf58b1c1f5ff809e4d1046505eb5ab',
  // A text for whole groups.
  '8f0a4937221274be967477271994006fcb79eb009374b5aab0731264d21b9e84',
  // Talk scripts: new texts, none that a customer was told with.
  'c751bc8294077ceeb3090b6bccaaa116a971220373d45685df819c2e5b747c34',
  // The page of rules for whoever is new: no sentence that a customer was told with has changed.
  'a267aa31e2f4bb40da747a3d864a94ee161dd57758e31968b3fb559d93f1eeef',
]

it('a changed word or a changed access table is a new release of the texts', () => {
  const said = JSON.stringify([
    textNames.map((name) => [name, builtIn(name)]),
    letterLists(),
    fieldClasses.map(whoSees),
  ])
  expect(releases.at(-1)).toBe(createHash('sha256').update(said).digest('hex'))
})

it('days are Beijing’s', () => {
  const newYear = new Date('2026-12-31T16:00:00Z')
  expect(chinaDay(newYear)).toBe('2027-01-01')
  expect(printDay(newYear, 'zh-CN')).toBe('2027年1月1日')
  expect(printDay(newYear, 'en')).toBe('1 January 2027')
  expect(printMinute(newYear, 'zh-CN')).toBe('2027年1月1日 00:00')
})
