import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fieldClasses, letterLists } from '../../src/shared/access'
import { letter as letterEn } from '../../src/shared/lang/en/letter'
import { message as en } from '../../src/shared/lang/en/message'
import { letter as letterZh } from '../../src/shared/lang/zh-CN/letter'
import { message as zh } from '../../src/shared/lang/zh-CN/message'
import { chinaDay, printDay, printMinute } from '../../src/shared/day'
import { LETTER_VERSION, whoSees } from '../../src/shared/letter'
import { limits } from '../../src/shared/notice'

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
    for (const text of [...leaves(zh), ...leaves(en), ...leaves(letterZh), ...leaves(letterEn)])
      for (const place of places(text)) expect([...known, ...more]).toContain(place)
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
    for (const { cardTitle, cardText } of [zh, en]) {
      expect(Buffer.byteLength(cardTitle)).toBeLessThanOrEqual(limits.cardTitleBytes)
      expect(Buffer.byteLength(cardText)).toBeLessThanOrEqual(limits.cardTextBytes)
    }
  })

  it('say nothing that is forbidden (compliance 3.1)', () => {
    const banned =
      /默认同意|视为同意|继续使用即同意|公司拥有您的信息|归公司所有|离职|辞职|开除|优惠|券|倒计时|resign|dismiss|coupon|deemed/i
    for (const text of [...leaves(zh), ...leaves(en), ...leaves(letterZh), ...leaves(letterEn)])
      expect(text).not.toMatch(banned)
  })

  it('first screen has at most 350 characters before filling (3.5 P7)', () => {
    const { heading, what, same, changed, hidden, may, acknowledge, wantOther, complain, small } = letterZh.first
    const all = leaves({ heading, what, same, changed, hidden, may, acknowledge, wantOther, complain, small }).join('')
    expect([...all.replace(/\{\w+\}/g, '')].length).toBeLessThanOrEqual(350)
  })
})

/** Whoever changes a word or the access table raises LETTER_VERSION and adds the line the failing test prints (T-59). */
const versions: Record<number, string> = {
  1: '17d244a56bf3a2efee314cd664b3a54b8cdfdddef40006676562b125f4b2f948',
  2: 'ede863c3f4800916d9b8923b2765989b9dcdc68c402abf403633712b3b17913f',
  3: '0eff7bed84d8852c14d986054cb10d7f2f0fb49c46d47886c95f565df0ccd642',
  4: '0685a894b728ea34cdd47bf5be8bbfe6c52a30b7fc77c7c0a558ac26f45239b9',
  5: '9fd6035af80bd0fc7988d4e15c50c1e56b9d7d20c183d1e43addbfd25bdffc8b',
}

it('every version of the letter says what it said', () => {
  const said = JSON.stringify([letterZh, letterEn, letterLists(), fieldClasses.map(whoSees)])
  expect(versions[LETTER_VERSION]).toBe(createHash('sha256').update(said).digest('hex'))
})

it('days are Beijing’s', () => {
  const newYear = new Date('2026-12-31T16:00:00Z')
  expect(chinaDay(newYear)).toBe('2027-01-01')
  expect(printDay(newYear, 'zh-CN')).toBe('2027年1月1日')
  expect(printDay(newYear, 'en')).toBe('1 January 2027')
  expect(printMinute(newYear, 'zh-CN')).toBe('2027年1月1日 00:00')
})
