import { afterEach, expect, test, vi } from 'vitest'
import { OK } from '../../src/shared/endpoint'
import { listDepartures, listHandovers } from '../../src/shared/departure'
import {
  approvePack,
  exportHead,
  getAudit,
  listLog,
  listPacks,
  openPack,
  rejectPack,
  requestPack,
  type AuditState,
  type Pack,
} from '../../src/shared/evidence'
import { answers, askedOf, close, open, press, Refusal, see, type } from '../support/workbench'

afterEach(close)

const at = '2026-11-24T02:00:00.000Z'
const head = { size: 1200, root: 'a'.repeat(64), time: at, key: 'b'.repeat(32), signature: 'sig' }
const state: AuditState = {
  entries: 1234,
  head,
  stamp: { state: 'none', at: null, size: null, why: null },
  checked: { at, entries: 1200, broken: null },
  rights: { role: 'jiebang_app', appendOnly: true },
}
const pack: Pack = {
  id: 'p1',
  kind: 'departure',
  about: '林晓',
  caseNo: '(2026)沪01民初1号',
  purpose: '仲裁举证',
  since: null,
  until: '2026-11-30',
  state: 'requested',
  requestedBy: '周敏',
  requestedAt: at,
  decidedBy: null,
  decidedAt: null,
  reason: null,
  bytes: null,
  sha256: null,
  expiresAt: null,
  mine: false,
}
const lists = (...items: Pack[]) => answers(listPacks, () => ({ items, next: null }))

test('How the log stands: entries, head, key, no external stamp, last check, and who could change it', async () => {
  answers(getAudit, () => state)
  lists()
  await open('/evidence', ['rep', 'compliance'])
  for (const words of [
    '1234 条记录',
    '已签名至第 1200 条',
    'a'.repeat(64),
    '无外部时间戳',
    '1200 条全部相符',
    '只能追加',
    '还没有证据包',
  ])
    await see(words)
  close()
  const stamp = { state: 'waiting', at: null, size: null, why: 'other_nonce' } as const
  answers(getAudit, () => ({
    ...state,
    stamp,
    checked: { at, entries: 16, broken: 17 },
    rights: { role: 'root', appendOnly: false },
  }))
  await open('/evidence', ['rep', 'compliance'])
  for (const words of ['等待外部时间戳：回应的不是这次请求', '第 17 条不相符', 'root 能够修改日志']) await see(words)
})

test('The newest head is downloaded as a file', async () => {
  answers(getAudit, () => state)
  answers(exportHead, () => ({ ...head, publicKey: 'pub' }))
  lists()
  const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
  await open('/evidence', ['rep', 'compliance'])
  await press('下载最新树头')
  await see('已下载 1200 条的树头')
  expect(clicked).toHaveBeenCalledOnce()
  expect(JSON.parse(await (made.mock.calls[0]![0] as Blob).text())).toMatchObject({ size: 1200, publicKey: 'pub' })
})

test('A pack is approved or rejected with a reason by somebody else in compliance, and fetched with a ticket', async () => {
  answers(getAudit, () => state)
  answers(approvePack, () => OK)
  answers(rejectPack, () => OK)
  lists(pack)
  await open('/evidence', ['rep', 'compliance'])
  for (const words of ['林晓的离职', '仲裁举证', '待批准', '日志 不限 至 2026-11-30', '每 90 天复核']) await see(words)
  await press('批准')
  expect(askedOf(approvePack)).toEqual([{ pack: 'p1' }])
  await press('不批准')
  await press('不批准')
  await see('请写明理由')
  await type('不批准的理由', '重复')
  await press('不批准')
  expect(askedOf(rejectPack)).toEqual([{ pack: 'p1', reason: '重复' }])
  close()
  lists({ ...pack, mine: true })
  await open('/evidence', ['rep', 'compliance'])
  await see('由另一位合规人员批准')
  close()
  answers(openPack, () => new Refusal('login_again', '请重新登录'))
  lists({ ...pack, state: 'ready', sha256: 'c'.repeat(64), bytes: 20480, expiresAt: at })
  await open('/evidence', ['rep', 'compliance'])
  for (const words of ['可下载', '20 KB', 'c'.repeat(64)]) await see(words)
})

test('A manager asks for a pack about a departure or one of its customers, and is told what is missing', async () => {
  lists()
  const departure = {
    id: 'd1',
    name: '林晓',
    department: null,
    leftAt: at,
    knownBy: 'event',
    gone: true,
    ended: false,
    announced: null,
    customers: 1,
    counts: {},
    groups: 0,
    groupsToAssign: 0,
    daysLeft: 300,
  } as const
  answers(listDepartures, () => ({ items: [departure], next: null, mirror: { at, running: false } }))
  answers(listHandovers, () => ({ items: [], next: null }))
  answers(requestPack, () => ({ id: 'p2' }))
  await open('/evidence', ['rep', 'manager'])
  await press('申请证据包')
  await press('提交申请')
  await see('请填写对象、案号和用途')
  const [about] = [...document.querySelectorAll('select')]
  about!.value = 'd1'
  about!.dispatchEvent(new Event('change'))
  await type('案号或事由编号', '2026-1')
  await type('用途', '举证')
  await press('提交申请')
  expect(askedOf(requestPack)).toEqual([{ kind: 'departure', subject: 'd1', caseNo: '2026-1', purpose: '举证' }])
  await see('等待另一位合规人员批准')
})

test('An auditor reads the log and goes from an entry to all of the same person; what was cleared says so', async () => {
  const entry = {
    seq: 7,
    at,
    by: '陈一鸣',
    actor: 'm1',
    subject: 'c1',
    action: 'look.brief',
    customer: '王*',
    member: null,
  }
  const cleared = { ...entry, seq: 3, by: '', actor: '', subject: '', action: 'aged', customer: null, detail: {} }
  answers(listLog, () => ({
    items: [{ ...entry, detail: { stage: 'V2', classes: ['F0', 'F1'] } }, cleared],
    next: null,
  }))
  await open('/evidence/log', ['rep', 'auditor'])
  for (const words of ['陈一鸣 · 查看', '王*', 'look.brief', '["F0","F1"]', '已按期清除 · 已按期清除内容'])
    await see(words)
  await press('陈一鸣 做的全部')
  await see('只看 陈一鸣 做的')
  await press('关于 王* 的全部')
  await press(/只看 陈一鸣 做的/)
  expect(askedOf(listLog).map(({ by, about }) => [by, about])).toEqual([
    [undefined, undefined],
    ['m1', undefined],
    ['m1', 'c1'],
    [undefined, 'c1'],
  ])
})
