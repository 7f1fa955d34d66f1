import { settleNotice } from '../../shared/notice'
import { asFailure, call } from '../lib/api'
import { readKept, writeKept } from '../lib/kept'

/**
 * What the WeCom client said about an attempt, kept until our server has it: the webview may be destroyed the moment the
 * message is out. An attempt's id and its outcome, no personal data.
 */
interface Outcome {
  attempt: string
  /** Said to a whole group, or to who is new to us; absent: of a handover. */
  of?: 'group' | 'first' | undefined
  form: 'text' | 'card'
  outcome: 'sent' | 'cancelled' | 'failed'
  at: number
}

const KEY = 'jiebang.outcomes'
const KEEP_MS = 7 * 24 * 3600_000

/** Client storage may be off; within the page's life the memory alone must do. */
let memory: Outcome[] | null = null

function outcomes(): Outcome[] {
  memory ??= parse(readKept(localStorage, KEY)).filter(({ at }) => Date.now() - at < KEEP_MS)
  return memory
}

function parse(text: string | null): Outcome[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(read) ? (read as Outcome[]) : []
  } catch {
    return []
  }
}

function write(list: Outcome[]): void {
  memory = list
  writeKept(localStorage, KEY, list.length ? JSON.stringify(list) : null)
}

/** Written down first, then told; rejects when the server could not be told, and keeps it then. */
export async function settle(entry: Omit<Outcome, 'at'>, detail?: string): Promise<{ at: string }> {
  write([...outcomes().filter(({ attempt }) => attempt !== entry.attempt), { ...entry, at: Date.now() }])
  try {
    const answer = await tell(entry, detail ? { detail: detail.slice(0, 300) } : {})
    forget(entry.attempt)
    return answer
  } catch (thrown) {
    // The server has read it and will not take it, now or later.
    if (['invalid', 'stale', 'not_taken_over'].includes(asFailure(thrown).code)) forget(entry.attempt)
    throw thrown
  }
}

async function tell({ of, attempt, form, outcome }: Omit<Outcome, 'at'>, more: { detail?: string }) {
  if (of === 'group') {
    const { settleGroupNotice } = await import('../../shared/groupchat')
    return call(settleGroupNotice, { attempt, outcome, ...more })
  }
  if (of === 'first') {
    const { settleFirst } = await import('../../shared/newcomer')
    return call(settleFirst, { attempt, outcome, ...more })
  }
  return call(settleNotice, { attempt, form, outcome, ...more })
}

const forget = (attempt: string) => write(outcomes().filter((kept) => kept.attempt !== attempt))

/** Tells the server what it has not heard yet; answers how many it took. */
export async function flush(): Promise<number> {
  let taken = 0
  for (const { of, attempt, form, outcome } of outcomes()) {
    await settle({ of, attempt, form, outcome }).then(
      () => taken++,
      () => undefined,
    )
  }
  return taken
}

export const waiting = (): number => outcomes().length
