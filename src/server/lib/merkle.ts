import { hash as digest } from 'node:crypto'

/**
 * The tree of compliance 4.5 over the log's leaf hashes: node = SHA-256(0x01 ‖ left ‖ right), split at the largest power of
 * two below n, as in RFC 6962 and 9162 (a leaf is our leaf hash itself, so no conformity is claimed). Hashes are hex.
 */
export function nodeHash(left: string, right: string): string {
  const whole = pair.write(left, 1, 'hex') + pair.write(right, 33, 'hex') === 64
  return digest('sha256', whole ? pair : Buffer.from(`01${left}${right}`, 'hex'))
}
/** One for all, because whole logs are verified with it. */
const pair = Buffer.alloc(65, 1)

/** The root of no leaves. */
export const EMPTY_ROOT = digest('sha256', '')

/** The roots of the perfect subtrees that a tree ends in, widest first, and how many leaves there are. */
export interface Range {
  size: number
  roots: readonly string[]
}

export const EMPTY: Range = { size: 0, roots: [] }

/** One leaf more. `made` hears of every subtree that is complete with it: level (0: a leaf), its place, its root. */
export function append(range: Range, leaf: string, made?: (level: number, index: number, hash: string) => void): Range {
  const roots = [...range.roots]
  let hash = leaf
  let index = range.size
  made?.(0, index, hash)
  for (let level = 1; index % 2 === 1; level++) {
    hash = nodeHash(roots.pop() ?? '', hash)
    index = (index - 1) / 2
    made?.(level, index, hash)
  }
  roots.push(hash)
  return { size: range.size + 1, roots }
}

export const rootOf = ({ roots }: Range): string =>
  roots.length ? roots.reduceRight((right, left) => nodeHash(left, right)) : EMPTY_ROOT

/** The root of the perfect subtree number `index` of 2^level leaves. */
export type Nodes = (level: number, index: number) => Promise<string>

/** The way from a leaf to the root of a tree of `size` leaves: its sisters, from below. */
export async function inclusion(nodes: Nodes, leaf: number, size: number): Promise<string[]> {
  const path = async (start: number, end: number): Promise<string[]> => {
    if (end - start === 1) return []
    const middle = start + split(end - start)
    return leaf < middle
      ? [...(await path(start, middle)), await spanRoot(nodes, middle, end)]
      : [...(await path(middle, end)), await spanRoot(nodes, start, middle)]
  }
  return path(0, size)
}

/** What shows that the first `before` leaves of a tree of `size` are the tree that had that many; nothing for 0 or all. */
export async function consistency(nodes: Nodes, before: number, size: number): Promise<string[]> {
  const proof = async (m: number, start: number, end: number, whole: boolean): Promise<string[]> => {
    if (m === end - start) return whole ? [] : [await spanRoot(nodes, start, end)]
    const k = split(end - start)
    return m <= k
      ? [...(await proof(m, start, start + k, whole)), await spanRoot(nodes, start + k, end)]
      : [...(await proof(m - k, start + k, end, false)), await spanRoot(nodes, start, start + k)]
  }
  return before === 0 || before === size ? [] : proof(before, 0, size, true)
}

const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))

/** `start` always is where a perfect subtree of that span begins. */
async function spanRoot(nodes: Nodes, start: number, end: number): Promise<string> {
  const n = end - start
  const level = Math.log2(n)
  if (Number.isInteger(level)) return nodes(level, start / n)
  const middle = start + split(n)
  const [left, right] = [await spanRoot(nodes, start, middle), await spanRoot(nodes, middle, end)]
  return nodeHash(left, right)
}

/** RFC 9162, 2.1.3.2. */
export function includes(leafHash: string, leaf: number, size: number, path: readonly string[], root: string): boolean {
  if (!whole(leaf) || !whole(size) || leaf >= size) return false
  let [index, last, hash] = [leaf, size - 1, leafHash]
  for (const sister of path) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      hash = nodeHash(sister, hash)
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)]
    } else hash = nodeHash(hash, sister)
    ;[index, last] = [half(index), half(last)]
  }
  return last === 0 && hash === root
}

/** RFC 9162, 2.1.4.2. */
export function grewFrom(
  before: { size: number; root: string },
  after: { size: number; root: string },
  proof: readonly string[],
): boolean {
  if (!whole(before.size) || !whole(after.size) || before.size > after.size) return false
  if (before.size === after.size) return proof.length === 0 && before.root === after.root
  if (before.size === 0) return proof.length === 0 && before.root === EMPTY_ROOT
  const path = Number.isInteger(Math.log2(before.size)) ? [before.root, ...proof] : [...proof]
  let [index, last] = [before.size - 1, after.size - 1]
  while (index % 2 === 1) [index, last] = [half(index), half(last)]
  const first = path.shift()
  if (first === undefined) return false
  let [old, now] = [first, first]
  for (const sister of path) {
    if (last === 0) return false
    if (index % 2 === 1 || index === last) {
      ;[old, now] = [nodeHash(sister, old), nodeHash(sister, now)]
      while (index % 2 === 0 && index !== 0) [index, last] = [half(index), half(last)]
    } else now = nodeHash(now, sister)
    ;[index, last] = [half(index), half(last)]
  }
  return last === 0 && old === before.root && now === after.root
}

const half = (n: number): number => Math.floor(n / 2)
const whole = (n: number): boolean => Number.isSafeInteger(n) && n >= 0
