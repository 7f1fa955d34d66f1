import { onScopeDispose } from 'vue'

/** Calls `back` when somebody who left for another window, having called `leave`, is here again. */
export function useAway(back: () => void): { leave: () => void } {
  let away = false
  function look() {
    if (!away || document.hidden) return
    away = false
    back()
  }
  for (const [target, name] of [[window, 'focus'] as const, [document, 'visibilitychange'] as const]) {
    target.addEventListener(name, look)
    onScopeDispose(() => target.removeEventListener(name, look))
  }
  return { leave: () => (away = true) }
}
