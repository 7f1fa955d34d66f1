import { mount, type VueWrapper } from '@vue/test-utils'
import type { Window as HappyWindow } from 'happy-dom'
import { createPinia } from 'pinia'
import { vi } from 'vitest'
import { markRaw } from 'vue'
import App from '../../src/client/App.vue'
import { loadWords } from '../../src/client/lib/words'
import { makeRouter } from '../../src/client/router'
import SidebarRoute from '../../src/client/routes/SidebarRoute.vue'

let open: VueWrapper | null = null

/** The whole app at a place, as main.ts makes it. */
export async function openApp(at: '/sidebar' | '/workbench', route = '/'): Promise<void> {
  ;(window as unknown as HappyWindow).happyDOM.setURL(`http://localhost${at}#${route}`)
  await loadWords('sidebar')
  const inSidebar = at === '/sidebar'
  const router = makeRouter()
  open = mount(App, {
    props: inSidebar ? { page: markRaw(SidebarRoute) } : {},
    global: { plugins: [createPinia(), ...(inSidebar ? [] : [router])] },
    attachTo: document.body,
  })
  if (!inSidebar) await router.isReady()
}

export function closeApp(): void {
  open?.unmount()
  open = null
  document.body.innerHTML = ''
  sessionStorage.clear()
  localStorage.clear()
}

export const text = (): string => document.body.textContent

/** Waits until the page says it. */
export const see = (said: string): Promise<void> =>
  vi.waitFor(() => {
    if (!text().includes(said)) throw new Error(`"${said}" is not on the page:\n${text()}`)
  }, 5000)

const nameOf = (element: Element): string => element.getAttribute('aria-label') ?? element.textContent.trim()

/** By what a person reads on it; hidden and disabled ones cannot be pressed. */
export function control(name: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>('button,a[href],[role=tab],input,summary,textarea')].filter(
    (element) => nameOf(element) === name || labelled(element) === name,
  )
  const [only, ...rest] = found
  if (!only || rest.length) throw new Error(`${found.length} controls are called "${name}"`)
  return only
}

const labelled = (element: Element): string =>
  (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
    ? (document.querySelector(`label[for="${element.id}"]`) ?? element.closest('label'))?.textContent.trim()
    : '') ?? ''

export async function press(name: string): Promise<void> {
  const element = await vi.waitFor(() => control(name), 5000)
  if (element.hasAttribute('disabled')) throw new Error(`"${name}" is disabled`)
  element.click()
}

export function type(name: string, written: string): void {
  const element = control(name)
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement))
    throw new Error(`no field ${name}`)
  element.value = written
  element.dispatchEvent(new Event('input', { bubbles: true }))
}
