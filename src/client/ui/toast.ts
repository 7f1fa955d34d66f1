import { ref } from 'vue'

/** The result of the last act, in words; one at a time, read aloud by ToastHost. */
export const toast = ref('')
let timer: ReturnType<typeof setTimeout> | undefined

export function say(words: string, forMs = 4000): void {
  clearTimeout(timer)
  toast.value = words
  timer = setTimeout(() => (toast.value = ''), forMs)
}
