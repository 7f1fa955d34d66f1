import { computed, type ComputedRef } from 'vue'
import { useRoute } from 'vue-router'

/** What the address says is opened beside a list, by the name of its part; null: nothing is. */
export function useOpened(part: string): ComputedRef<string | null> {
  const route = useRoute()
  return computed(() => {
    const said = route.params[part]
    return typeof said === 'string' ? said : null
  })
}
