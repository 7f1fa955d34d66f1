import { computed, ref, type Ref } from 'vue'

/**
 * Which of a long list are chosen, without having read all of it: either the ones ticked, or all but the ones unticked.
 * `total`: how many there are, read or not.
 */
export function useSelection(total: Readonly<Ref<number>>) {
  const all = ref(false)
  const marked = ref<ReadonlySet<string>>(new Set())

  const count = computed(() => (all.value ? Math.max(0, total.value - marked.value.size) : marked.value.size))
  const has = (id: string) => marked.value.has(id) !== all.value
  function set(id: string, on: boolean) {
    const next = new Set(marked.value)
    if (on !== all.value) next.add(id)
    else next.delete(id)
    marked.value = next
  }
  function setAll(on: boolean) {
    all.value = on
    marked.value = new Set()
  }
  const everything = computed(() => total.value > 0 && count.value === total.value)
  return { all, marked, count, has, set, setAll, everything }
}
