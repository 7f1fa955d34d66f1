import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** The server works by itself; this looks again, less and less often, and stops after about a minute. */
const WAITS = [1, 1, 2, 3, 5, 8, 13, 20].map((s) => s * 1000)

/** While `waiting` is true, looks again. `slow`: it was looked often enough, the rest comes by itself. */
export function useLookAgain(waiting: Readonly<Ref<boolean>>, load: () => Promise<void>): { slow: Ref<boolean> } {
  const slow = ref(false)
  let looked = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  function next() {
    const wait = WAITS[looked++]
    slow.value = wait === undefined
    if (wait !== undefined) timer = setTimeout(() => void load().then(() => (waiting.value ? next() : undefined)), wait)
  }
  watch(
    waiting,
    (is) => {
      clearTimeout(timer)
      looked = 0
      slow.value = false
      if (is) next()
    },
    { immediate: true },
  )
  return { slow }
}
