import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getChoices } from '../../src/shared/asking'
import { getChecklist, sayItem, type Checklist } from '../../src/shared/checklist'
import { openBrief } from '../../src/shared/customer'
import { declineMemos, getMemo, listLeavingCustomers, writeMemo } from '../../src/shared/leaving'
import { getMe, signPage } from '../../src/shared/member'
import { addNote, listNotes, withdrawNote, type Note } from '../../src/shared/note'
import { settleNotice } from '../../src/shared/notice'
import { listPromises, movePromise, takePromise } from '../../src/shared/promise'
import { getRestore } from '../../src/shared/restore'
import { getScript, sendScript, type ScriptFinding } from '../../src/shared/script'
import { getFirstWeek, type FirstWeek } from '../../src/shared/task'
import { toast } from '../../src/client/ui/toast'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { closeApp, control, openApp, press, see, text, type } from './page'
import { ago, inDays, me, objected, restoreOffer, told, toTell } from './samples'

// Before anything imports the SDK: it reads the user agent once (facts 6.1).
vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

const bridge = new Bridge()
const field = (name: string) => vi.waitFor(() => control(name), 5000)
const soon = new Date(Date.now() + 600_000).toISOString()
let door: Door
let notes: Note[] = []
let findings: ScriptFinding[] = []
const week = (some: Partial<FirstWeek> = {}): FirstWeek => ({
  takenAt: ago(36),
  over: false,
  tasks: [
    { task: 'tell', done: true, at: ago(1), open: 0 },
    { task: 'hello', done: false, at: null, open: 0 },
    { task: 'promises', done: false, at: null, open: 2 },
  ],
  clock: null,
  ...some,
})
const note = (some: Partial<Note> = {}): Note => ({
  ...{ id: 'n1', kind: 'memo', at: ago(200), author: '林晓', mine: false, text: '喜欢上午联系' },
  ...{ corrects: null, corrected: false, undoUntil: null },
  ...some,
})

beforeEach(() => {
  bridge.reset()
  notes = [note()]
  findings = []
  door = new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
    .on(openBrief)
    .says(() => ({ kind: 'inherited', customer: 'c1', brief: told() }))
    .on(getRestore)
    .says(() => restoreOffer())
    .on(getChoices)
    .says(() => ({ mark: 'a', items: [], child: null }))
    .on(getFirstWeek)
    .says(() => week())
    .on(listNotes)
    .says(() => ({ items: notes, next: null }))
    .on(getScript)
    .says(({ script }) => ({ text: `您好，我是陈一鸣（${script}）`, version: `${script}@1`, filled: ['陈一鸣'] }))
    .on(sendScript)
    .says(({ text: said, sure }) =>
      findings.some(({ weight }) => weight === 'refuse' || !sure)
        ? { findings, attempt: null }
        : { findings, attempt: { id: 's1', text: said } },
    )
    .on(settleNotice)
    .says(() => ({ ok: true, state: 'sent', at: new Date().toISOString() }))
})
afterEach(() => closeApp())

it('Whoever wants somebody else is not greeted: nothing of the first week is asked of the successor', async () => {
  await openApp('/sidebar')
  await see('第一次问候')
  closeApp()
  const { standing, ...rest } = objected('wants_other')
  const brief = { ...rest, standing: { ...standing, settledAt: ago(24) } }
  door.on(openBrief).says(() => ({ kind: 'inherited', customer: 'c1', brief }))
  await openApp('/sidebar')
  await see('客户希望换一位服务人员')
  await see('为什么我能看到这位客户')
  await new Promise((done) => setTimeout(done, 500))
  expect(text()).not.toContain('第一次问候')
})

describe('words to send', () => {
  it('that were changed are there again when the webview was destroyed, until they are sent', async () => {
    await openScript()
    type('要发的话', '您好，我改过的话。')
    await vi.waitFor(() => expect(JSON.stringify({ ...localStorage })).toContain('我改过的话'), 1000)
    const kept = { ...localStorage }
    closeApp()
    Object.assign(localStorage, kept)
    await openApp('/sidebar')
    await press('第一次问候')
    await vi.waitFor(() => expect((control('要发的话') as HTMLTextAreaElement).value).toBe('您好，我改过的话。'), 5000)
    await press('发送')
    await see('已发送')
    expect(JSON.stringify({ ...localStorage })).not.toContain('我改过的话')
  })

  const openScript = async () => {
    await openApp('/sidebar')
    await press('第一次问候')
    await vi.waitFor(() => expect((control('要发的话') as HTMLTextAreaElement).value).toContain('hello'), 5000)
  }

  it.each([
    ['none were begun', ''],
    ['others were begun and not sent', '您好，上次没发的话。'],
  ])('that were typed while the script was on its way are not written over by it: %s', async (_, before) => {
    if (before) localStorage.setItem('jiebang.draft.script.h1', `${Date.now()} ${before}`)
    let come: () => void = () => undefined
    const way = new Promise<void>((done) => (come = done))
    door.on(getScript).says(({ script }) => way.then(() => ({ text: `您好（${script}）`, version: '1', filled: [] })))
    await openApp('/sidebar')
    await press('第一次问候')
    await vi.waitFor(() => expect((control('要发的话') as HTMLTextAreaElement).value).toBe(before), 5000)
    type('要发的话', '您好，我正在写的话。')
    come()
    await vi.waitFor(() => expect(control('发送').hasAttribute('disabled')).toBe(false), 5000)
    await press('发送')
    await see('已发送')
    expect(bridge.named('sendChatMessage')).toMatchObject([{ text: { content: '您好，我正在写的话。' } }])
  })

  it('are changed, looked at by the server, handed to WeCom and called sent only by its own ok', async () => {
    await openScript()
    type('要发的话', '您好，我是陈一鸣。')
    await press('发送')
    await see('已发送')
    expect(door.inputs(sendScript)).toMatchObject([{ handover: 'h1', script: 'hello', text: '您好，我是陈一鸣。' }])
    expect(bridge.named('sendChatMessage')).toMatchObject([
      { msgtype: 'text', text: { content: '您好，我是陈一鸣。' } },
    ])
    expect(door.inputs(settleNotice)).toEqual([{ attempt: 's1', form: 'text', outcome: 'sent' }])
  })

  it('that must not be said stay in the field with what is wrong, and nothing is handed over (T-16)', async () => {
    await openScript()
    findings = [{ rule: 'marketing', weight: 'refuse', words: '优惠' }]
    type('要发的话', '这周有优惠')
    await press('发送')
    await see('客户没有同意收优惠和推销')
    expect((control('要发的话') as HTMLTextAreaElement).value).toBe('这周有优惠')
    expect(bridge.named('sendChatMessage')).toEqual([])
    // The night is asked about, and meant by whoever presses again.
    findings = [{ rule: 'quiet_hour', weight: 'warn', words: '' }]
    type('要发的话', '您好')
    await press('发送')
    await see('明早再发更合适')
    await press('知道了，仍要发送')
    await see('已发送')
    expect(door.inputs(sendScript).map(({ sure }) => sure)).toEqual([false, false, true])
  })

  it('that were cancelled, or refused by WeCom, are not called sent; into another customer’s chat nothing goes', async () => {
    bridge.says('sendChatMessage', 'cancel')
    await openScript()
    await press('发送')
    await see('您在企业微信里取消了')
    bridge.says('sendChatMessage', 'fail no permission')
    await press('再试一次')
    await see('应用没有发送消息的权限')
    expect(door.inputs(settleNotice).map(({ outcome }) => outcome)).toEqual(['cancelled', 'failed'])
    const before = bridge.named('sendChatMessage').length
    bridge.says('getCurExternalContact', 'ok', { userId: 'wm-li' })
    await press('再试一次')
    await see('没有发送')
    expect(bridge.named('sendChatMessage')).toHaveLength(before)
    expect(text()).not.toContain('已发送 ')
  })
})

describe('notes', () => {
  it('warn as they are written, ask when they are saved, and are one writing however often it is tried', async () => {
    let tries = 0
    door.on(addNote).says(({ sure }) => {
      tries++
      if (!sure) return new Refusal('think_twice', '里面有健康信息。')
      if (tries === 2) return new Refusal('busy', '系统正忙。')
      return { id: 'n2', undoUntil: soon }
    })
    await openApp('/sidebar')
    await see('交接备忘')
    await press('写一条记录')
    await field('记录')
    type('记录', '客户有糖尿病')
    await see('看起来写到了健康信息')
    await press('保存')
    await see('里面有健康信息。')
    await press('确认无误，仍要保存')
    await see('系统正忙。')
    expect((control('记录') as HTMLTextAreaElement).value).toBe('客户有糖尿病')
    await press('确认无误，仍要保存')
    await see('已保存，10 分钟内可撤回')
    const names = door.inputs(addNote).map(({ once }) => once)
    expect(new Set(names).size).toBe(1)
    expect(door.inputs(addNote).every(({ handover }) => handover === 'h1')).toBe(true)
  })

  it('are shown as the server has them within a second when it will not take one back any more (Q72)', async () => {
    notes = [note({ id: 'n9', kind: 'note', author: '陈一鸣', mine: true, text: '写错了', undoUntil: soon })]
    door.on(withdrawNote).says(() => {
      notes = [note({ id: 'n9', kind: 'note', author: '陈一鸣', mine: true, text: '写错了' })]
      return new Refusal('note_late', '已超过撤回时间。')
    })
    toast.value = ''
    await openApp('/sidebar')
    await press('撤回这条记录：写错了')
    await vi.waitFor(() => {
      expect(text()).toContain('已超过撤回时间。')
      expect(text()).not.toContain('10 分钟内可撤回')
    }, 1000)
  })

  it('are put right by a new one that names the old, and taken back while that is possible', async () => {
    notes = [
      note({ id: 'n9', kind: 'note', author: '陈一鸣', mine: true, text: '写错了', undoUntil: soon }),
      note({ text: null }),
    ]
    door.on(addNote).says(() => ({ id: 'n10', undoUntil: soon }))
    door.on(withdrawNote).says(() => ({ ok: true }))
    await openApp('/sidebar')
    await see('作者已撤回这条记录')
    await press('更正这条记录：写错了')
    await see('原来的记录会保留')
    type('记录', '改对了')
    await press('保存')
    await vi.waitFor(() => expect(door.inputs(addNote)).toMatchObject([{ corrects: 'n9', text: '改对了' }]), 5000)
    await press('撤回这条记录：写错了')
    await vi.waitFor(() => expect(door.inputs(withdrawNote)).toEqual([{ note: 'n9' }]), 5000)
  })
})

describe('promises', () => {
  it('are taken over, or moved with a reason from the day that was shown', async () => {
    door.on(takePromise).says(() => ({ ok: true }))
    door.on(movePromise).says(() => ({ ok: true }))
    await openApp('/sidebar')
    await press('改期或接手：补发报价单')
    await press('由我接着办')
    await see('已记为由您接着办')
    expect(door.inputs(takePromise)).toEqual([{ promise: 'p1' }])
    await press('改期或接手：补发报价单')
    await field('改到哪天')
    type('改到哪天', inDays(5))
    await press('改日期')
    await see('请写明原因')
    type('为什么改，和客户怎么说的', '客户出差')
    await press('改日期')
    await see('日期已改')
    const [moved] = door.inputs(movePromise)
    expect(moved).toMatchObject({ promise: 'p1', from: inDays(1), due: inDays(5), reason: '客户出差' })
  })

  it('of all customers stand in one list; what is not told yet has no words', async () => {
    const [promise] = told().promises ?? []
    const row = { handover: 'h1', customer: 'c1', shortName: '王*', from: '林晓' }
    door.on(listPromises).says(() => ({
      ...{
        items: [
          { ...row, id: 'p1', promise },
          { ...row, id: 'p2', shortName: '李*' },
        ],
        next: null,
      },
      ...{ total: 2, soon: 1 },
    }))
    await openApp('/workbench', '/promises')
    await see('共 2 项，1 项明天前到期或已逾期')
    expect(text()).toContain('补发报价单')
    expect(text()).toContain('告知客户后可见')
  })
})

describe('the first week (T-45)', () => {
  it('says until when to tell the customer, in working days, and leads to the notice', async () => {
    door.on(openBrief).says(() => ({ kind: 'inherited', customer: 'c1', brief: toTell() }))
    const tasks = week().tasks.map((task) => ({ ...task, done: false }))
    const clock = { due: inDays(4), left: 3, late: false, unsure: true }
    door.on(getFirstWeek).says(() => week({ tasks, clock }))
    await openApp('/sidebar')
    await see('还有 3 个工作日')
    expect(text()).toContain('放假安排还没有载入')
    expect(text()).not.toContain('发一段话')
    clock.late = true
    clock.left = -1
    closeApp()
    await openApp('/sidebar')
    await see('第一次联系已超期')
  })
})

describe('before leaving', () => {
  const row = {
    shortName: '王*',
    company: '宏远建材',
    memoAt: null,
    promises: 2,
    farewell: 'to_send',
    to: '陈一鸣',
  } as const
  const counts = { customers: 2, memos: 1, promises: 2, toTell: 1, told: 0 }

  it('the list shows what can be written; saying no takes one press and no reason (T-19)', async () => {
    let declined = false
    door.on(listLeavingCustomers).says(() => ({
      ...{
        items: [
          { ...row, customer: 'c1' },
          { ...row, customer: 'c2', memoAt: ago(2), farewell: 'sent' },
        ],
        next: null,
      },
      ...{ counts, declined },
    }))
    door.on(declineMemos).says(({ declined: said }) => ((declined = said), { ok: true }))
    door.on(getMemo).says(() => ({ name: '王磊', company: '宏远建材', declined: false, memos: [], promises: [] }))
    door.on(writeMemo).says(() => ({ id: 'n1', undoUntil: soon }))
    await openApp('/workbench', '/leaving')
    await see('已写备忘 1 / 2 位')
    await press('给 王* · 宏远建材 写备忘')
    await see('给 王磊 · 宏远建材 写备忘')
    await field('交接备忘')
    type('交接备忘', '喜欢上午联系')
    await press('保存')
    await vi.waitFor(
      () => expect(door.inputs(writeMemo).at(-1)).toMatchObject({ customer: 'c1', text: '喜欢上午联系' }),
      5000,
    )
    await press('我不写备忘')
    await see('不用说明理由')
    await press('我还是想写')
    await vi.waitFor(() => expect(door.inputs(declineMemos)).toEqual([{ declined: true }, { declined: false }]), 5000)
  })

  it('beside one’s own customer the memo stands with what is promised', async () => {
    const leaving = { leavesOn: inDays(9), page: 20, opensADay: 50 }
    door.on(getMe).says(() => ({ ...me, leaving, watermark: 'strong' }))
    const contact = { name: '王磊', kind: 'wecom', company: null, title: null, since: null } as const
    door.on(openBrief).says(() => ({ kind: 'own', customer: 'c1', farewell: null, first: null, contact }))
    const memos = [{ id: 'n1', at: ago(1), text: '喜欢上午联系', undoUntil: null }]
    door
      .on(getMemo)
      .says(() => ({ name: '王磊', company: null, declined: false, memos, promises: told().promises ?? [] }))
    await openApp('/sidebar')
    await see('喜欢上午联系')
    expect(text()).toContain('补发报价单')
  })

  it('the checklist says that only the shut account stands before the end, and asks for what proves an item', async () => {
    const list: Checklist = {
      ...{ phase: 'in_progress', name: '林晓', leftAt: inDays(9) + 'T15:59:59.999Z', gone: false },
      ...{ handedOver: null, archived: null, mayFinish: false, mayArchive: false },
      items: [
        { item: 'certificate', state: 'not_due', figures: [], entries: [], may: ['do', 'waive'] },
        { item: 'notes', state: 'refused', figures: [{ name: 'memos', n: 1 }], entries: [], may: [] },
      ],
    }
    door.on(getMe).says(() => ({ ...me, roles: ['rep', 'hr'] }))
    door.on(getChecklist).says(() => list)
    door.on(sayItem).says(() => ({ ok: true }))
    await openApp('/workbench', '/leavers/d1')
    await see('其他项都不会')
    expect(text()).toContain('依法按时出具，与清单其他项无关')
    expect(text()).toContain('本人不办')
    await press('记录：离职证明')
    await field('说明')
    type('说明', '已寄出')
    await press('记下')
    await see('请填写说明和要求的内容')
    type('日期', '2026-12-01')
    await press('记下')
    await see('已记下')
    expect(door.inputs(sayItem)).toMatchObject([{ item: 'certificate', event: 'do', day: '2026-12-01' }])
  })
})
