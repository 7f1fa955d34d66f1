import { computed, ref, shallowRef } from 'vue'
import type { Control, View } from '../view'
import { swapStorage } from './storage'
import { speak } from './words'

/** The state of the desk as the server last told it; null until the first answer. */
export const view = shallowRef<View | null>(null)
export const busy = ref('')
export const trouble = ref('')

export type Tab = 'chat' | 'frame' | 'phone'
/** Which pane a narrow screen shows. */
export const tab = ref<Tab>('chat')
/** On a narrow screen the chat list and the chat take turns. */
export const reading = ref(false)
/** 'app' while the conversation with the app is open instead of a chat. */
export const thread = ref<'chat' | 'app'>('chat')

const dismissed = ref(sessionStorage.getItem('window.story') === 'off')
export const storyShown = computed(() => !dismissed.value)
export function showStory(on: boolean): void {
  dismissed.value = !on
  sessionStorage.setItem('window.story', on ? 'on' : 'off')
}
export const glows = (control: Control): boolean => storyShown.value && view.value?.story?.glow === control

let looking: Promise<void> | null = null
let again = false

/** Coalesced: many changes at once are one look. */
export function look(): Promise<void> {
  if (looking) {
    again = true
    return looking
  }
  looking = fetch('/__window/desk')
    .then(async (response) => {
      const next = (await response.json()) as View
      if (view.value && view.value.me.userid !== next.me.userid) swapStorage(view.value.me.userid, next.me.userid)
      speak(next.language)
      view.value = next
      trouble.value = ''
    })
    .catch(() => {
      trouble.value = 'lost'
    })
    .finally(() => {
      looking = null
      if (again) {
        again = false
        void look()
      }
    })
  return looking
}

export function begin(): void {
  void look().then(() => {
    const events = new EventSource('/__window/events')
    events.onmessage = () => void look()
    events.onerror = () => (trouble.value = 'lost')
    events.onopen = () => void look()
  })
}

async function post(path: string, body: object): Promise<boolean> {
  const response = await fetch(`/__window/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
  if (!response?.ok) trouble.value = response ? ((await response.json()) as { message: string }).message : 'lost'
  await look()
  return response?.ok ?? false
}

export const change = (what: object): Promise<boolean> => post('desk', what)
export const decide = (id: string, answer: 'send' | 'cancel' | 'fail'): Promise<boolean> =>
  post('confirm', { id, answer })

/** Something happens in the world; `busy` names it until the simulator has finished. */
export async function happen(what: { act: string } & Record<string, unknown>): Promise<void> {
  busy.value = what.act
  await post('world', what)
  busy.value = ''
}

export async function openChat(kind: 'customer' | 'group', id: string): Promise<void> {
  thread.value = 'chat'
  reading.value = true
  await change(kind === 'customer' ? { entry: 'sidebar', customer: id } : { entry: 'group', chat: id })
}

/** Shows the sidebar beside the current chat, or the workbench. */
export async function openFrame(entry: 'sidebar' | 'workbench'): Promise<void> {
  tab.value = 'frame'
  await change({ entry })
}

export async function become(member: string): Promise<void> {
  thread.value = 'chat'
  reading.value = false
  await change({ member })
}
