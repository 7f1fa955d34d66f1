import { computed, onScopeDispose, ref, watch } from 'vue'
import { getMirror, runMirror } from '../../shared/mirror'
import { call } from '../lib/api'
import { useAct, useLoad } from '../lib/load'
import { t } from '../lib/words'
import { say } from '../ui/toast'

const POLL_MS = 2000
/** A run that was asked for begins a moment later; until it shows, the answer is still the run before it. */
const PATIENCE = 10

/** The mirror's last run, asked again and again while it is under way, and starting one. */
export function useMirror() {
  const { value: mirror, failure, busy, load } = useLoad(() => call(getMirror, {}))
  const lastStart = () => mirror.value?.last?.startedAt ?? null
  const asked = ref<{ before: string | null; left: number } | null>(null)
  const running = computed(
    () =>
      mirror.value?.last?.endedAt === null ||
      (asked.value !== null && asked.value.left > 0 && lastStart() === asked.value.before),
  )

  // One question at a time: the next is only asked when the last was answered, and none when the page is gone.
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(busy, (now) => {
    clearTimeout(timer)
    if (now || !running.value) return
    if (asked.value) asked.value = { ...asked.value, left: asked.value.left - 1 }
    timer = setTimeout(() => void load(), POLL_MS)
  })
  onScopeDispose(() => clearTimeout(timer))

  const starting = useAct()
  async function start() {
    if (!(await starting.act(() => call(runMirror, {})))) return
    say(t('workbench.mirror.started'))
    asked.value = { before: lastStart(), left: PATIENCE }
    await load()
  }
  return { mirror, failure, busy, load, running, start, starting: starting.busy, startFailure: starting.failure }
}
