import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Input } from '../../shared/endpoint'
import { draftPlan } from '../../shared/plan'
import { call } from '../lib/api'
import { useAct } from '../lib/load'
import { say } from '../ui/toast'

/** What no second try of the same wish can mend: somebody was faster. */
const OVERTAKEN = ['stale', 'not_found', 'plan_empty']

/** Choosing successors and drafting a plan for them, then going to it. `stale`: what is shown must be read again. */
export function useDraft(stale: () => void) {
  const router = useRouter()
  const choosing = ref(false)
  const { act, busy, failure } = useAct()

  /** `wish` may first have to read what was chosen; it is part of the act. */
  async function draft(wish: () => Promise<Input<typeof draftPlan>>): Promise<void> {
    const plan = await act(async () => call(draftPlan, await wish()))
    if (plan) return void (await router.push(`/plans/${plan.id}`))
    if (!failure.value || !OVERTAKEN.includes(failure.value.code)) return
    say(failure.value.message)
    choosing.value = false
    stale()
  }
  return { choosing, busy, failure, draft }
}
