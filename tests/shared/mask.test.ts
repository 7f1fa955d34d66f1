import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBankCard, isIdNumber, maskName, maskPhone, maskText, sensitiveIn } from '../../src/shared/mask'
import { masked as en } from '../../src/shared/lang/en/masked'
import { masked as zh } from '../../src/shared/lang/zh-CN/masked'

const runs = Number(process.env['RUNS'] ?? 300)

describe('masks', () => {
  it('never show a whole phone number', () => {
    const phone = fc.stringMatching(/^\+?[0-9]{3,15}$/)
    fc.assert(fc.property(phone, (number) => !maskPhone(number).includes(number)))
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskPhone('021-62345678')).toBe('021-****78')
    expect(maskPhone('5678901')).toBe('****01')
  })

  it('show one character of a name, whole even beyond the basic plane', () => {
    expect(maskName('王建国')).toBe('王*')
    expect(maskName('𠮷野')).toBe('𠮷*')
    expect(maskName('')).toBe('')
  })
})

describe('free text (compliance 6.3)', () => {
  it.each([
    ['手机 13812345678，备用 139 1234 5678', '手机 138****5678，备用 139****5678'],
    ['办公室021-62345678', '办公室021-****78'],
    ['发到 zhang.san@example.com 就好', '发到 z***@example.com 就好'],
    ['地址：浙江省杭州市西湖区文三路 100 号 3 单元', '地址：浙江省杭州市西湖区**** 3 单元'],
    ['身份证110101199003071233', '身份证〔证件号〕'],
    ['护照 E12345678', '护照 〔证件号〕'],
    ['卡号 6222 0212 3456 7894', '卡号 〔银行卡，尾号 7894〕'],
    ['上个月做了心脏手术，下周复诊再约', '〔健康信息〕，下周复诊再约'],
    ['报价 38.5 万，￥1200 定金', '报价 10–50 万，1千–1万元 定金'],
    ['预算 30-50万，首付 1,200 元', '预算 50–100 万，首付 1千–1万元'],
    ['定金5万元8万元', '定金5–10 万5–10 万'],
    ['他儿子小宝今年 8 岁；喜欢喝茶', '〔未成年人信息〕；喜欢喝茶'],
    ['这人很难缠', '〔主观评价〕'],
    ['周五前补发报价单', '周五前补发报价单'],
    ['订单 20261128000123 共 3 万台', '订单 20261128000123 共 3 万台'],
    ['2026-11-28 10:30 开会，孩子也来', '2026-11-28 10:30 开会，孩子也来'],
  ])('%s → %s', (text, shown) => {
    expect(maskText(text, zh)).toBe(shown)
  })

  it('speaks the reader’s language', () => {
    expect(maskText('had surgery in May, budget ¥30000', en)).toBe('[health information], budget ¥10k–50k')
  })

  it('revealed, shows what is commercial and never what is sensitive', () => {
    const text = '13812345678，110101199003071233，得了糖尿病，6222021234567894，38 万'
    expect(maskText(text, zh, { whole: true })).toBe(
      '13812345678，〔证件号〕，〔健康信息〕，〔银行卡，尾号 7894〕，38 万',
    )
  })

  it('tells what a member must think twice about', () => {
    expect(sensitiveIn('13812345678 打电话')).toEqual([])
    expect(sensitiveIn('客户怀孕了，卡 6222021234567894')).toEqual(['health', 'bank_card'])
    expect(sensitiveIn('这人是骗子')).toEqual(['judgement'])
  })
})

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`))
const idNumber = fc
  .tuple(
    digits(6, 6),
    fc.integer({ min: 1930, max: 2025 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    digits(3, 3),
  )
  .map(([area, y, m, d, n]) => {
    const body = `${area.replace(/^0/, '1')}${y}${String(m).padStart(2, '0')}${String(d).padStart(2, '0')}${n}`
    return ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X'].map((c) => body + c).find(isIdNumber)!
  })
const bankCard = digits(12, 18).map((body) => {
  const start = body.replace(/^0/, '6')
  return [...'0123456789'].map((c) => start + c).find(isBankCard)!
})
const mobile = fc.stringMatching(/^1[3-9][0-9]{9}$/)
const landline = fc.stringMatching(/^0(10|2[0-9]|[3-9][0-9]{2})-[2-8][0-9]{7}$/)
const mail = fc.stringMatching(/^[a-z][a-z0-9]{1,3}[a-z0-9.]{0,8}@[a-z]{2,8}\.(com|cn|com\.cn)$/)

/** As people write numbers: plain, in groups, with wide digits. */
const written = (value: string) =>
  fc.constantFrom(
    value,
    value.replace(/(.{4})(?=.)/g, '$1 '),
    value.replace(/(.{4})(?=.)/g, '$1-'),
    value.replace(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)),
  )
const bare = (text: string) => text.normalize('NFKC').replace(/[^0-9A-Za-z@]/g, '')
/** What stands around it has no digit of its own at the seam, or it would be another number. */
const around = fc
  .string({ unit: fc.constantFrom(...'你好，。 的\nabc：（）12万元@/路号😀') })
  .map((s) => s.replace(/^[\d .@-]+|[\d .@+-]+$/g, ''))
const seam = fc.constantFrom('，', '：', '\n', '（')

describe('no full value survives in what is shown (T-13)', () => {
  it.each([
    ['ID numbers', idNumber.chain((v) => fc.tuple(fc.constant(v), written(v)))],
    ['bank cards', bankCard.chain((v) => fc.tuple(fc.constant(v), written(v)))],
    [
      'mobiles',
      mobile.chain((v) =>
        fc.tuple(fc.constant(v), fc.constantFrom(v, `+86 ${v}`, `${v.slice(0, 3)}-${v.slice(3, 7)}-${v.slice(7)}`)),
      ),
    ],
    ['landlines', landline.map((v) => [v, v] as [string, string])],
    ['mails', mail.map((v) => [v, v] as [string, string])],
  ])('%s', (_, values) => {
    fc.assert(
      fc.property(around, seam, values, seam, around, (before, a, [value, text], b, after) => {
        const shown = maskText(before + a + text + b + after, zh)
        // Numbers hide between blanks and dashes; an address is one as it stands, and its neighbours are none of it.
        return value.includes('@') ? !shown.includes(value) : !bare(shown).includes(bare(value))
      }),
      { numRuns: runs },
    )
  })

  it('takes a sum with a small rest for one sum', () => {
    expect(maskText('报价3万5元', zh)).toBe(maskText('报价3万元', zh))
  })

  it('and masking what is masked changes nothing more', () => {
    fc.assert(
      fc.property(
        around,
        seam,
        fc.oneof(idNumber, bankCard, mobile, mail),
        seam,
        around,
        (before, a, value, b, after) => {
          const once = maskText(before + a + value + b + after, zh)
          return maskText(once, zh) === once
        },
      ),
      { numRuns: runs },
    )
  })

  it('in text of any shape, quickly (Q46)', () => {
    for (const text of [
      '1'.repeat(2_000),
      '1 '.repeat(1_000),
      '路'.repeat(2_000),
      'a@'.repeat(1_000),
      '0,'.repeat(1_000),
      '1路'.repeat(1_000),
    ]) {
      const began = process.cpuUsage()
      maskText(text, zh)
      expect(process.cpuUsage(began).user).toBeLessThan(1_000_000)
    }
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'1X@.-–，路号万元¥孩岁癌 \n\u0000\ud83d😀') }),
        (text) => typeof maskText(text, zh) === 'string',
      ),
    )
  })
})
