import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { now } from './now'

/** The time as something a page can be computed from, for countdowns in words. */
export function useClock(everyMs = 30_000): Readonly<Ref<Date>> {
  const time = ref(now())
  const timer = setInterval(() => (time.value = now()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(time)
}
