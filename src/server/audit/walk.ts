import { logMinDays } from '../../shared/retention'
import { chainChecker, isAged, type ChainBreak, type LogLine } from '../lib/chain'
import { headText, isSigned, type Head } from '../lib/head'
import { append, EMPTY, rootOf } from '../lib/merkle'

/**
 * What does not fit, and where. `head`: a signed head in the database; `exported`: one from outside; for both the change lies
 * in entries `from` to `seq`. `signature`: the head of that size is signed by none of our keys. `aged`: an entry has lost what
 * it said before its time, as the signed head over it tells. `columns`: the text is whole, but the database shows it otherwise.
 */
export interface Break {
  seq: number
  why: ChainBreak['why'] | 'truncated' | 'extended' | 'head' | 'exported' | 'signature' | 'aged' | 'columns'
  from?: number
}

/** Of entries in order: the chain, and every head, ours and those from outside, on the way. Knows no database. */
export function logWalk(given: {
  heads: readonly Head[]
  keys: ReadonlyMap<string, string>
  outside: readonly Head[]
  now: Date
}) {
  const chain = chainChecker()
  const bySize = (a: Head, b: Head) => a.size - b.size
  const waiting = { head: [...given.heads].sort(bySize), exported: [...given.outside].sort(bySize) }
  let range = EMPTY
  const youngest = given.now.getTime() - logMinDays * 86_400_000
  let good = 0
  let aged = 0
  let checked = 0

  function meet(): Break | null {
    const before = good
    for (const why of ['exported', 'head'] as const)
      for (let next = waiting[why][0]; next?.size === range.size; next = waiting[why][0]) {
        waiting[why].shift()
        if (rootOf(range) !== next.root) return { seq: next.size, why, from: before + 1 }
        if (why === 'head' && !isSigned(headText(next), next.signature, next.key, given.keys.get(next.key) ?? ''))
          return { seq: next.size, why: 'signature' }
        if (why === 'head' && aged && Date.parse(next.time) > youngest) return { seq: aged, why: 'aged' }
        if (why === 'head') aged = 0
        checked++
        good = next.size
      }
    return null
  }

  return {
    take(entry: LogLine): Break | null {
      const broken = chain.check(entry)
      if (broken) return broken
      if (isAged(entry.line)) aged = entry.seq
      // Nothing left to compare the tree with: the chain alone is walked.
      if (!waiting.head.length && !waiting.exported.length) return null
      range = append(range, entry.hash)
      return meet()
    },
    /** `head`: what audit_head says. */
    end(head: { seq: number; hash: string } | undefined): Break | null {
      const { seq, hash } = chain.end()
      const longest = Math.max(head?.seq ?? 0, ...[...waiting.exported, ...waiting.head].map((h) => h.size))
      if (longest > seq) return { seq: seq + 1, why: 'truncated' }
      if (aged) return { seq: aged, why: 'aged' }
      return head?.seq === seq && head.hash === hash ? null : { seq, why: 'extended' }
    },
    at: () => chain.end(),
    checked: () => checked,
  }
}
