import type { ShallowRef } from 'vue'
import type { CallFailure } from '../lib/api'

/** The server's plan is not the one on the screen any more, or passes other checks than shown. */
const codes = ['stale', 'checks_failed', 'plan_empty', 'own_plan', 'plan_expired', 'approved_already'] as const

/** Whether to show the plan anew. A bare `stale` is then said by the page; the others keep their own sentence. */
export function overtaken(failure: ShallowRef<CallFailure | null>): boolean {
  const code = failure.value?.code
  if (code === 'stale') failure.value = null
  return (codes as readonly (string | undefined)[]).includes(code)
}
