import { computed, onScopeDispose, ref, watch } from 'vue'
import { checkRules, saveRules, type RuleBody, type RuleProblem, type RulesShown } from '../../shared/rule'
import { call } from '../lib/api'
import { useHeld } from '../lib/held'
import { useAct } from '../lib/load'

const PAUSE_MS = 400
const copy = (body: RuleBody): RuleBody => JSON.parse(JSON.stringify(body)) as RuleBody

/** An empty field is no limit; undefined: it is no number that can be one. */
export function limitOf(text: string): number | null | undefined {
  const given = text.trim()
  if (!given) return null
  const value = Number(given)
  return /^\d{1,5}$/.test(given) && value >= 1 && value <= 20_000 ? value : undefined
}

/** Rules as they are being written: checked by the server whenever the writing pauses, kept only when saved. */
export function useRuleWriting(shown: RulesShown) {
  const from = shown.draft?.body ?? shown.used.body
  const body = ref(copy(from))
  const cap = ref(from.cap === null ? '' : String(from.cap))
  const topCap = ref(from.topTierCap === null ? '' : String(from.topTierCap))
  useHeld('rules-body', body)
  useHeld('rules-cap', cap)
  useHeld('rules-top-cap', topCap)
  const on = shown.draft?.digest ?? shown.used.digest
  const problems = ref<RuleProblem[]>(shown.problems)
  const saving = useAct()
  const limits = computed(() => ({ cap: limitOf(cap.value), topTierCap: limitOf(topCap.value) }))
  const wrong = computed(() => limits.value.cap === undefined || limits.value.topTierCap === undefined)
  const wish = computed<RuleBody>(() => ({
    ...body.value,
    cap: limits.value.cap ?? null,
    topTierCap: limits.value.topTierCap ?? null,
  }))
  const changed = computed(() => JSON.stringify(wish.value) !== JSON.stringify(from))

  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  onScopeDispose(() => clearTimeout(timer))
  async function check() {
    const mine = ++turn
    // What could not be looked at is looked at when it is saved.
    const answer = await call(checkRules, { body: wish.value }).catch(() => null)
    if (answer && mine === turn) problems.value = answer.problems
  }
  watch(wish, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void check(), PAUSE_MS)
  })

  const save = async (): Promise<boolean> =>
    !wrong.value && (await saving.act(() => call(saveRules, { body: wish.value, on }))) !== undefined
  return { body, cap, topCap, limits, problems, wish, changed, wrong, save, busy: saving.busy, failure: saving.failure }
}
