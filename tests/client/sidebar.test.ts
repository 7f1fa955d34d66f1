import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findChat, listCommonGroups, listInherited, moreHistory, openBrief } from '../../src/shared/customer'
import { getMe, signPage } from '../../src/shared/member'
import { getChoices, prepareQuestion, type Choices } from '../../src/shared/asking'
import { openGroupChat, prepareGroupNotice, settleGroupNotice } from '../../src/shared/groupchat'
import { prepareNotice, settleNotice, unreachableReasons, type UnreachableReason } from '../../src/shared/notice'
import { listNotes } from '../../src/shared/note'
import { addPromise, keepPromise } from '../../src/shared/promise'
import { getRestore } from '../../src/shared/restore'
import { getFirstWeek } from '../../src/shared/task'
import { getSight } from '../../src/shared/sight'
import { labels } from '../../src/shared/handover'
import { toast } from '../../src/client/ui/toast'
import { nextStep } from '../../src/client/customer/next'
import { chooseLanguage } from '../../src/client/lib/words'
import { Bridge } from './bridge'
import { cutOff, Door, Refusal } from './door'
import { closeApp, control, openApp, press, see, text, type } from './page'
import { ago, attempt, inheritedRow, me, objected, restoreOffer, standing, told, toTell } from './samples'

// Before anything imports the SDK: it reads the user agent once (facts 6.1).
vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

const bridge = new Bridge()
let door: Door
/** What the server would answer to the next look at the customer. */
let brief = toTell()

let choices: Choices['items'] = []
beforeEach(() => {
  bridge.reset()
  choices = []
  brief = toTell()
  door = new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
    .on(openBrief)
    .says(() => ({ kind: 'inherited', customer: 'c1', brief }))
    .on(getRestore)
    .says(() => restoreOffer())
    .on(prepareNotice)
    .says(() => attempt)
    .on(getChoices)
    .says(() => ({ mark: 'a', items: choices, child: null }))
    .on(prepareQuestion)
    .says(() => attempt)
    .on(listNotes)
    .says(() => ({ items: [], next: null }))
    .on(listInherited)
    .says(() => ({ items: [], next: null, total: 1, toTell: 0, inChat: 0 }))
    .on(getFirstWeek)
    .says(() => ({ takenAt: ago(36), over: false, tasks: [], clock: null }))
    .on(settleNotice)
    .says(({ outcome }) => {
      if (outcome === 'sent') brief = told()
      return { ok: true, state: outcome === 'sent' ? 'sent' : 'prompted', at: new Date().toISOString() }
    })
})
afterEach(() => {
  vi.useRealTimers()
  closeApp()
})

const openSheet = async () => {
  await openApp('/sidebar')
  await press('发送交接告知')
  await see('客户会看到')
}

describe('a customer just taken over', () => {
  it('says who, from whom, how it stands and the one thing to do; the rest says what opens it', async () => {
    await openApp('/sidebar')
    await see('先告诉客户换人了，再查看更多')
    for (const said of [
      '王磊',
      '宏远建材 采购经理',
      '承接自 林晓',
      '已接替 · 尚未告知客户',
      '2 项约定',
      '最近 36 条跟进记录',
    ])
      expect(text()).toContain(said)
    expect(text()).not.toContain('补发报价单')
    expect(door.inputs(openBrief)).toEqual([{ contact: 'wm-wang' }])
    expect(bridge.calls.map(({ name }) => name)).not.toContain('sendChatMessage')
  })

  it('says what runs out, what happened last, and why the one next step comes first (T-87)', async () => {
    await openApp('/sidebar')
    await see('请在 3')
    expect(text()).toMatch(/请在 3[56] 小时 \d+ 分 内告知，之后由负责人换渠道/)
    expect(text()).toContain('最近：')
    expect(text()).toContain('企业微信给出结果')
    expect(document.querySelectorAll('.van-button--primary')).toHaveLength(1)
    closeApp()
    const left = ago(340 * 24)
    brief = toTell({
      label: 'to_send',
      transfer: 'approved',
      settledAt: null,
      from: { name: '林晓', gone: true, leftAt: left },
    })
    await openApp('/sidebar')
    await see('离职满一年后企业微信不再接替，还有 25 天')
  })

  it.each(labels)('%s: every state says what is next and why', (label) => {
    const step = nextStep(toTell({ label }), new Date())
    expect([step.title, step.why].every((words) => words.length > 3 && !words.includes('{'))).toBe(true)
  })

  it('says why a notice did not arrive; of one that nobody sent it does not say that it did not arrive', async () => {
    const said = (undelivered: UnreachableReason | null) =>
      nextStep(toTell({ label: 'not_reached', notice: 'unreachable', undelivered }), new Date()).title
    expect(said('not_friend')).toContain('已不是您的企业微信好友')
    expect(said('not_sent')).not.toContain('没有送达')
    expect(new Set(unreachableReasons.map(said)).size).toBe(unreachableReasons.length)
    brief = toTell({ label: 'not_reached', notice: 'unreachable', undelivered: 'cap' })
    await openApp('/sidebar')
    await see('客户这个月收到的群发已满')
    await press('发送交接告知')
    await see('说得最全')
    await press('卡片')
    await see('详情点开才看到')
  })

  it('says why one may see them', async () => {
    await openApp('/sidebar')
    door.on(getSight).says(() => ({
      right: 'assigned',
      stage: 'V1',
      since: ago(70),
      chosen: ['region', 'room'],
      classes: [
        { of: 'F1', shown: 'plain', opens: null },
        { of: 'F2', shown: 'flag', opens: 'told' },
        { of: 'F6', shown: 'closed', opens: 'never' },
      ],
    }))
    await see('为什么我能看到这位客户')
    expect(door.inputs(getSight)).toEqual([])
    await press('为什么我能看到这位客户')
    await see('赵敏 提交方案，周文 于')
    await see('已审批，客户还不知道换人')
    expect(text()).toContain('为什么是您：同地区，您的客户数在上限内。')
    expect(text()).toContain('告知客户后打开')
    expect(text()).toContain('不对接替成员打开')
  })

  it('opens up in the same places once the notice is out, and only WeCom’s own ok makes it so', async () => {
    await openSheet()
    expect([...document.querySelectorAll('mark')].map((m) => m.textContent)).toEqual(attempt.filled)
    let confirm = () => undefined as void
    bridge.answers['sendChatMessage'] = () => 'silence'
    const asked = new Promise<void>((done) => (confirm = done))
    bridge.answers['sendChatMessage'] = () => (confirm(), { err_msg: 'sendChatMessage:ok' })
    await press('发送')
    await asked
    await see('已发送')
    expect(bridge.named('sendChatMessage')[0]).toMatchObject({ msgtype: 'text', text: { content: attempt.text } })
    expect(door.inputs(settleNotice)).toEqual([{ attempt: 'a1', form: 'text', outcome: 'sent' }])
    await press('完成')
    await see('补发报价单')
    await see('发送了交接告知（文字）')
  })

  it('sends a card when asked to', async () => {
    await openSheet()
    await press('卡片')
    await see('服务人员变更告知')
    await press('发送')
    await see('已发送')
    expect(bridge.named('sendChatMessage')[0]).toMatchObject({
      msgtype: 'news',
      news: { link: attempt.link, title: attempt.card.title, desc: attempt.card.text },
    })
  })

  it('tells cancelled, failed and sent apart, and tries again with a fresh attempt', async () => {
    bridge.says('sendChatMessage', 'cancel')
    await openSheet()
    await press('发送')
    await see('您在企业微信里取消了')
    expect(text()).not.toContain('已发送')
    bridge.says('sendChatMessage', 'fail no permission')
    await press('再试一次')
    await see('应用没有发送消息的权限')
    expect(text()).not.toContain('已发送')
    expect(door.inputs(settleNotice).map(({ outcome }) => outcome)).toEqual(['cancelled', 'failed'])
    expect(door.inputs(prepareNotice)).toHaveLength(2)
  })

  it('keeps “sent” when our server cannot be told, says so, and tells it later', async () => {
    door.on(settleNotice).says(() => new Refusal('busy', '系统正忙。', 'req-busy'))
    await openSheet()
    await press('发送')
    await see('消息已经发出，但还没能记录下来')
    expect(text()).toContain('req-busy')
    const kept = localStorage.getItem('jiebang.outcomes') ?? ''
    expect(JSON.parse(kept)).toMatchObject([{ attempt: 'a1', form: 'text', outcome: 'sent' }])
    expect(kept).not.toMatch(/王|陈|宏远|wm-wang/)
    door.on(settleNotice).says(() => ({ ok: true, state: 'sent', at: new Date().toISOString() }))
    await press('现在再试')
    await see('已发送')
    expect(localStorage.getItem('jiebang.outcomes')).toBeNull()
  })

  it('sends nothing into a chat that is another customer’s by now', async () => {
    await openSheet()
    bridge.says('getCurExternalContact', 'ok', { userId: 'wm-li' })
    await press('发送')
    await see('没有发送')
    expect(bridge.named('sendChatMessage')).toEqual([])
  })

  it('does not claim anything while WeCom is silent, and believes a late ok', async () => {
    let answer = () => undefined as void
    await openSheet()
    const bridgeObject = (window as unknown as { WeixinJSBridge: { invoke: (...args: never[]) => void } })
      .WeixinJSBridge
    const invoke = bridgeObject.invoke
    bridgeObject.invoke = (name: string, params: object, back: (res: object) => void) => {
      if (name === 'sendChatMessage') answer = () => back({ err_msg: 'sendChatMessage:ok' })
      else (invoke as (...args: unknown[]) => void)(name, params, back)
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await press('发送')
    await vi.advanceTimersByTimeAsync(89_000)
    expect(text()).toContain('请在企业微信的确认框里点')
    await vi.advanceTimersByTimeAsync(2000)
    vi.useRealTimers()
    await see('还不知道有没有发出')
    expect(text()).not.toContain('已发送')
    expect(door.inputs(settleNotice)).toEqual([])
    answer()
    await see('已发送')
    bridgeObject.invoke = invoke
  })
})

describe('away from the chat', () => {
  it('the chat is opened from the page, because only there it can be sent; what WeCom does not open is said', async () => {
    door.on(findChat).says(() => ({ contact: 'wm-wang' }))
    bridge.says('openEnterpriseChat', 'fail no permission')
    await openApp('/workbench', '/c/c1')
    await press('发送交接告知')
    await see('聊天打开后，在侧边栏')
    await press('打开聊天')
    await see('企业微信没有打开聊天。请自己打开')
    await press('知道了')
    bridge.says('openEnterpriseChat', 'ok', { chatId: '' })
    await press('发送交接告知')
    await press('打开聊天')
    await vi.waitFor(() => expect(text()).not.toContain('要从聊天里发送'))
    expect(bridge.named('openEnterpriseChat').map((said) => said['externalUserIds'])).toEqual(['wm-wang', 'wm-wang'])
    expect(door.inputs(findChat)).toEqual([{ customer: 'c1' }, { customer: 'c1' }])
    expect(bridge.named('sendChatMessage')).toEqual([])
  })
})

describe('my customers, one after the other', () => {
  it('the next one to tell is one tap away, and another when somebody comes back from the chat', async () => {
    let left = [inheritedRow(1, { label: 'not_reached' }), inheritedRow(2)]
    door
      .on(findChat)
      .says(({ customer }) => ({ contact: `wm-${customer}` }))
      .on(listInherited)
      .says(() => ({
        items: [...left, inheritedRow(3, { label: 'told' })],
        next: null,
        total: 3,
        toTell: left.length,
        inChat: left.length,
      }))
    bridge.says('openEnterpriseChat', 'ok', { chatId: '' })
    await openApp('/workbench', '/inherited')
    await press('告知下一位：客1*')
    await press('打开聊天')
    await vi.waitFor(() => expect(bridge.named('openEnterpriseChat')).toHaveLength(1))
    left = left.slice(1)
    window.dispatchEvent(new Event('focus'))
    await see('告知下一位：客2*')
    left = []
    await press('告知下一位：客2*')
    await press('打开聊天')
    await vi.waitFor(() => expect(bridge.named('openEnterpriseChat')).toHaveLength(2))
    window.dispatchEvent(new Event('focus'))
    await see('都已告知或在等待接替')
    expect(text()).not.toContain('告知下一位')
    expect(door.inputs(findChat).map(({ customer }) => customer)).toEqual(['c1', 'c2'])
  })
})

describe('one customer after the other, beside their chats', () => {
  it('whoever is to be told next is one tap away once the notice is out', async () => {
    door
      .on(findChat)
      .says(({ customer }) => ({ contact: `wm-${customer}` }))
      .on(listInherited)
      .says(() => ({ items: [inheritedRow(2)], next: 'x', total: 9, toTell: 8, inChat: 8 }))
    bridge.says('openEnterpriseChat', 'fail no permission')
    await openSheet()
    expect(door.inputs(listInherited)).toEqual([])
    await press('发送')
    await see('还有 8 位客户等您告知')
    expect(door.inputs(listInherited)).toEqual([{ limit: 1 }])
    expect(document.querySelectorAll('.sheet .van-button--primary')).toHaveLength(1)
    await press('告知下一位：客2*')
    await see('请自己打开和 客2* 的聊天')
    bridge.says('openEnterpriseChat', 'ok', { chatId: '' })
    await press('告知下一位：客2*')
    await vi.waitFor(() => expect(document.querySelector('.sheet')).toBeNull())
    expect(bridge.named('openEnterpriseChat').map((said) => said['externalUserIds'])).toEqual(['wm-c2', 'wm-c2'])
  })

  it('the last one is told so, and a list that cannot be read stands in nobody’s way', async () => {
    await openSheet()
    await press('发送')
    await see('没有等您在聊天里告知的了')
    closeApp()
    brief = toTell()
    door.on(listInherited).says(() => new Refusal('busy', '系统正忙。', 'req-busy'))
    await openSheet()
    await press('发送')
    await vi.waitFor(() => expect(door.inputs(listInherited)).toHaveLength(2))
    await press('完成')
    await see('补发报价单')
    expect(text()).not.toContain('req-busy')
  })
})

describe('other states of the handover', () => {
  it.each([
    [
      'waiting',
      toTell({
        label: 'waiting',
        transfer: 'waiting',
        takeoverAt: new Date(Date.now() + 5.2 * 3600_000).toISOString(),
      }),
      '还要等 5 小时 12 分',
    ],
    ['refused', objected('refused'), '请不要通过其他方式添加或联系客户'],
    ['wants another', objected('wants_other'), '客户希望换一位服务人员'],
    ['full', toTell({ label: 'full', transfer: 'successor_limit' }), '您的客户数已达上限'],
    ['failed', toTell({ label: 'failed', transfer: 'failed', errcode: 40096 }), '错误码 40096'],
    ['unconfirmed', toTell({ label: 'unconfirmed', transfer: 'waiting' }), '请先不要告诉客户已经接替'],
  ])('%s: says what to do, and offers no notice', async (_, state, said) => {
    brief = state
    await openApp('/sidebar')
    await see(said)
    expect(() => control('发送交接告知')).toThrow('0 controls')
  })
})

describe('a customer who was told', () => {
  beforeEach(() => {
    brief = told()
    door.on(keepPromise).says(() => ({ ok: true }))
  })

  it('shows what hurts first, the timeline with its authors, and what it does not know as a plain record', async () => {
    await openApp('/sidebar')
    await see('逾期 2 天')
    expect(text().indexOf('确认发货时间')).toBeLessThan(text().indexOf('补发报价单'))
    await see('备注写为「王磊-宏远」')
    expect(text()).toContain('林晓 · 从企业微信同步')
    expect(text()).toContain('其他记录')
    await press('标签与备注')
    await see('重点客户')
    expect(text()).toContain('138****1234')
    await press('告知与选择')
    await see('企业微信给出结果')
    await see('没有需要客户同意才能看的内容，不用问。')
  })

  it('looks through the whole timeline by kind and by words, at the server', async () => {
    door.on(moreHistory).says(({ about, words }) => ({
      items: words === '样品' ? [] : [{ ...told().history!.items[1]!, id: `${about} ${words}` }],
      next: null,
    }))
    await openApp('/sidebar')
    await see('聊天记录不会转来')
    expect(door.inputs(moreHistory)).toEqual([])
    await press('备注与标签')
    await vi.waitFor(() => expect(door.inputs(moreHistory)).toMatchObject([{ customer: 'c1', about: 'note' }]))
    type('在全部记录里找', '样品')
    await see('没有找到。被遮住的内容不在查找范围里。')
    expect(door.inputs(moreHistory).at(-1)).toMatchObject({ about: 'note', words: '样品' })
    await press('全部')
    type('在全部记录里找', '')
    await see('备注写为「王磊-宏远」')
  })

  it('names the groups in common when they are asked for', async () => {
    door.on(listCommonGroups).says(() => ({
      items: [
        {
          chat: 'wr-1',
          name: '年度供货群',
          members: 12,
          owner: '林晓',
          mine: false,
          from: '林晓',
          label: 'inheriting',
        },
        { chat: 'wr-2', name: '售后群', members: 5, owner: '陈一鸣', mine: true, from: null, label: null },
      ],
    }))
    await openApp('/sidebar')
    await press('群聊')
    await see('年度供货群')
    expect(text()).toContain('承接自 林晓')
    expect(text()).toContain('企业微信正在转')
    expect(text()).toContain('群主是您')
  })

  it('asks the customer from its tab, one purpose at a time, and only where it may be asked', async () => {
    const one = { state: 'required', at: null, until: null, why: null, from: null, spoken: null } as const
    choices = [
      { ...one, purpose: 'history_raw', may: 'ask' },
      { ...one, purpose: 'sensitive_use', state: 'refused', may: null, why: 'ask_refused' },
    ]
    await openApp('/sidebar')
    await press('告知与选择')
    await see('客户不同意。照常服务，不要再问')
    await press('请客户决定')
    await see('发送问题')
    expect(door.inputs(prepareQuestion)).toEqual([{ handover: 'h1', purpose: 'history_raw', language: 'zh-CN' }])
  })

  it('marks a promise as kept, once and by its key, unless it is taken back within six seconds: then nothing leaves (Q72)', async () => {
    await openApp('/sidebar')
    await press('标记为已兑现：补发报价单')
    await press('撤销')
    await press('标记为已兑现：补发报价单')
    await see('几秒后保存')
    expect(door.inputs(keepPromise)).toEqual([])
    vi.useFakeTimers({ now: Date.now() + 6001, toFake: ['Date'] })
    const { flush } = await import('../../src/client/lib/waiting')
    await Promise.all([flush(), flush()])
    vi.useRealTimers()
    await see('已记为兑现')
    expect(door.inputs(keepPromise)).toEqual([{ promise: 'p1' }])
  })

  it('what the server refuses of it is shown as the server has it within a second, and why (Q72)', async () => {
    await openApp('/sidebar')
    door.on(keepPromise).says(() => new Refusal('not_found', '这条约定已经不在了。'))
    toast.value = ''
    const before = door.inputs(openBrief).length
    await press('标记为已兑现：补发报价单')
    await see('几秒后保存')
    vi.useFakeTimers({ now: Date.now() + 6001, toFake: ['Date'] })
    const { flush, undo, waiting } = await import('../../src/client/lib/waiting')
    await flush()
    vi.useRealTimers()
    await vi.waitFor(() => {
      control('标记为已兑现：补发报价单')
      expect(door.inputs(openBrief).length).toBeGreaterThan(before)
      expect(text()).toContain('这条约定已经不在了。')
    }, 1000)
    expect(text()).not.toContain('已记为兑现')
    for (const { key } of waiting.value) await undo(key)
  })

  it('keeps what is being written over a chat switch, and clears it when it is saved', async () => {
    door.on(addPromise).says(({ text: words }) => ({
      id: 'p9',
      text: words,
      due: null,
      madeBy: '陈一鸣',
      madeAt: new Date().toISOString(),
      source: 'member',
      keptAt: null,
      takenBy: null,
    }))
    await openApp('/sidebar')
    await press('记下一个约定')
    await vi.waitFor(() => control('答应了客户什么'), 5000)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    type('答应了客户什么', '寄两套样品')
    await vi.advanceTimersByTimeAsync(300)
    expect(localStorage.getItem('jiebang.draft.promise.c1')).toMatch(/^\d+ 寄两套样品$/)
    vi.useRealTimers()
    await press('保存')
    await see('已保存')
    expect(door.inputs(addPromise)).toEqual([{ handover: 'h1', text: '寄两套样品', due: null }])
    expect(localStorage.getItem('jiebang.draft.promise.c1')).toBeNull()
  })
})

describe('words that hold something sensitive', () => {
  it('are asked about once, and saved as meant (T-16)', async () => {
    brief = told()
    door.on(addPromise).says(({ text: words, sure }) =>
      sure
        ? {
            id: 'p9',
            text: words,
            due: null,
            madeBy: '陈一鸣',
            madeAt: ago(0),
            source: 'member',
            keptAt: null,
            takenBy: null,
          }
        : new Refusal('think_twice', '里面有健康信息。'),
    )
    await openApp('/sidebar')
    await press('添加约定')
    await vi.waitFor(() => control('答应了客户什么'), 5000)
    type('答应了客户什么', '等手术后再约')
    await press('保存')
    await see('里面有健康信息')
    type('答应了客户什么', '等下周手术后再约')
    await press('保存')
    await press('确认无误，仍要保存')
    await see('已保存')
    expect(door.inputs(addPromise).map(({ text: words, sure }) => [words, sure])).toEqual([
      ['等手术后再约', undefined],
      ['等下周手术后再约', undefined],
      ['等下周手术后再约', true],
    ])
  })
})

describe('beside a group’s chat', () => {
  beforeEach(() => {
    bridge.says('getContext', 'ok', { entry: 'group_chat_tools' })
    bridge.says('getCurExternalContact', 'fail_without context of external contact')
    bridge.says('getCurExternalChat', 'ok', { chatId: 'wr-1' })
    let sentAt: string | null = null
    door
      .on(openGroupChat)
      .says(() => ({
        ...{ name: '年度供货群', members: 12, owner: '陈一鸣', mine: true, others: 2 },
        handover: { from: '林晓', gone: true, successor: '陈一鸣', toMe: true, label: 'moved', settledAt: ago(30) },
        notice: { may: true, sentAt, by: sentAt && '陈一鸣' },
        customers: [
          { ...standing({ label: 'told', sentAt: ago(2) }), customer: 'c1', from: '林晓', company: '宏远建材' },
          { ...standing({ handover: 'h2' }), customer: 'c2', from: '林晓', shortName: '李*', company: null },
        ],
      }))
      .on(prepareGroupNotice)
      .says(() => ({
        id: 'g1',
        text: '大家好，我是宏远的陈一鸣。',
        filled: ['宏远', '陈一鸣'],
        characters: 13,
        late: false,
      }))
      .on(settleGroupNotice)
      .says(({ outcome }) => {
        if (outcome === 'sent') sentAt = ago(0)
        return { ok: true, at: ago(0) }
      })
  })

  it('says whose it was, who of mine is in it and what each was told, and that the group’s notice tells nobody singly', async () => {
    await openApp('/sidebar')
    await see('先在群里说一声由您接替')
    for (const said of [
      '年度供货群',
      '群主是您',
      '承接自 林晓',
      '已转给您',
      '王* · 宏远建材',
      '李*',
      '尚未告知客户',
      '另有 2 位客户',
    ])
      expect(text()).toContain(said)
    expect(text()).toContain('不等于告知了每位客户')
    expect(door.inputs(openGroupChat)).toEqual([{ chat: 'wr-1' }])
    expect(document.querySelectorAll('.van-button--primary')).toHaveLength(1)
  })

  it('sends the group’s notice by WeCom’s own confirmation, and never into another chat', async () => {
    await openApp('/sidebar')
    await press('发送群告知')
    await see('客户会看到')
    expect(() => control('卡片')).toThrow('0 controls')
    bridge.says('getCurExternalChat', 'ok', { chatId: 'wr-2' })
    await press('发送')
    await see('聊天已经切换')
    expect(bridge.named('sendChatMessage')).toEqual([])
    bridge.says('getCurExternalChat', 'ok', { chatId: 'wr-1' })
    await press('关闭')
    await press('发送群告知')
    await see('客户会看到')
    await press('发送')
    await see('群里已经说了')
    expect(bridge.named('sendChatMessage')[0]).toMatchObject({
      msgtype: 'text',
      text: { content: '大家好，我是宏远的陈一鸣。' },
    })
    expect(door.inputs(settleGroupNotice)).toEqual([{ attempt: 'g1', outcome: 'sent' }])
    expect(door.inputs(settleNotice)).toEqual([])
    await press('完成')
    await see('告知了群里')
  })

  it('a group of others and none have one page', async () => {
    door.on(openGroupChat).says(() => new Refusal('not_found', '没有找到。', 'req-g'))
    await openApp('/sidebar')
    await see('没有这个群的资料')
    expect(text()).toContain('req-g')
  })
})

describe('what stands in the way has its own page (Q68)', () => {
  const titles = new Set<string>()
  const blocked = async (title: string, action: string) => {
    await openApp('/sidebar')
    await see(title)
    expect(control(action)).toBeTruthy()
    expect(document.querySelector('[aria-busy=true]')).toBeNull()
    titles.add(title)
  }

  it('a group that the client does not name', async () => {
    bridge.says('getContext', 'ok', { entry: 'group_chat_tools' })
    bridge.says('getCurExternalContact', 'fail_without context of external contact')
    bridge.says('getCurExternalChat', 'fail_without context of external contact')
    await blocked('这里是客户群', '查看我承接的客户')
  })
  it('no chat at all', async () => {
    bridge.says('getContext', 'ok', { entry: 'normal' })
    bridge.says('getCurExternalContact', 'fail_without context of external contact')
    await blocked('这里不是客户的单聊', '再试一次')
  })
  it('no permission', async () => {
    bridge.says('getCurExternalContact', 'fail no permission')
    await blocked('应用或您的账号没有客户联系权限', '再试一次')
  })
  it('too old a client', async () => {
    bridge.says('getCurExternalContact', 'fail_function not exist')
    await blocked('这个客户端没有需要的接口', '再试一次')
  })
  it('an unexplained failure keeps what the client said', async () => {
    bridge.says('getCurExternalContact', 'fail_something odd')
    await blocked('企业微信没有说明原因', '再试一次')
    expect(text()).toContain('something odd')
  })
  it('nobody’s or somebody else’s customer', async () => {
    door.on(openBrief).says(() => new Refusal('not_found', '没有找到。', 'req-404'))
    await blocked('这位客户不在您的承接范围', '再查一次')
    expect(text()).toContain('req-404')
  })
  it('a fault of ours, with the number to quote', async () => {
    door.on(openBrief).says(() => new Refusal('internal', '系统出错，已记录。', 'req-7f3a'))
    await blocked('暂时打不开这位客户', '再试一次')
    expect(text()).toContain('系统出错，已记录。')
    expect(text()).toContain('req-7f3a')
  })
  it('no network, and on again by itself', async () => {
    door.on(openBrief).says(() => cutOff('ERR_NETWORK'))
    await blocked('没有网络', '再试一次')
    door.on(openBrief).says(() => ({ kind: 'inherited', customer: 'c1', brief }))
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 5000)
    window.dispatchEvent(new Event('online'))
    await see('先告诉客户换人了')
  })
  it('a silent client, told within three seconds, and believed when it speaks after all', async () => {
    const kept = Reflect.get(window, 'WeixinJSBridge') as { invoke: (...args: unknown[]) => void }
    const { invoke } = kept
    let speak = () => undefined as void
    kept.invoke = (name, params, back) => {
      const answer = () => invoke(name, params, back)
      if (name === 'getCurExternalContact') speak = answer
      else answer()
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await openApp('/sidebar')
    await vi.advanceTimersByTimeAsync(2900)
    vi.useRealTimers()
    await see('企业微信没有回应')
    titles.add('企业微信没有回应')
    kept.invoke = invoke
    speak()
    await see('先告诉客户换人了')
  })
  it('each under another title', () => {
    expect(titles.size).toBe(9)
  })
})

it('shows one’s own customer as such', async () => {
  door.on(openBrief).says(() => ({
    kind: 'own',
    farewell: null,
    first: null,
    customer: 'c7',
    contact: { name: '李静', kind: 'wechat', company: null, title: null, since: null },
  }))
  await openApp('/sidebar')
  await see('这是您自己的客户')
})

it('takes the customer off the screen when the chat has changed, before the next one has come', async () => {
  await openApp('/sidebar')
  await see('王磊')
  bridge.says('getCurExternalContact', 'ok', { userId: 'wm-li' })
  let answer = () => undefined as void
  const slow = new Promise<void>((done) => (answer = done))
  door.on(openBrief).says(() => slow.then(() => ({ kind: 'inherited' as const, customer: 'c2', brief })))
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 5000)
  window.dispatchEvent(new Event('focus'))
  await vi.waitFor(() => expect(text()).not.toContain('王磊'))
  answer()
})

it('speaks English when asked to, and remembers it', async () => {
  await openApp('/sidebar')
  await see('先告诉客户换人了')
  await press('English')
  await see('Tell the customer first, then see more')
  expect(document.documentElement.lang).toBe('en')
  expect(localStorage.getItem('jiebang.language')).toBe('en')
  await chooseLanguage('zh-CN')
})
