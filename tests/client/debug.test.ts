import { afterEach, describe, expect, it, vi } from 'vitest'
import { askDebug, endDebug, grantDebug, listDebug, openDebug, type DebugGrant } from '../../src/shared/debug'
import { OK } from '../../src/shared/endpoint'
import { findMembers, listRights } from '../../src/shared/right'
import { listSessions } from '../../src/shared/session'
import { CallFailure } from '../../src/client/lib/api'
import { ClientRefusal } from '../../src/client/lib/wecom'
import { withheld } from '../../src/client/debug/withheld'
import { answers, askedOf, close, open, press, see, seen, type } from '../support/workbench'

const closed = vi.fn()
const opened = vi.fn((pages: Record<string, () => unknown>) => (void pages, Promise.resolve(closed)))
vi.mock('../../src/client/debug/panel', () => ({ openPanel: opened }))
// The panel is looked at in a browser (e2e/beside.test.ts); here is none that could take its sheets.
vi.mock('../../src/client/debug/sheets', () => ({ canAdopt: () => true }))

afterEach(() => {
  close()
  vi.useRealTimers()
  vi.clearAllMocks()
})

const at = () => new Date().toISOString()
const until = () => new Date(Date.now() + 3600_000).toISOString()

/** Some page with a heading, once what listens has come. */
async function openSome(mayUntil: () => string | null): Promise<void> {
  answers(openDebug, () => ({ until: mayUntil(), at: at() }))
  answers(askDebug, () => ({ until: mayUntil(), at: at() }))
  answers(listSessions, () => ({ items: [], idleHours: 8, hours: 24 }))
  const listens = vi.spyOn(document, 'addEventListener')
  await open('/sessions')
  await vi.waitFor(() => expect(listens.mock.calls.map(([event]) => event)).toContain('pointerup'), 5000)
}
const tap = (times: number, on: Element | null = document.querySelector('h1')) => {
  for (let n = 0; n < times; n++) on?.dispatchEvent(new Event('pointerup', { bubbles: true }))
}
const key = (init: KeyboardEventInit) => document.dispatchEvent(new KeyboardEvent('keydown', init))

describe('the gesture', () => {
  it('is seven taps on one heading, or Alt+Shift+D, and nothing less; without the server’s word nothing is loaded', async () => {
    await openSome(() => null)
    tap(6)
    tap(7, document.body)
    key({ code: 'KeyD' })
    key({ code: 'KeyD', altKey: true })
    expect(askedOf(openDebug)).toHaveLength(0)
    tap(3)
    tap(1, document.body)
    tap(6)
    expect(askedOf(openDebug)).toHaveLength(0)
    tap(1)
    await see('没有为您打开诊断')
    expect(askedOf(openDebug)).toHaveLength(1)
    key({ code: 'KeyD', altKey: true, shiftKey: true })
    await vi.waitFor(() => expect(askedOf(openDebug)).toHaveLength(2))
    expect(opened).not.toHaveBeenCalled()
    expect(document.querySelector('[role=dialog]')).toBeNull()
  })

  it('shows what can be copied; where the clipboard is refused it is marked', async () => {
    await openSome(until)
    tap(7)
    await see('客户端诊断')
    const text = await vi.waitFor(() => {
      const box = document.querySelector('textarea')
      if (!box?.value) throw new Error('empty')
      return box
    })
    expect(text.value).toMatch(/^Jiebang \d.*\n.*clock [+−]0\.\d s\n/)
    expect(text.value).toContain('entry outside')
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: () => Promise.reject(new Error('refused')) } })
    await press('复制诊断信息')
    await see('内容已选中')
    expect([text.selectionStart, text.selectionEnd]).toEqual([0, text.value.length])
    vi.unstubAllGlobals()
  })

  it.each(['taken back', 'over'])('closes the panel when it is %s', async (how) => {
    let may: string | null = until()
    await openSome(() => may)
    vi.useFakeTimers({ shouldAdvanceTime: true })
    tap(7)
    await see('打开调试面板')
    await press('打开调试面板')
    await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce())
    expect(Object.keys(opened.mock.calls[0]?.[0] ?? {})).toEqual(['diagnostics', 'calls'])
    await vi.waitFor(() => expect(document.querySelector('[role=dialog]')).toBeNull())
    await vi.advanceTimersByTimeAsync(61_000)
    expect(closed).not.toHaveBeenCalled()
    if (how === 'taken back') may = null
    await vi.advanceTimersByTimeAsync(how === 'over' ? 3600_000 : 61_000)
    expect(closed).toHaveBeenCalledOnce()
  })
})

describe('what was logged or thrown', () => {
  const CANARY = '王磊 13800138000 Canary Smith wmAbC-123'
  it('is shown as what it is, never as what it says', () => {
    const thrown = Object.assign(new TypeError(`Cannot read properties of undefined (reading '${CANARY}')`), {
      stack: `TypeError: ${CANARY}\n at ${CANARY} (https://x.test/assets/index-Ab1.js:1:234)`,
    })
    let parsing: unknown
    try {
      JSON.parse(CANARY)
    } catch (error) {
      parsing = error
    }
    const refusal = new ClientRefusal('timeout', CANARY)
    const failure = new CallFailure('busy', CANARY, CANARY)
    const named = Object.assign(new Error(CANARY), { name: CANARY, why: CANARY })
    const all = [thrown, parsing, refusal, failure, named, CANARY, { CANARY }, [CANARY], 13800138000, null]
    const said = withheld(all)
    for (const part of CANARY.split(' ')) expect(said).not.toContain(part)
    expect(said.split(' · ')).toEqual([
      'TypeError Cannot read properties of undefined @index-Ab1.js:1:234',
      'SyntaxError Unexpected token',
      `ClientRefusal timeout (text of ${CANARY.length}, withheld)`,
      `CallFailure busy (text of ${CANARY.length}, withheld)`,
      `Error (text of ${CANARY.length}, withheld)`,
      `(text of ${CANARY.length}, withheld)`,
      '(object)',
      '(list of 1)',
      '(number)',
      '(null)',
    ])
  })
})

describe('an administrator', () => {
  it('opens it for a member with a reason, sees for whom it is open, and ends it', async () => {
    let grants: DebugGrant[] = []
    answers(listRights, () => ({ items: [], next: null, others: 3 }))
    answers(listDebug, () => ({ items: grants, next: null }))
    answers(findMembers, () => ({ items: [{ id: 'm2', name: '王磊', department: '销售部' }] }))
    answers(grantDebug, ({ reason }) => {
      grants = [
        { id: 'g1', name: '王磊', department: null, reason, by: '马超', at: at(), until: until(), opened: null },
      ]
      return { grant: 'g1', until: until() }
    })
    answers(endDebug, () => ((grants = []), OK))
    await open('/rights', ['rep', 'admin'])
    await see('现在没有为任何人打开')
    await press('为一位成员打开')
    await type('按姓名查找成员', '王')
    await press(/王磊/)
    await press('打开一小时')
    await see('请写明原因')
    await type('原因', '侧边栏打不开')
    await press('打开一小时')
    await see('还没有用')
    expect(askedOf(grantDebug)).toEqual([{ member: 'm2', reason: '侧边栏打不开' }])
    await press('结束 王磊 的客户端诊断')
    await see('现在没有为任何人打开')
    expect(seen()).toContain('已结束')
  })

  it('is looked at by an auditor, who changes nothing', async () => {
    answers(listRights, () => ({ items: [], next: null, others: 3 }))
    answers(listDebug, () => ({ items: [], next: null }))
    await open('/rights', ['rep', 'auditor'])
    await see('现在没有为任何人打开')
    expect(seen()).not.toContain('为一位成员打开')
  })
})
