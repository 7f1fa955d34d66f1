import { shallowRef, watch, type ShallowRef } from 'vue'

/** A list in parts of that many. A part whose rows are the same as before stays the same array, and what shows it is not touched. */
export function usePartsOf<T>(rows: () => readonly T[], size: number): ShallowRef<readonly (readonly T[])[]> {
  const parts = shallowRef<readonly (readonly T[])[]>([])
  watch(
    rows,
    (all) => {
      const cut = Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))
      parts.value = cut.map((part, n) => {
        const before = parts.value[n]
        return before?.length === part.length && before.every((row, i) => row === part[i]) ? before : part
      })
    },
    { immediate: true },
  )
  return parts
}
