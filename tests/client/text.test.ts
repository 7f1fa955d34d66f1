import { afterEach, expect, test } from 'vitest'
import {
  checkText,
  confirmText,
  getText,
  getTextVersion,
  listTexts,
  proposeText,
  saveText,
  type Problem,
  type TextShown,
} from '../../src/shared/text'
import { getCoverage } from '../../src/shared/newcomer'
import { chooseChannel, decideWaiver, listUntold, recordChannel, type UntoldRow } from '../../src/shared/untold'
import { answers, askedOf, close, field, open, press, Refusal, see, seen, type } from '../support/workbench'

afterEach(close)

const since = '2026-11-24T02:00:00.000Z'
const zh = '您好，我是{company}的{new}。看全文：{url}'
const en = 'Hello, this is {new} of {company}. Full notice: {url}'
const text: TextShown = {
  name: 'M2',
  places: ['company', 'new', 'url'],
  parts: ['text'],
  words: { 'zh-CN': { text: zh }, en: { text: en } },
  digest: 'a'.repeat(64),
  versions: [
    { version: 2, since, class: 'editorial', reason: '错字', by: '沈岚', confirmedBy: '顾言' },
    { version: 1, since, class: 'editorial', reason: 'release', by: null, confirmedBy: null },
  ],
  draft: null,
  samples: {
    'zh-CN': { company: '宏远服务', new: '陈一鸣', url: 'https://jb.example.com/n/x' },
    en: { company: 'Hongyuan', new: 'Chen Yiming', url: 'https://jb.example.com/n/x' },
  },
  problems: [],
}
const list = { name: 'M2' as const, version: 2, since, draft: null }
const found: Problem[] = [
  { kind: 'missing', weight: 'refuse', language: 'zh-CN', part: 'text', what: 'N1', found: '' },
  { kind: 'said', weight: 'refuse', language: 'zh-CN', part: 'text', what: 'marketing', found: '优惠' },
]
const draftOf = (more: Partial<NonNullable<TextShown['draft']>>): NonNullable<TextShown['draft']> => ({
  ...{ state: 'draft', words: { 'zh-CN': { text: `${zh}！` }, en: { text: en } }, digest: 'b'.repeat(64) },
  ...{ class: null, reason: null, changed: null, by: '沈岚', at: since, mine: true, rejected: null },
  ...more,
})

test('A text is read with its places as chips and filled as the customer will see it; what is being written is looked at', async () => {
  answers(listTexts, () => ({ items: [list] }))
  answers(getText, () => text)
  answers(checkText, () => ({ problems: found }))
  answers(saveText, () => ({ digest: 'b'.repeat(64), problems: [] }))
  await open('/texts/M2', ['rep', 'compliance'])
  for (const words of [
    'M2 接替告知',
    '第 2 版',
    '企业名称',
    '您好，我是宏远服务的陈一鸣。看全文：https://jb.example.com/n/x',
  ])
    await see(words)
  expect(document.querySelectorAll('.place-chip').length).toBe(3)
  await press('修改')
  await type('中文', '现在有优惠')
  await see('缺少要素 N1：我们是谁、怎么联系')
  await see('不能说“优惠”：推销')
  expect(field('中文').getAttribute('aria-invalid')).toBe('true')
  await press('插入 企业名称')
  expect(field<HTMLTextAreaElement>('中文').value).toContain('{company}')
  await press('保存')
  await see('已保存，还没有提交')
  expect(askedOf(saveText)).toMatchObject([{ name: 'M2', on: 'a'.repeat(64) }])
})

test('The author says which kind and why; what customers are told is asked for where they are told; a refusal names the element', async () => {
  answers(listTexts, () => ({ items: [list] }))
  answers(getText, () => ({ ...text, draft: draftOf({}) }))
  answers(proposeText, () => new Refusal('text_missing', '还不能发布：中文缺少要素 N1 我们是谁、怎么联系。'))
  await open('/texts/M2', ['rep', 'compliance'])
  await see('和正在使用的版本相比')
  expect(document.querySelector('ins')?.textContent).toContain('！')
  await press('提交确认')
  await press(/^提交确认$/)
  const submit = () => document.querySelector<HTMLButtonElement>('.sheet button[type=submit]')?.click()
  submit()
  await see('请选择一类')
  document.querySelectorAll<HTMLInputElement>('.sheet input[type=radio]')[1]?.click()
  await see('只再告知变了的部分')
  submit()
  await see('请用一句话写清变了什么')
  await type(/^告诉客户变了什么（中文/, '客服电话已更换')
  await type('告诉客户变了什么（英文）', 'the hotline')
  await type('为什么改', '换号')
  submit()
  await see('缺少要素 N1')
  expect(askedOf(proposeText)).toEqual([
    {
      ...{ name: 'M2', digest: 'b'.repeat(64), class: 'notice_material', reason: '换号' },
      changed: { 'zh-CN': '客服电话已更换', en: 'the hotline' },
    },
  ])
})

test('A second person confirms exactly what was submitted; the author cannot; an old version is only to be read', async () => {
  const proposed = draftOf({ state: 'proposed', class: 'editorial', reason: '标点', mine: false })
  answers(listTexts, () => ({ items: [{ ...list, draft: { state: 'proposed' as const, by: '沈岚', mine: false } }] }))
  answers(getText, () => ({ ...text, draft: proposed }))
  answers(confirmText, () => ({ version: 3 }))
  answers(getTextVersion, () => ({ version: text.versions[1]!, words: text.words, digest: 'c'.repeat(64) }))
  await open('/texts/M2', ['rep', 'compliance'])
  await see('沈岚 提交，待确认')
  await press('看这一版')
  await see('第 1 版（只读）')
  await press('回到正在使用的版本')
  await press('确认，启用为第 3 版')
  expect(askedOf(confirmText)).toEqual([{ name: 'M2', digest: 'b'.repeat(64), class: 'editorial' }])
  close()
  answers(listTexts, () => ({ items: [list] }))
  answers(getText, () => ({ ...text, draft: { ...proposed, mine: true } }))
  await open('/texts/M2', ['rep', 'compliance'])
  await see('您写过这一稿，由另一位合规人员确认。')
  expect(seen()).not.toContain('确认，启用')
})

const row: UntoldRow = {
  ...{ handover: 'h1', shortName: '王*', leaver: '林晓', successor: '陈一鸣', state: 'unreachable', why: 'not_friend' },
  ...{ since, other: null, waiver: null },
}

const nobodyNew = () => ({
  ...{ since, unfounded: 0, onConsent: 0, byMember: [] },
  all: { inTime: 0, later: 0, waiting: 0, late: 0, gone: 0 },
})

test('Whom WeCom does not reach is told otherwise: the text is made, then recorded with its proof', async () => {
  let shown = row
  answers(listUntold, () => ({ items: [shown], next: null }))
  answers(getCoverage, nobodyNew)
  answers(chooseChannel, () => {
    shown = { ...row, state: 'alt_channel', other: { id: 'o1', channel: 'sms', by: '何志远', at: since } }
    return { id: 'o1', text: '您好，我是宏远服务的陈一鸣。', link: 'https://jb.example.com/n/x' }
  })
  answers(recordChannel, () => ({ ok: true as const, state: 'sent' as const }))
  await open('/untold')
  await see('客户已不是好友')
  await press('换渠道告知')
  document.querySelector<HTMLInputElement>('.sheet input[type=radio]')?.click()
  await press('生成告知内容和链接')
  await see('您好，我是宏远服务的陈一鸣。')
  document.querySelector<HTMLButtonElement>('.sheet-head button')?.click()
  await press('记录已告知')
  await press('保存记录')
  await see('请写明凭据')
  await type('凭据', '回执 8842')
  await type('什么时候告知的', '昨天')
  await press('保存记录')
  await see('请写成 2026-12-01 09:30 这样')
  await type('什么时候告知的', '2026-11-24 10:30')
  await press('保存记录')
  await see('已记录，客户算已告知')
  expect(askedOf(recordChannel)).toEqual([{ other: 'o1', at: '2026-11-24T02:30:00.000Z', proof: '回执 8842' }])
})

test('A waiver shows its citation and is decided by somebody else of compliance', async () => {
  const waiver = {
    ...{ id: 'w1', kind: 'emergency' as const, citation: '第十八条第二款', reason: '救助', until: since, by: '周敏' },
    ...{ approvedBy: null, mine: false },
  }
  answers(listUntold, () => ({ items: [{ ...row, waiver }], next: null }))
  answers(getCoverage, nobodyNew)
  answers(decideWaiver, () => ({ ok: true as const }))
  await open('/untold', ['rep', 'compliance'])
  await see('第十八条第二款')
  await press('同意暂不告知')
  await see('已同意，期满后会回到待告知')
  expect(askedOf(decideWaiver)).toEqual([{ waiver: 'w1', approve: true }])
})
