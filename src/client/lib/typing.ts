import { onBeforeUnmount, watch, type Ref } from 'vue'

/** Shorter than a pause of thought, longer than the time between two keys. */
const TYPING_MS = 250

/** Calls `then` with what a search field holds, without the space around it, once its writer pauses. */
export function onTyped(text: Ref<string>, then: (text: string) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(text, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => then(now.trim()), TYPING_MS)
  })
  onBeforeUnmount(() => clearTimeout(timer))
}
