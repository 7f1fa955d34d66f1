import { logMinDays } from '../../shared/retention'
import { chainChecker, isAged, type ChainBreak, type LogLine } from '../lib/chain'
import { headText, signatureCheck, type Head } from '../lib/head'
import { growing, rootOf } from '../lib/merkle'

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
export async function logWalk(given: {
  heads: readonly Head[]
  keys: ReadonlyMap<string, string>
  outside: readonly Head[]
  now: Date
}) {
  const chain = chainChecker()
  const tree = growing()
  const heads = [
    ...given.outside.map((head) => ({ why: 'exported' as const, head })),
    ...given.heads.map((head) => ({ why: 'head' as const, head })),
  ].sort((a, b) => a.head.size - b.head.size)
  const signed = await signedAmong(given.heads, given.keys)
  const youngest = given.now.getTime() - logMinDays * 86_400_000
  let good = 0
  let nextSize = heads[0]?.head.size ?? Infinity
  let aged = 0
  let checked = 0

  function meet({ why, head }: (typeof heads)[number], from: number): Break | null {
    if (rootOf(tree.range()) !== head.root) return { seq: head.size, why, from }
    if (why === 'head' && !signed.has(head)) return { seq: head.size, why: 'signature' }
    if (why === 'head' && aged && Date.parse(head.time) > youngest) return { seq: aged, why: 'aged' }
    if (why === 'head') aged = 0
    return null
  }

  function meetAll(seq: number): Break | null {
    const from = good + 1
    for (let next = heads[checked]; next && next.head.size <= seq; next = heads[++checked]) {
      const wrong = meet(next, from)
      if (wrong) return wrong
      good = next.head.size
    }
    nextSize = heads[checked]?.head.size ?? Infinity
    return null
  }

  return {
    take(entry: LogLine): Break | null {
      const broken = chain.check(entry)
      if (broken) return broken
      if (isAged(entry.leaf)) aged = entry.seq
      // Nothing left to compare the tree with: the chain alone is walked.
      if (checked === heads.length) return null
      tree.add(entry.hash)
      return entry.seq < nextSize ? null : meetAll(entry.seq)
    },
    /** `head`: what audit_head says. */
    end(head: { seq: number; hash: string } | undefined): Break | null {
      const { seq, hash } = chain.end()
      if (Math.max(head?.seq ?? 0, heads.at(-1)?.head.size ?? 0) > seq) return { seq: seq + 1, why: 'truncated' }
      if (aged) return { seq: aged, why: 'aged' }
      return head?.seq === seq && head.hash === hash ? null : { seq, why: 'extended' }
    },
    at: () => chain.end(),
    checked: () => checked,
  }
}

/** Those that one of our keys has signed. All are looked at beforehand, because that is done aside, and what walks cannot wait. */
async function signedAmong(heads: readonly Head[], keys: ReadonlyMap<string, string>): Promise<ReadonlySet<Head>> {
  const checks = new Map([...keys].map(([key, publicKey]) => [key, signatureCheck(key, publicKey)]))
  const signed = new Set<Head>()
  const look = async (head: Head) => {
    if (await checks.get(head.key)?.(headText(head), head.signature)) signed.add(head)
  }
  await Promise.all(heads.map(look))
  return signed
}
