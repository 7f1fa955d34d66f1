import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asFailure, type CallFailure } from './api'

export interface Loaded<T> {
  value: ShallowRef<T | null>
  failure: ShallowRef<CallFailure | null>
  busy: Ref<boolean>
  /** Asks again; what is shown stays until the new answer comes. */
  load: () => Promise<void>
}

/**
 * A page's answer from the server. An answer that was overtaken, or whose page is gone, is dropped; `kept` hears of the others
 * only, and is where a page writes down more than the answer.
 */
export function useLoad<T>(ask: () => Promise<T>, kept: (answer: T) => void = () => undefined): Loaded<T> {
  const value = shallowRef<T | null>(null)
  const failure = shallowRef<CallFailure | null>(null)
  const busy = ref(false)
  let turn = 0
  onScopeDispose(() => turn++)

  async function load() {
    const mine = ++turn
    busy.value = true
    try {
      const answer = await ask()
      if (mine !== turn) return
      value.value = answer
      failure.value = null
      kept(answer)
    } catch (thrown) {
      if (mine === turn) failure.value = asFailure(thrown)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  return { value, failure, busy, load }
}

interface Page<T> {
  items: T[]
  next: string | null
}

/** A list that is read by key: `load` starts it anew, `more` appends. `first` keeps what else the first page said. */
export function usePages<P extends Page<unknown>>(ask: (after: string | undefined) => Promise<P>) {
  const items = shallowRef<readonly P['items'][number][]>([])
  const first = shallowRef<P | null>(null)
  const next = ref<string | null>(null)
  const page = useLoad(
    () => ask(undefined),
    (answer) => {
      items.value = answer.items
      first.value = answer
      next.value = answer.next
    },
  )
  const following = useLoad<void>(async () => {
    const [after, list] = [next.value, first.value]
    if (after === null) return
    const answer = await ask(after)
    // The list began anew while this page was under way.
    if (next.value !== after || first.value !== list) return
    items.value = [...items.value, ...answer.items]
    next.value = answer.next
  })
  return {
    items,
    first,
    next,
    failure: page.failure,
    busy: page.busy,
    load: page.load,
    more: following.load,
    moreBusy: following.busy,
    moreFailure: following.failure,
  }
}

/** One act at a time: a second press while the first is under way does nothing. */
export function useAct() {
  const busy = ref(false)
  const failure = shallowRef<CallFailure | null>(null)

  async function act<T>(what: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    failure.value = null
    try {
      return await what()
    } catch (thrown) {
      failure.value = asFailure(thrown)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, act }
}
