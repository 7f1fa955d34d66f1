import { computed, ref } from 'vue'
import { listCandidates } from '../../shared/departure'
import { isStop } from '../../shared/plan'
import { call } from './api'
import { useLoad } from './load'

/** So few are read faster than searched. */
const MANY = 8

/** Who may take over from the leaver of a departure, found by name or department. */
export function useCandidates(departure: string) {
  const { value: answer, failure, busy, load } = useLoad(() => call(listCandidates, { departure }))
  void load()
  const text = ref('')
  const all = computed(() => answer.value?.items ?? [])
  const found = computed(() => {
    const wanted = text.value.trim().toLowerCase()
    return all.value.filter((one) => nameOf(one).toLowerCase().includes(wanted))
  })
  return { answer, failure, busy, load, text, found, many: computed(() => all.value.length > MANY) }
}

export const nameOf = (one: { name: string; department: string | null }): string =>
  [one.name, one.department].filter(Boolean).join(' · ')

/** Nothing that WeCom or we know forbids it. */
export const usable = (problems: readonly string[]): boolean => !problems.some(isStop)
