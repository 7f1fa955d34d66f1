import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrief } from '../../src/shared/customer'
import { getMe, signPage } from '../../src/shared/member'
import { askRestore, getRestore, type OfferedField, type RestoreOffer } from '../../src/shared/restore'
import { chooseLanguage } from '../../src/client/lib/words'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { closeApp, control, openApp, press, see, text } from './page'
import { ago, me, offered, restoreOffer, told, toTell } from './samples'

vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

const bridge = new Bridge()
let door: Door
let brief = told()
let offer: RestoreOffer

/** The page asks and looks by the same path. */
const asks = () => door.inputs(askRestore).filter((input) => 'fields' in input)

const box = (field: string): HTMLInputElement => {
  const rows = [...document.querySelectorAll('label.check')].filter((l) => l.textContent.trim().startsWith(field))
  const input = rows[0]?.querySelector('input')
  if (!input || rows.length > 1) throw new Error(`${rows.length} boxes are called "${field}"`)
  return input
}

const part = (some: Partial<RestoreOffer['parts'][number]> = {}): RestoreOffer['parts'][number] => ({
  part: 'note',
  state: 'asked',
  by: '陈一鸣',
  own: true,
  at: ago(0),
  errcode: null,
  nextAt: ago(0),
  ...some,
})
const fields: OfferedField[] = [
  offered('tags', { after: ['上海', 'A 重点'], out: [{ name: '旧标签', why: 'deleted' }] }),
  offered('remark', { after: ['王总 宏远'] }),
  offered('description', { before: ['我写的'], after: ['对账每月 25 号前'] }),
  offered('company', { is: 'typed' }),
  offered('mobiles', { before: ['139****0002'], after: ['138****0001'], cut: false }),
]
const as = (state: OfferedField['state'], is: OfferedField['is'] = 'restored') =>
  fields.map((f) => (f.is === 'typed' ? { ...f, state } : { ...f, state, is }))

beforeEach(() => {
  bridge.reset()
  brief = told()
  offer = restoreOffer(fields)
  door = new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
    .on(openBrief)
    .says(() => ({ kind: 'inherited', customer: 'c1', brief }))
    .on(getRestore)
    .says(() => offer)
    .on(askRestore)
    .says(() => (offer = restoreOffer(as('asked', 'write'), [part({ part: 'tags' }), part()])))
})
afterEach(async () => {
  await chooseLanguage('zh-CN')
  closeApp()
})

describe('what the predecessor left, beside the customer', () => {
  it('is not asked for and not named before the customer is told (DESIGN 4.4)', async () => {
    brief = toTell()
    await openApp('/sidebar')
    await see('告知客户后可见')
    expect(text()).not.toContain('恢复标签和备注')
    expect(door.inputs(getRestore)).toEqual([])
  })

  it('says for each field what stands there and what would, what is left alone and why', async () => {
    await openApp('/sidebar')
    await see('恢复标签和备注')
    for (const said of [
      '加上 上海、A 重点',
      '「旧标签」已从企业标签里删除，不恢复',
      '（空）→ 王总 宏远',
      '接在您写的后面：对账每月 25 号前',
      '备注公司 · 您已写了，不会改动',
      '加上 138****0001，已有的保留',
    ])
      expect(text()).toContain(said)
  })

  it('restores what is ticked, follows it until it is done, and says when and by whom', async () => {
    await openApp('/sidebar')
    await see('恢复标签和备注')
    box('手机号').click()
    await press('恢复')
    await see('正在写回企业微信')
    expect(asks()).toEqual([{ handover: 'h1', fields: ['tags', 'remark', 'description'] }])
    offer = restoreOffer(as('done'), [
      part({ part: 'tags', state: 'done', nextAt: null }),
      part({ state: 'done', nextAt: null }),
    ])
    await see('已恢复：标签、备注、描述')
    expect(text()).toContain('写回企业微信')
    expect(() => control('恢复')).toThrow()
    // The history has a new line.
    await vi.waitFor(() => expect(door.inputs(openBrief).length).toBeGreaterThan(1))
  })

  it('a manager asked for it: said whose deed it was', async () => {
    offer = restoreOffer(as('done'), [part({ state: 'done', by: '周敏', own: false, nextAt: null })])
    await openApp('/sidebar')
    await see('周敏 于')
    expect(text()).toContain('为您恢复')
  })

  it('WeCom is busy: when it is tried again, and nothing to do', async () => {
    offer = restoreOffer(as('asked', 'write'), [part({ errcode: 45009, nextAt: ago(-0.1) })])
    await openApp('/sidebar')
    await see('错误码 45009')
    expect(text()).toContain('不用操作')
    expect(() => control('恢复')).toThrow()
  })

  it('partly done and partly refused: what is done, what to do about the rest', async () => {
    offer = restoreOffer(
      fields.map((f) => (f.field === 'tags' ? { ...f, is: 'restored', state: 'done' } : { ...f, state: 'failed' })),
      [part({ part: 'tags', state: 'done', nextAt: null }), part({ state: 'failed', errcode: 84061, nextAt: null })],
    )
    await openApp('/sidebar')
    await see('已恢复：标签')
    expect(text()).toContain('重新加为好友后再试一次')
    await press('再试一次')
    await see('正在写回企业微信')
    expect(asks()).toEqual([{ handover: 'h1', fields: ['remark', 'description', 'mobiles'] }])
  })

  it('nothing was left, or all of it is there: said in one line', async () => {
    offer = restoreOffer()
    await openApp('/sidebar')
    await see('林晓 没有留下标签和备注')
    closeApp()
    offer = restoreOffer(fields.map((f) => ({ ...f, is: 'same', out: [] })))
    await openApp('/sidebar')
    await see('林晓 留下的标签和备注您都有了')
    expect(() => control('恢复')).toThrow()
  })

  it('nothing ticked: nothing can be asked for; the server refuses: said beside the button, ticks stay', async () => {
    offer = restoreOffer([offered('remark', { after: ['王总'] })])
    await openApp('/sidebar')
    await see('恢复标签和备注')
    box('备注').click()
    await see('请至少勾选一项')
    expect(control('恢复').hasAttribute('disabled')).toBe(true)
    box('备注').click()
    door.on(askRestore).says(() => new Refusal('busy', '系统正忙，请稍后再试。', 'req-9'))
    await press('恢复')
    await see('系统正忙')
    expect(text()).toContain('req-9')
  })

  it('in English, too', async () => {
    await chooseLanguage('en')
    await openApp('/sidebar')
    await see('Restore tags and remarks')
    expect(text()).toContain('After what you wrote: 对账每月 25 号前')
    expect(text()).toContain('you wrote your own, it stays')
  })
})
