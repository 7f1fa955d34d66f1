import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrief } from '../../src/shared/customer'
import {
  endEmergency,
  judgeEmergency,
  listEmergencies,
  openEmergency,
  type Emergency,
} from '../../src/shared/emergency'
import { getMe, signPage } from '../../src/shared/member'
import { chooseLanguage } from '../../src/client/lib/words'
import * as desk from '../support/workbench'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { closeApp, openApp, press, see, text, type } from './page'
import { me, told } from './samples'

// Before anything imports the SDK: it reads the user agent once (facts 6.1).
vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

describe('beside the chat of somebody else’s customer', () => {
  const bridge = new Bridge()
  let door: Door
  let open = false
  beforeEach(() => {
    bridge.reset()
    open = false
    const emergency = { id: 'e1', until: new Date(Date.now() + 3_600_000).toISOString() }
    door = new Door()
      .on(getMe)
      .says(() => me)
      .on(signPage)
      .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
      .on(openBrief)
      .says(() =>
        open
          ? { kind: 'covering', customer: 'c1', brief: told(), emergency }
          : new Refusal('not_found', '没有找到。', 'req-404'),
      )
      .on(openEmergency)
      .says(() => {
        open = true
        return { emergency: 'e1', until: emergency.until }
      })
      .on(endEmergency)
      .says(() => {
        open = false
        return { ok: true }
      })
  })
  afterEach(() => closeApp())

  const choose = (value: string) => document.querySelector<HTMLInputElement>(`input[value=${value}]`)?.click()

  it('one is opened with a reason and words, for an hour, read only, and closed again', async () => {
    await openApp('/sidebar')
    await press('有急事，需要临时查看这位客户')
    await see('他们会在 24 小时内复核')
    await press('打开一小时')
    for (const words of ['请选择理由', '请写明发生了什么']) await see(words)
    expect(door.inputs(openEmergency)).toEqual([])
    choose('incident')
    type('发生了什么', '现场停机，客户找不到人')
    await press('打开一小时')
    await see('这位客户不归您')
    await see('补发报价单')
    const [asked] = door.inputs(openEmergency)
    expect(asked).toMatchObject({ reason: 'incident', words: '现场停机，客户找不到人' })
    for (const act of ['发送交接告知', '添加约定', '请客户决定']) expect(text()).not.toContain(act)
    await press('现在结束')
    await see('这位客户不在您的承接范围')
    expect(door.inputs(endEmergency)).toEqual([{ emergency: 'e1' }])
    expect(text()).not.toContain('补发报价单')
  })

  it('a refusal keeps what was written', async () => {
    door.on(openEmergency).says(() => new Refusal('not_found', '没有找到，或不在您的权限范围。', 'req-9'))
    await openApp('/sidebar')
    await press('有急事，需要临时查看这位客户')
    choose('customer_asks')
    type('发生了什么', '客户急着要合同')
    await press('打开一小时')
    await see('req-9')
    expect(document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')?.value).toBe('客户急着要合同')
  })
})

const at = '2026-12-01T02:00:00.000Z'
const one: Emergency = {
  ...{ id: 'e1', customer: '王*', member: '孙婷', reason: 'incident', words: '现场停机', openedAt: at, until: at },
  ...{ endedAt: null, looks: 3, lead: null, office: null, overdue: true, mine: 'office' },
}

describe('afterwards', () => {
  afterEach(async () => {
    desk.close()
    await chooseLanguage('zh-CN')
  })

  it('is said to be right or not by whoever has to, with words; what is late is said to be late', async () => {
    let now = one
    desk.answers(listEmergencies, () => ({ items: [now], next: null, waiting: 1, year: 4 }))
    desk.answers(judgeEmergency, ({ verdict, words }) => {
      now = { ...now, mine: null, overdue: false, office: { by: '沈岚', at, verdict, words } }
      return { ok: true as const }
    })
    await desk.open('/emergencies', ['rep', 'compliance'])
    for (const words of ['孙婷 查看 王*', '超过 24 小时', '今年 4 次', '打开 3 次', '突发故障或事故', '还没有说明'])
      await desk.see(words)
    await desk.press('提交')
    for (const words of ['请选择', '请写明依据']) await desk.see(words)
    expect(desk.askedOf(judgeEmergency)).toEqual([])
    await desk.tick('妥当')
    await desk.type('说明', '属实，当天修好')
    await desk.press('提交')
    await desk.see('合规 沈岚：妥当。属实，当天修好')
    expect(desk.askedOf(judgeEmergency)).toEqual([{ emergency: 'e1', verdict: 'justified', words: '属实，当天修好' }])
    expect(desk.seen()).not.toContain('这次查看是否妥当')
  })

  it('none, failed, and English', async () => {
    let failing = true
    desk.answers(listEmergencies, () =>
      failing ? new desk.Refusal('internal', '系统出错，已记录。') : { items: [], next: null, waiting: 0, year: 0 },
    )
    await desk.open('/emergencies', ['rep', 'auditor'])
    await desk.see('暂时读不到应急查看')
    failing = false
    await desk.press('再试一次')
    await desk.see('没有应急查看')
    await chooseLanguage('en')
    for (const words of ['No emergency access', 'This year: 0']) expect(desk.seen()).toContain(words)
  })
})
