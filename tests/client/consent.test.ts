import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  confirmSpoken,
  getChoices,
  listChildren,
  listConsents,
  markChild,
  readAloud,
  recordSpoken,
  unmarkChild,
  type Child,
  type Choices,
  type ConsentLine,
} from '../../src/shared/asking'
import { openBrief } from '../../src/shared/customer'
import { getRestore } from '../../src/shared/restore'
import { chooseLanguage } from '../../src/client/lib/words'
import { answers, askedOf, close, open, press, Refusal, see, seen, tick, type } from '../support/workbench'
import { restoreOffer, told } from './samples'

/** What is written down for somebody else: an answer on the phone or on paper, and that a customer is a child. */
const SHA = 'a'.repeat(64)
const at = '2026-12-01T02:00:00.000Z'
const blank = { state: 'required', at: null, until: null, why: null, from: null, spoken: null, may: 'ask' } as const
let choices: Choices['items']
let child: Choices['child']

beforeEach(() => {
  choices = [{ ...blank, purpose: 'history_raw' }]
  child = null
  answers(openBrief, () => ({ kind: 'inherited' as const, customer: 'c1', brief: told() }))
  answers(getRestore, () => restoreOffer())
  answers(getChoices, () => ({ mark: 'a', items: choices, child }))
  answers(readAloud, ({ language }) => ({
    text: language === 'en' ? 'One thing for you to decide.' : '请您决定一件事。\n不选择：按不同意处理。',
    sha256: language === 'en' ? 'b'.repeat(64) : SHA,
  }))
})
afterEach(async () => {
  close()
  await chooseLanguage('zh-CN')
})

async function openSheet(button = '记下电话或书面答复') {
  await open('/c/c1', ['rep'])
  await press('告知与选择')
  await press(button)
}

describe('an answer by phone or on paper (T-83)', () => {
  it('is read out word for word, and says what is missing before anything is sent', async () => {
    await openSheet()
    await see('不选择：按不同意处理。')
    await press('记下答复')
    for (const words of ['请选择客户怎么答复的', '请选择客户的答复']) await see(words)
    expect(askedOf(recordSpoken)).toEqual([])
  })

  it('a yes with its number waits for a second person, and the list says so', async () => {
    answers(recordSpoken, () => {
      choices = [{ ...blank, purpose: 'history_raw', spoken: { id: 's1', answer: 'agree', mine: true } }]
      return { ok: true as const, waits: true, receipt: null }
    })
    await openSheet()
    await tick('电话')
    await tick('同意')
    await see('没有编号也可以记下，但不算同意')
    await type('录音或扫描件编号', ' REC-7 ')
    await press('记下答复')
    await see('在那之前看不到')
    expect(askedOf(recordSpoken)).toEqual([
      {
        ...{ handover: 'h1', purpose: 'history_raw', language: 'zh-CN', answer: 'agree' },
        ...{ channel: 'phone_call', proof: 'REC-7', sha256: SHA },
      },
    ])
    await press('完成')
    await see('口头或书面的同意已记下，等合规同事核对后生效')
  })

  it('a no counts at once and gives a receipt to tell; in English with the English text', async () => {
    answers(recordSpoken, () => ({ ok: true as const, waits: false, receipt: 'HR-20261201-000007' }))
    await openSheet()
    await see('请您决定一件事')
    document.querySelector<HTMLInputElement>('[role=dialog] input[value=en]')?.click()
    await see('One thing for you to decide.')
    await tick('书面')
    await tick('不同意')
    await press('记下答复')
    await see('回执编号 HR-20261201-000007')
    expect(askedOf(recordSpoken)).toEqual([
      {
        ...{ handover: 'h1', purpose: 'history_raw', language: 'en', answer: 'refuse' },
        ...{ channel: 'paper', sha256: 'b'.repeat(64) },
      },
    ])
  })

  it('a child’s guardian says who they are; nothing typed is lost when it is refused', async () => {
    choices = [{ ...blank, purpose: 'serve' }]
    answers(recordSpoken, () => new Refusal('stale', '这里的内容已经变了。'))
    await openSheet()
    await tick('电话')
    await tick('同意')
    await type('录音或扫描件编号', 'REC-8')
    await press('记下答复')
    await see('请选择答复的人是孩子的谁')
    await tick('母亲')
    await press('记下答复')
    await see('这里的内容已经变了')
    expect(askedOf(recordSpoken)).toEqual([expect.objectContaining({ guardian: 'mother', purpose: 'serve' })])
    expect(document.querySelector<HTMLInputElement>('[role=dialog] input[type=text]')?.value).toBe('REC-8')
    // What was read is not what stands there now: it is read again.
    expect(askedOf(readAloud).length).toBe(2)
  })

  it('what was given can only be taken back, without reading anything', async () => {
    choices = [{ ...blank, purpose: 'history_raw', state: 'given', until: at, may: null, why: 'ask_given' }]
    answers(recordSpoken, () => ({ ok: true as const, waits: false, receipt: 'HR-20261201-000008' }))
    await openSheet('客户在电话里或书面撤回')
    await tick('电话')
    expect(seen()).not.toContain('请您决定一件事')
    await press('记下撤回')
    await see('回执编号 HR-20261201-000008')
    expect(askedOf(recordSpoken)[0]).toMatchObject({ answer: 'withdraw', channel: 'phone_call' })
  })

  it('is not offered after a no, and not before the customer was told', async () => {
    choices = [
      { ...blank, purpose: 'history_raw', state: 'refused', may: null, why: 'ask_refused' },
      { ...blank, purpose: 'sensitive_use', may: null, why: 'not_notified' },
    ]
    await open('/c/c1', ['rep'])
    await press('告知与选择')
    await see('客户不同意。照常服务，不要再问')
    expect(seen()).not.toContain('记下电话或书面答复')
  })
})

describe('a child under 14 (T-66)', () => {
  it('is marked with the name the guardian will read; then it is said to be one', async () => {
    answers(markChild, () => {
      child = { approvedUntil: null }
      return { ok: true as const }
    })
    await openSheet('客户是未满 14 周岁的孩子？')
    await see('客户的资料立即关闭')
    await press('标记为孩子')
    await see('请填写怎么称呼孩子')
    await type('怎么称呼孩子', '小宝')
    await press('标记为孩子')
    await see('还没有批准您查看')
    expect(askedOf(markChild)).toEqual([{ customer: 'c1', callName: '小宝' }])
    expect(seen()).not.toContain('客户是未满 14 周岁的孩子？')
  })
})

const line: ConsentLine = {
  ...{ record: 'r1', customer: '王*', purpose: 'history_raw', state: 'requested', subject: '陈一鸣' },
  ...{ language: 'zh-CN', at, until: at, receipt: null, doubt: null },
  spoken: { id: 's1', answer: 'agree', by: '陈一鸣', mine: false, channel: 'phone_call', proof: 'REC-7' },
}
const kid: Child = {
  ...{ customer: 'c1', callName: '小宝', member: null, memberName: null },
  ...{ guardian: false, approvedUntil: null, reason: null },
}

/** What a keyboard does in a search; a form that is told to submit would not show that the key does. */
const pressEnter = () =>
  document
    .querySelector('input[type=search]')
    ?.dispatchEvent(new KeyboardEvent('keypress', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }))

describe('compliance', () => {
  it('hears the recording by its number and confirms; whoever wrote it down cannot', async () => {
    let lines = [line, { ...line, record: 'r2', spoken: { ...line.spoken!, id: 's2', mine: true, proof: 'SCAN-1' } }]
    answers(listConsents, () => ({ items: lines, next: null }))
    answers(listChildren, () => ({ items: [], next: null }))
    answers(confirmSpoken, () => {
      lines = [{ ...line, state: 'given', spoken: null, receipt: 'HR-20261201-000009' }]
      return { ok: true as const, receipt: 'HR-20261201-000009' }
    })
    await open('/consents', ['rep', 'compliance'])
    for (const words of ['陈一鸣 记下客户在电话里同意', 'REC-7', 'SCAN-1', '由另一位合规人员核对']) await see(words)
    expect(document.querySelectorAll('.van-button--primary').length).toBe(1)
    await press('我核对过，确认客户同意')
    await see('HR-20261201-000009')
    expect(askedOf(confirmSpoken)).toEqual([{ spoken: 's1' }])
  })

  it('takes a mark back only with a reason, also where nobody serves the child', async () => {
    let kids = [kid]
    answers(listConsents, () => ({ items: [], next: null }))
    answers(listChildren, () => ({ items: kids, next: null }))
    answers(unmarkChild, () => {
      kids = []
      return { ok: true as const }
    })
    await open('/consents', ['rep', 'compliance'])
    await see('孩子：小宝')
    expect(seen()).not.toContain('批准查看')
    await press('取消标记（标错了，或孩子已满 14 周岁）')
    await see('请写明理由')
    await type('理由', '是公司联系人，标错了')
    await press('取消标记（标错了，或孩子已满 14 周岁）')
    await see('还没有问过客户')
    expect(askedOf(unmarkChild)).toEqual([{ customer: 'c1', reason: '是公司联系人，标错了' }])
    expect(seen()).not.toContain('小宝')
  })

  it('finds one by its receipt; a number that is none is said to be none, and one that nobody has, too', async () => {
    answers(listConsents, ({ receipt }) => ({ items: receipt ? [] : [line], next: null }))
    answers(listChildren, () => ({ items: [], next: null }))
    await open('/consents', ['rep', 'compliance'])
    await see('REC-7')
    await type('按回执编号查找', '7')
    pressEnter()
    await see('回执编号像 HR-20261201-000001')
    expect(askedOf(listConsents)).toHaveLength(1)
    await type('按回执编号查找', 'HR-20261201-000007')
    pressEnter()
    await see('没有这个回执编号')
    expect(askedOf(listConsents).at(-1)).toMatchObject({ receipt: 'HR-20261201-000007' })
  })

  it('says so where a number could not be looked for, or the children could not be read', async () => {
    answers(listConsents, ({ receipt }) =>
      receipt ? new Refusal('busy', '系统正忙。') : { items: [line], next: null },
    )
    answers(listChildren, () => new Refusal('busy', '太慢了，没有等到。'))
    await open('/consents', ['rep', 'compliance'])
    await see('太慢了，没有等到。')
    expect(seen()).toContain('REC-7')
    await type('按回执编号查找', 'HR-20261201-000007')
    pressEnter()
    await see('系统正忙。')
    expect(seen()).not.toContain('REC-7')
  })

  it('reads it in English', async () => {
    answers(listConsents, () => ({ items: [line], next: null }))
    answers(listChildren, () => ({ items: [kid], next: null }))
    await open('/consents', ['rep', 'compliance'])
    await see('孩子：小宝')
    await chooseLanguage('en')
    for (const words of ['wrote down a yes on the phone', 'Take the mark back']) await see(words)
  })
})
