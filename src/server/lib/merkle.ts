import { hash as digest } from 'node:crypto'

/**
 * The tree of compliance 4.5 over the log's leaf hashes: node = SHA-256(0x01 ‖ left ‖ right), split at the largest power of
 * two below n, as in RFC 6962 and 9162 (a leaf is our leaf hash itself, so no conformity is claimed). Hashes are hex.
 */
export const nodeHash = (left: string, right: string): string =>
  digest('sha256', Buffer.from(`01${left}${right}`, 'hex'))

/** Where the halves stand in what is hashed. */
const [LEFT, RIGHT] = [1, 33]

/** What each character of a hash stands for. As a table, because `Buffer.write` makes a copy of the text first. */
const NONE = 256
const DIGITS = new Uint16Array(256).fill(NONE)
for (let digit = 0; digit < 16; digit++) DIGITS[digit.toString(16).charCodeAt(0)] = digit

/** The root of no leaves. */
export const EMPTY_ROOT = digest('sha256', '')

/** The roots of the perfect subtrees that a tree ends in, widest first, and how many leaves there are. */
export interface Range {
  size: number
  roots: readonly string[]
}

export const EMPTY: Range = { size: 0, roots: [] }

/** Hears of every subtree that is complete: its level (0: a leaf), its place there, its root. */
export type Made = (level: number, index: number, hash: string) => void

/**
 * A tree that grows leaf by leaf. Whole logs are verified with it: of each level the pair is kept that is hashed next, its halves
 * are written there, and only leaves and what is asked for are hex.
 */
export function growing({ size, roots }: Range = EMPTY, made?: Made) {
  let leaves = size
  const pairs: Buffer[] = []

  const pairOf = (level: number): Buffer => (pairs[level] ??= Buffer.alloc(65, 1))
  const placeOf = (index: number): number => (index % 2 === 1 ? RIGHT : LEFT)

  function put(level: number, index: number, hash: string): void {
    const [pair, at] = [pairOf(level), placeOf(index)]
    let all = 0
    for (let i = 0; i < 32; i++) {
      const byte = (DIGITS[hash.charCodeAt(2 * i)]! << 4) | DIGITS[hash.charCodeAt(2 * i + 1)]!
      pair[at + i] = byte
      all |= byte
    }
    // What is no hash must not be taken for one.
    if (all >= NONE || hash.length !== 64) pair.fill(0, at, at + 32)
  }

  /** Of 32 characters that stand for a byte each. */
  function putBytes(level: number, index: number, hash: string): void {
    const [pair, at] = [pairOf(level), placeOf(index)]
    for (let i = 0; i < 32; i++) pair[at + i] = hash.charCodeAt(i)
  }

  /** The levels at which a left half waits for its sister, from below: the bits of the size. */
  function waiting(): number[] {
    const levels: number[] = []
    for (let level = 0, above = leaves; above > 0; level++, above = half(above)) if (above % 2 === 1) levels.push(level)
    return levels
  }
  waiting().forEach((level, i) => put(level, 0, roots.at(-1 - i) ?? ''))

  return {
    add(leaf: string): void {
      let index = leaves++
      put(0, index, leaf)
      made?.(0, index, leaf)
      for (let level = 0; index % 2 === 1; level++) {
        const hash = digest('sha256', pairs[level]!, 'binary')
        index = (index - 1) / 2
        putBytes(level + 1, index, hash)
        made?.(level + 1, index, Buffer.from(hash, 'latin1').toString('hex'))
      }
    },
    range: (): Range => ({
      size: leaves,
      roots: waiting()
        .map((level) => pairs[level]!.toString('hex', LEFT, LEFT + 32))
        .reverse(),
    }),
  }
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
