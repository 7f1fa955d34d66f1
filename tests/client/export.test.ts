import { afterEach, expect, test, vi } from 'vitest'
import { wire, type Answer, type Sent } from '../../src/client/lib/http'
import {
  approveExport,
  askExport,
  getExport,
  getExportChoices,
  getExportSwitch,
  listExports,
  previewExport,
  setExportSwitch,
  type ExportShown,
} from '../../src/shared/export'
import { answers, askedOf, close, open, press, Refusal, see, seen, tick, type } from '../support/workbench'

afterEach(close)

const DIGEST = 'a'.repeat(64)
const one: ExportShown = {
  id: 'x1',
  number: 'EX-0000ABCD',
  kind: 'departure',
  of: '林晓',
  days: null,
  purpose: 'handover_check',
  note: '核对交接进度，只给本组看',
  format: 'xlsx',
  columns: [{ field: 'short_name', class: 'F0', masked: false }],
  rows: 12,
  digest: DIGEST,
  state: 'pending',
  needsCompliance: false,
  askedBy: '周敏',
  askedAt: '2026-11-21T02:00:00.000Z',
  mine: false,
  approvals: [],
  reason: null,
  until: '2026-11-23T02:00:00.000Z',
  sha256: null,
  made: null,
  endedAt: null,
  decision: 'may_decide',
}
const choices = {
  open: true,
  kinds: [
    {
      kind: 'departure' as const,
      fields: [
        { field: 'short_name' as const, class: 'F0', masked: false },
        { field: 'company' as const, class: 'F1', masked: false },
      ],
    },
  ],
  departures: [{ id: 'd1', name: '林晓', leftAt: '2026-11-20T02:00:00.000Z' }],
}
const none = { items: [], next: null }

test('What would be exported is shown with its rows before it is sent; what is missing is said beside its field', async () => {
  answers(listExports, () => none)
  answers(getExportChoices, () => choices)
  answers(previewExport, () => ({
    rows: 12,
    columns: [{ field: 'company' as const, class: 'F1' as const, masked: false, open: 5 }],
    needsCompliance: false,
    seal: DIGEST,
  }))
  answers(askExport, () => ({ ...one, mine: true, decision: 'own' as const }))
  answers(getExport, () => ({ ...one, mine: true, decision: 'own' as const }))
  await open('/exports', ['rep', 'manager'])
  await press('申请导出')
  await press('看看会导出什么')
  for (const words of ['至少选一列', '请选择用途。', '请说明为什么需要、给谁看。']) await see(words)
  expect(askedOf(previewExport)).toEqual([])
  await tick('公司')
  await tick('核对交接')
  await type('为什么需要，给谁看', '核对进度')
  await press('看看会导出什么')
  for (const words of ['12 行', '5/12', '其余行还没到可以看的阶段']) await see(words)
  await press('提交申请')
  await see('已提交，等待审批')
  expect(askedOf(askExport)).toMatchObject([
    {
      kind: 'departure',
      departure: 'd1',
      fields: ['company'],
      purpose: 'handover_check',
      note: '核对进度',
      seal: DIGEST,
    },
  ])
})

test('Who decides sees what, for what and in which columns, and decides on that digest', async () => {
  answers(listExports, () => ({ items: [one], next: null }))
  answers(getExportChoices, () => choices)
  answers(getExport, () => one)
  answers(approveExport, () => ({ ...one, state: 'approved' as const, decision: 'not_pending' as const }))
  await open('/exports/x1', ['rep', 'manager'])
  for (const words of ['林晓的客户', '核对交接', '核对交接进度，只给本组看', '姓氏', 'EX-0000ABCD']) await see(words)
  await press('批准 12 行')
  await see('正在生成')
  expect(askedOf(approveExport)).toEqual([{ export: 'x1', digest: DIGEST }])
})

test('The file is saved under its Chinese name; a wrong code is told with what is left', async () => {
  const ready: ExportShown = { ...one, state: 'ready', mine: true, decision: 'not_pending' }
  answers(listExports, () => none)
  answers(getExportChoices, () => choices)
  answers(getExport, () => ready)
  await open('/exports/x1', ['rep', 'manager'])
  await see('下载文件')
  const before = wire.carry
  const sent: unknown[] = []
  let wrong = true
  const byFile = ({ data: body }: Sent): Promise<Answer> => {
    sent.push(body)
    const refusal = { code: 'export_code', message: '下载码不对，还可以再试 4 次。', requestId: 'r1' }
    const data = new TextEncoder().encode(wrong ? JSON.stringify(refusal) : 'x').buffer
    const headers = { 'content-disposition': 'attachment; filename="a.csv"; filename*=UTF-8\'\'%E6%95%B0%E6%8D%AE.csv' }
    return Promise.resolve({ data, headers, status: wrong ? 403 : 200 })
  }
  wire.carry = byFile
  await press('下载')
  await see('请输入企业微信消息里的下载码。')
  expect(sent).toEqual([])
  await type('下载码', 'ABCD-2345')
  await press('下载')
  await see('下载码不对，还可以再试 4 次。')
  const saved: string[] = []
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download)
  })
  wrong = false
  wire.carry = (sent) => (sent.url.endsWith('/file') ? byFile(sent) : before(sent))
  await press('下载')
  await see('已下载')
  expect(saved).toEqual(['数据.csv'])
  expect(JSON.stringify(sent.at(-1))).toContain('ABCD-2345')
  vi.restoreAllMocks()
})

test('Closed is said without a reason; an administrator opens it only with one', async () => {
  answers(getExportChoices, () => ({ ...choices, open: false }))
  answers(listExports, () => none)
  await open('/exports', ['rep', 'manager'])
  await see('现在没有对您开放导出')
  expect(seen()).not.toContain('申请导出')
  close()
  const off = { on: false, marks: false, changed: null }
  answers(getExportSwitch, () => off)
  answers(setExportSwitch, ({ reason, on }) => ({ ...off, on, changed: { by: '马超', at: one.askedAt, reason } }))
  await open('/exports', ['rep', 'admin'])
  await see('从来没有开放过')
  await press('导出设置')
  await tick('开放导出')
  await press('保存')
  expect(askedOf(setExportSwitch)).toEqual([])
  await type('为什么这样设置', '季度核对')
  await press('保存')
  await see('导出是开放的')
  expect(askedOf(setExportSwitch)).toEqual([{ on: true, marks: false, reason: '季度核对' }])
})

test('A list that cannot be read says so', async () => {
  answers(getExportChoices, () => choices)
  answers(listExports, () => new Refusal('busy', '系统正忙，请稍后再试。'))
  await open('/exports', ['rep', 'manager'])
  await see('暂时读不到导出')
})
