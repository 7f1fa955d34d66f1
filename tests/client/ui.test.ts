import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { h, nextTick, ref } from 'vue'
import BottomSheet from '../../src/client/ui/BottomSheet.vue'
import PrimaryButton from '../../src/client/ui/PrimaryButton.vue'
import StateView from '../../src/client/ui/StateView.vue'
import TabBar from '../../src/client/ui/TabBar.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const key = (name: string, more: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }),
  )

describe('TabBar', () => {
  const tabs = ['history', 'left', 'choice'].map((name) => ({ name, title: name }))
  const open = () => {
    const model = ref('history')
    const at = mount(
      () =>
        h(
          TabBar,
          { tabs, label: 'about', modelValue: model.value, 'onUpdate:modelValue': (to: string) => (model.value = to) },
          Object.fromEntries(tabs.map(({ name }) => [name, () => `panel ${name}`])),
        ),
      { attachTo: document.body },
    )
    return { at, model }
  }

  it('moves with the arrows, Home and End, and has one tab stop', async () => {
    const { at, model } = open()
    at.get<HTMLElement>('[role=tab]').element.focus()
    for (const [pressed, name] of [
      ['ArrowRight', 'left'],
      ['End', 'choice'],
      ['ArrowRight', 'history'],
      ['ArrowLeft', 'choice'],
      ['Home', 'history'],
    ] as const) {
      key(pressed)
      await nextTick()
      expect(model.value).toBe(name)
      expect(document.activeElement?.textContent).toBe(name)
      expect(at.get('[role=tabpanel]').text()).toBe(`panel ${name}`)
      expect(at.findAll('[role=tab][tabindex="0"]')).toHaveLength(1)
    }
  })

  it('says which panel belongs to which tab', () => {
    const { at } = open()
    const tab = at.get('[role=tab][aria-selected=true]')
    expect(at.get('[role=tabpanel]').attributes('aria-labelledby')).toBe(tab.attributes('id'))
  })
})

describe('BottomSheet', () => {
  const open = async (locked = false) => {
    document.body.innerHTML = '<button id="opener">open</button><div id="at"></div>'
    const opener = document.querySelector<HTMLElement>('#opener')
    opener?.focus()
    const closed = { times: 0 }
    const sheet = mount(BottomSheet, {
      props: { title: '标题', locked, onClose: () => void closed.times++ },
      slots: { default: '<button>first</button><button>last</button>' },
      attachTo: '#at',
    })
    await nextTick()
    await nextTick()
    return { sheet, closed, opener }
  }

  it('takes the focus, keeps it inside, and gives it back', async () => {
    const { sheet, opener } = await open()
    const dialog = document.querySelector('[role=dialog]')
    expect(dialog?.getAttribute('aria-modal')).toBe('true')
    expect(dialog?.contains(document.activeElement)).toBe(true)
    const buttons = [...document.querySelectorAll<HTMLElement>('[role=dialog] button')]
    buttons[buttons.length - 1]?.focus()
    key('Tab')
    expect(document.activeElement).toBe(buttons[0])
    key('Tab', { shiftKey: true })
    expect(document.activeElement).toBe(buttons[buttons.length - 1])
    sheet.unmount()
    expect(document.activeElement).toBe(opener)
  })

  it('closes by Esc, but not while something is under way', async () => {
    const free = await open()
    key('Escape')
    expect(free.closed.times).toBe(1)
    free.sheet.unmount()
    const locked = await open(true)
    key('Escape')
    expect(locked.closed.times).toBe(0)
  })
})

it('a state says what, why, what to do and the number to quote, and an alarm is announced', () => {
  const state = mount(StateView, {
    props: { title: '标题', cause: '原因', action: '再试', requestId: 'req-1', alarm: true },
  })
  expect(state.attributes('role')).toBe('alert')
  for (const said of ['标题', '原因', '再试', 'req-1']) expect(state.text()).toContain(said)
})

it('a busy button says so, stays in place and does nothing', async () => {
  const button = mount(PrimaryButton, { props: { busy: true }, slots: { default: '发送' } })
  expect(button.attributes()).toMatchObject({ 'aria-busy': 'true', disabled: '' })
  await button.trigger('click')
  expect(button.emitted('click')).toBeUndefined()
  expect(button.text()).toContain('发送')
})
