import { computed, onScopeDispose, ref, watch } from 'vue'
import { checkText, saveText, type Problem, type TextShown, type Words } from '../../shared/text'
import { call } from '../lib/api'
import { useHeld } from '../lib/held'
import { useAct } from '../lib/load'

const copy = (words: Words): Words => ({ 'zh-CN': { ...words['zh-CN'] }, en: { ...words.en } })
const same = (a: Words, b: Words) => JSON.stringify(a) === JSON.stringify(b)
const PAUSE_MS = 400

/** What is being written, looked at by the server whenever the writing pauses, and kept when it is saved. */
export function useWriting(text: TextShown) {
  const kept = ref(copy(text.draft?.words ?? text.words))
  const words = ref(copy(kept.value))
  const on = ref(text.draft?.digest ?? text.digest)
  const problems = ref<Problem[]>(text.problems)
  const editing = ref(false)
  useHeld(`text-${text.name}`, words)
  useHeld(`text-${text.name}-editing`, editing)
  const changed = computed(() => !same(words.value, kept.value))
  const saving = useAct()

  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  onScopeDispose(() => clearTimeout(timer))
  async function check() {
    const mine = ++turn
    // What could not be looked at is looked at when it is saved.
    const answer = await call(checkText, { name: text.name, words: words.value }).catch(() => null)
    if (answer && mine === turn) problems.value = answer.problems
  }
  watch(
    words,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void check(), PAUSE_MS)
    },
    { deep: true },
  )

  async function save(): Promise<boolean> {
    const said = copy(words.value)
    const answer = await saving.act(() => call(saveText, { name: text.name, words: said, on: on.value }))
    if (!answer) return false
    turn++
    on.value = answer.digest
    problems.value = answer.problems
    kept.value = said
    return true
  }
  return { words, problems, editing, changed, on, save, saving: saving.busy, failure: saving.failure }
}
