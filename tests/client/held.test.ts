import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import type { useHeld } from '../../src/client/lib/held'

/** A page anew, as after the way through WeCom: its modules have no memory of the one before. */
async function page() {
  vi.resetModules()
  return import('../../src/client/lib/held')
}
function form(use: typeof useHeld) {
  const form = { open: ref(false), reason: ref(''), days: ref<string[]>([]) }
  use('form.open', form.open)
  use('form.reason', form.reason)
  use('form.days', form.days)
  return form
}
async function left(pressed = true) {
  const { useHeld, holdFields, giveBackTo } = await page()
  giveBackTo('m1')
  const filled = form(useHeld)
  filled.open.value = true
  filled.reason.value = '岗位调整'
  filled.days.value = ['2026-12-01']
  holdFields(pressed)
}

beforeEach(() => sessionStorage.clear())
afterEach(() => {
  vi.useRealTimers()
  sessionStorage.clear()
})

describe('a form that a login interrupted', () => {
  it('is there again afterwards, whole and once, and asks to be pressed again', async () => {
    await left()
    const { useHeld, giveBackTo, pressAgain } = await page()
    const before = form(useHeld)
    expect(before.reason.value).toBe('')
    giveBackTo('m1')
    expect([before.open.value, before.reason.value, before.days.value]).toEqual([true, '岗位调整', ['2026-12-01']])
    expect(pressAgain.value).toBe(true)
    expect(sessionStorage).toHaveLength(0)
    expect(form(useHeld).reason.value).toBe('')
  })

  it('also comes back where the sheet opens only later', async () => {
    await left(false)
    const { useHeld, giveBackTo, pressAgain } = await page()
    giveBackTo('m1')
    expect(form(useHeld).reason.value).toBe('岗位调整')
    expect(pressAgain.value).toBe(false)
  })

  it.each([
    ['somebody else logged in', 'm2', 0],
    ['it took more than ten minutes', 'm1', 10 * 60_000 + 1],
  ])('is forgotten when %s', async (_, member, ms) => {
    await left()
    vi.useFakeTimers({ now: Date.now() + ms, toFake: ['Date'] })
    const { useHeld, giveBackTo, pressAgain } = await page()
    const empty = form(useHeld)
    giveBackTo(member)
    expect([empty.open.value, empty.reason.value, pressAgain.value]).toEqual([false, '', false])
    expect(sessionStorage).toHaveLength(0)
  })

  it.each(['{', 'null', '[]', '"x"', '{"at":1}'])('is not harmed by %s in its place', async (text) => {
    sessionStorage.setItem('jiebang.held', text)
    const { useHeld, giveBackTo } = await page()
    giveBackTo('m1')
    expect(form(useHeld).reason.value).toBe('')
  })

  it('survives a second refusal on the way: nobody is known yet, so nothing is written over it', async () => {
    await left()
    ;(await page()).holdFields(false)
    const { useHeld, giveBackTo } = await page()
    giveBackTo('m1')
    expect(form(useHeld).reason.value).toBe('岗位调整')
  })
})
