import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrief } from '../../src/shared/customer'
import { getMe, signPage } from '../../src/shared/member'
import { getRestore } from '../../src/shared/restore'
import { reveal } from '../../src/shared/reveal'
import { Bridge } from './bridge'
import { Door, Refusal } from './door'
import { closeApp, openApp, press, see, text, type } from './page'
import { me, restoreOffer, told } from './samples'

vi.hoisted(() => {
  Object.defineProperty(navigator, 'userAgent', { value: 'Chrome/107.0 wxwork/5.0.11', configurable: true })
})

const bridge = new Bridge()
let door: Door
const NUMBER = '13800001234'

beforeEach(() => {
  bridge.reset()
  door = new Door()
    .on(getMe)
    .says(() => me)
    .on(signPage)
    .says(() => ({ timestamp: 1, nonceStr: 'n', signature: 's' }))
    .on(openBrief)
    .says(() => ({ kind: 'inherited', customer: 'c1', brief: told() }))
    .on(getRestore)
    .says(() => restoreOffer())
    .on(reveal)
    .says(() => ({ values: [NUMBER], left: 29, seconds: 30 }))
})
afterEach(() => {
  vi.useRealTimers()
  closeApp()
})

const openSheet = async () => {
  await openApp('/sidebar')
  await press('标签与备注')
  await press('查看完整')
  await see('为什么需要')
}
const kept = () => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])

describe('a masked value in full (T-13)', () => {
  it('is asked for with a reason, shown for thirty seconds, then gone from the page', async () => {
    await openSheet()
    await press('查看')
    await see('请选择理由')
    expect(door.inputs(reveal)).toEqual([])
    await press('要给客户打电话')
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    await press('查看')
    await see(NUMBER)
    expect(door.inputs(reveal)).toEqual([{ customer: 'c1', field: 'mobiles', reason: 'call' }])
    await vi.advanceTimersByTimeAsync(29_000)
    expect(text()).toContain(NUMBER)
    expect(text()).toContain('1 秒后隐藏')
    await vi.advanceTimersByTimeAsync(1_500)
    expect(document.documentElement.outerHTML).not.toContain(NUMBER)
    expect(kept()).not.toContain(NUMBER)
    expect(text()).toContain('今天还可查看 29 次')
  })

  it('is gone at once when the page is hidden, and when the sheet is closed', async () => {
    await openSheet()
    await press('要给客户打电话')
    await press('查看')
    await see(NUMBER)
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    await see('内容已隐藏')
    expect(text()).not.toContain(NUMBER)
  })

  it('needs words for another reason, and says when the day’s budget is used up; what was typed stays', async () => {
    door.on(reveal).says(() => new Refusal('reveals_used', '今天的次数已用完。'))
    await openSheet()
    await press('其他（请写明）')
    await press('查看')
    await see('请写明理由')
    type('补充说明', '合同要用')
    await press('查看')
    await see('今天的次数已用完')
    expect(document.querySelector<HTMLInputElement>('input[type=text]')?.value).toBe('合同要用')
  })
})

describe('the watermark', () => {
  it('names who looks, with the end of their staff id and the time, over what is F2 or above, and is no text of the page', async () => {
    await openApp('/sidebar')
    await see('补发报价单')
    const mark = await vi.waitFor(() => {
      const found = document.querySelector('.water-mark i')
      if (!found) throw new Error('no watermark')
      return found
    })
    expect(mark.getAttribute('data-mark')).toMatch(/^陈一鸣 ming \d{4}-\d\d-\d\d \d\d:\d\d$/)
    expect(document.querySelector('.water-mark')?.textContent).toBe('')
    expect(document.querySelector('.water-mark')?.getAttribute('aria-hidden')).toBe('true')
  })
})
