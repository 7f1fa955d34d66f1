import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** The time as something a page can be computed from, for countdowns in words. */
export function useClock(everyMs = 30_000): Readonly<Ref<Date>> {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
