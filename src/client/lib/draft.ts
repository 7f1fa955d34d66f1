import { getCurrentScope, onScopeDispose, ref, watch, type Ref } from 'vue'
import { readKept, writeKept } from './kept'

const WAIT_MS = 250

/** Text being written, kept per customer: the client may destroy the page on a chat switch (quality.md C2). */
export function useDraft(key: string): { text: Ref<string>; clear: () => void } {
  const name = `jiebang.draft.${key}`
  const text = ref(readKept(sessionStorage, name) ?? '')
  let timer: ReturnType<typeof setTimeout> | undefined
  const save = () => writeKept(sessionStorage, name, text.value || null)
  watch(text, () => {
    clearTimeout(timer)
    timer = setTimeout(save, WAIT_MS)
  })
  const clear = () => {
    clearTimeout(timer)
    text.value = ''
    save()
  }
  if (getCurrentScope())
    onScopeDispose(() => {
      clearTimeout(timer)
      save()
    })
  return { text, clear }
}
