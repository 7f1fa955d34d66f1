import { afterEach, expect, test, vi } from 'vitest'
import { answerObjection, getObjection, listObjections, type Objection } from '../../src/shared/objection'
import {
  acceptRequest,
  getRequest,
  identifyRequest,
  listRequests,
  refuseRequest,
  type Request,
} from '../../src/shared/request'
import { answers, askedOf, close, field, open, press, Refusal, see, seen, tick, type } from '../support/workbench'

afterEach(close)

const at = '2026-11-21T02:00:00.000Z'
const wish: Objection = {
  ...{ id: 'o1', handover: 'h1', departure: 'd1', origin: 'page', at, about: 'manner', due: '2026-11-24', left: 1 },
  ...{ shortName: '王*', company: '宏远建材', leaver: '林晓', successor: { id: 'm2', name: '陈一鸣' }, passing: null },
  may: { pass: true, keep: true, other: true },
  ...{ outcome: null, handledAt: null, handledBy: null, answer: null, toldAt: null, text: null },
}

test('A wish with its day, what it is about and never the words; kept only with words for the customer (T-12)', async () => {
  answers(listObjections, () => ({ items: [wish], next: null, open: 1, late: 0 }))
  let now = wish
  answers(getObjection, () => now)
  answers(answerObjection, ({ outcome, answer }) => {
    now = {
      ...wish,
      outcome,
      answer,
      handledAt: at,
      handledBy: '赵敏',
      may: { pass: false, keep: false, other: false },
    }
    return { ok: true as const }
  })
  await open('/objections/o1', ['rep', 'manager'])
  for (const words of ['王* · 宏远建材', '客户在告知页提出', '沟通方式', '原话由合规人员阅读', '只看得到交接进度'])
    await see(words)
  await press('不换，说明理由')
  await press('答复客户')
  await see('请先写给客户的话。')
  expect(askedOf(answerObjection)).toEqual([])
  await type('写给客户的话', '只有他熟悉您的设备。')
  await press('答复客户')
  await see('没有换，已说明理由')
  await see('客户还没有打开看到')
  expect(askedOf(answerObjection)).toEqual([{ objection: 'o1', outcome: 'kept', answer: '只有他熟悉您的设备。' }])
})

const request: Request = {
  ...{ id: 'q1', number: 'QQ-20261121-0001', kind: 'delete', state: 'received', at, due: '2026-12-11', left: 14 },
  ...{
    level: 'IAL0',
    shortName: '王*',
    successor: '陈一鸣',
    customer: 'c1',
    enough: false,
    language: 'zh-CN',
    about: '',
  },
  ...{ identified: null, decided: null, reason: null, executed: null, outcome: null, informed: null, takenAt: null },
  ...{ restricted: false, lifted: null, blockers: [], mine: false, text: '请删掉', contact: '138 0000 1234' },
}

test('A request from who asks to yes or no; a refusal without a reason stays where it is (T-68)', async () => {
  let now = request
  answers(listRequests, () => ({ items: [now], next: null, open: 1, late: 0 }))
  answers(getRequest, () => now)
  answers(identifyRequest, ({ how }) => {
    now = { ...now, state: 'identity_check', identified: { how, by: '沈岚', at } }
    return { ok: true as const }
  })
  answers(acceptRequest, () => {
    now = { ...now, state: 'accepted', decided: { by: '沈岚', at }, mine: true, blockers: ['held'] }
    return { ok: true as const }
  })
  await open('/requests/q1', ['rep', 'compliance'])
  for (const words of ['QQ-20261121-0001', '还要核实身份', '请删掉', '138 0000 1234', '还有 14 个工作日'])
    await see(words)
  await press('拒绝')
  await see('拒绝必须写明理由。')
  expect(askedOf(refuseRequest)).toEqual([])
  document.querySelector<HTMLInputElement>('input[value=called_back]')?.click()
  await press('已核实身份')
  await see('沈岚 核实身份：回拨客户留下的电话')
  await press('接受')
  for (const words of ['现在还不能删除', '案件需要', '需由另一位合规人员办理']) await see(words)
  expect(document.querySelector<HTMLButtonElement>('button[disabled]')?.textContent).toContain('办理并答复')
  expect(askedOf(identifyRequest)).toEqual([{ request: 'q1', how: 'called_back' }])
})

test('Words for a customer are there again when the page was destroyed, until they are sent', async () => {
  const openAnswer = async () => {
    answers(listObjections, () => ({ items: [wish], next: null, open: 1, late: 0 }))
    answers(getObjection, () => wish)
    answers(answerObjection, () => ({ ok: true as const }))
    await open('/objections/o1', ['rep', 'manager'])
    await see('客户在告知页提出')
    await press('不换，说明理由')
  }
  await openAnswer()
  await type('写给客户的话', '只有他熟悉您的设备。')
  await vi.waitFor(() => expect(JSON.stringify({ ...localStorage })).toContain('熟悉您的设备'), 1000)
  const kept = { ...localStorage }
  close()
  Object.assign(localStorage, kept)
  await openAnswer()
  await vi.waitFor(() => expect(field<HTMLTextAreaElement>('写给客户的话').value).toBe('只有他熟悉您的设备。'))
  await press('答复客户')
  await vi.waitFor(() => expect(askedOf(answerObjection)).toHaveLength(1))
  await vi.waitFor(() => expect(JSON.stringify({ ...localStorage })).not.toContain('熟悉您的设备'))
})

test('What was written for a refusal is not lost by finding out who asks', async () => {
  answers(listRequests, () => ({ items: [], next: null, open: 1, late: 0 }))
  let now: Request = request
  answers(getRequest, () => now)
  answers(identifyRequest, () => {
    now = { ...now, state: 'identity_check', identified: { how: 'called_back', by: '沈岚', at } }
    return { ok: true as const }
  })
  answers(refuseRequest, () => ({ ok: true as const }))
  await open('/requests/q1', ['rep', 'compliance'])
  await see('QQ-20261121-0001')
  await type(/理由/, '还有一笔售后没有办完。')
  await tick('回拨客户留下的电话')
  await press('已核实身份')
  await see('沈岚 核实身份：回拨客户留下的电话')
  expect(field<HTMLTextAreaElement>(/理由/).value).toBe('还有一笔售后没有办完。')
  await press('拒绝')
  await vi.waitFor(() => expect(askedOf(refuseRequest)).toEqual([{ request: 'q1', reason: '还有一笔售后没有办完。' }]))
  await vi.waitFor(() => expect(JSON.stringify({ ...localStorage })).not.toContain('售后'))
})

test('None, and not allowed, in words', async () => {
  answers(listRequests, () => ({ items: [], next: null, open: 0, late: 0 }))
  await open('/requests', ['rep', 'compliance'])
  await see('没有待答复的要求')
  close()
  answers(listObjections, () => new Refusal('forbidden', '您的角色没有这项权限。'))
  await open('/objections', ['rep'])
  await see('您的角色没有这项权限')
  expect(seen()).not.toContain('王*')
})
