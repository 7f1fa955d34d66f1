import { onScopeDispose, ref, shallowRef } from 'vue'

/**
 * Values that stand on the page for so many seconds and nowhere else: no store, no storage. They are gone when the time is
 * over, when the page is hidden (where timers sleep) and when it is left.
 */
export function useShown() {
  const values = shallowRef<readonly string[] | null>(null)
  const seconds = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  function hide() {
    clearInterval(timer)
    values.value = null
    seconds.value = 0
  }

  function show(given: readonly string[], forSeconds: number) {
    hide()
    values.value = given
    seconds.value = forSeconds
    const until = Date.now() + forSeconds * 1000
    timer = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000)
      if (left > 0) seconds.value = left
      else hide()
    }, 250)
  }

  const unseen = () => {
    if (document.hidden) hide()
  }
  document.addEventListener('visibilitychange', unseen)
  onScopeDispose(() => {
    hide()
    document.removeEventListener('visibilitychange', unseen)
  })
  return { values, seconds, show, hide }
}
