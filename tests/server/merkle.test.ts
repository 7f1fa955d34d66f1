import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consistency,
  EMPTY,
  EMPTY_ROOT,
  grewFrom,
  growing,
  includes,
  inclusion,
  rootOf,
} from '../../src/server/lib/merkle'

// Written from RFC 9162, 2.1 alone, over whole lists and without any of the code under test.
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const MTH = (d: Buffer[]): Buffer => {
  if (d.length === 0) return sha()
  if (d.length === 1) return d[0]!
  let k = 1
  while (k * 2 < d.length) k *= 2
  return sha(Buffer.of(1), MTH(d.slice(0, k)), MTH(d.slice(k)))
}
const PATH = (m: number, d: Buffer[]): Buffer[] => {
  if (d.length === 1) return []
  let k = 1
  while (k * 2 < d.length) k *= 2
  return m < k ? [...PATH(m, d.slice(0, k)), MTH(d.slice(k))] : [...PATH(m - k, d.slice(k)), MTH(d.slice(0, k))]
}
const SUBPROOF = (m: number, d: Buffer[], b: boolean): Buffer[] => {
  if (m === d.length) return b ? [] : [MTH(d)]
  let k = 1
  while (k * 2 < d.length) k *= 2
  return m <= k
    ? [...SUBPROOF(m, d.slice(0, k), b), MTH(d.slice(k))]
    : [...SUBPROOF(m - k, d.slice(k), false), MTH(d.slice(0, k))]
}
const hex = (b: Buffer) => b.toString('hex')

function grow(leaves: readonly string[], from = EMPTY) {
  const nodes = new Map<string, string>()
  const tree = growing(from, (level, index, hash) => void nodes.set(`${level} ${index}`, hash))
  for (const leaf of leaves) tree.add(leaf)
  return {
    range: tree.range(),
    nodes: (level: number, index: number) => Promise.resolve(nodes.get(`${level} ${index}`)!),
  }
}
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => hex(sha(Buffer.from(`leaf ${i}`))))
const flip = (hash: string) => (hash.startsWith('0') ? '1' : '0') + hash.slice(1)

describe('the tree over the log', () => {
  it('reproduces the roots of the specification (compliance 4.5, T-56)', () => {
    const leaf = [
      '324030964e3fed8ebb2462b00e03a8d6b66d1e19b2715dd18ebc015f5e57a7eb',
      'fc84fb672a32bc76d0ec465c6254100d11152dfc6d826ec4c6e8db368950334d',
      '7a2a665c86bfa38a649d0d7680cfc17ede3660c5bc8ea1855fd3cd484a0560f8',
    ]
    expect(rootOf(grow(leaf.slice(0, 2)).range)).toBe(
      'f5cb1590caddddd0b54b3d5a4c401c878ee85e38fcb075d77fdf3514a430a736',
    )
    expect(rootOf(grow(leaf).range)).toBe('9b3fff059aa3a9eda2ef61a24d0b704ae7597a85679e415bf92b8343b0d5f83f')
  })

  it('takes nothing for a hash that only begins as one, or holds another letter or a capital one', () => {
    const sister = hex(sha(Buffer.from('sister')))
    const root = (leaf: string) => rootOf(grow([sister, leaf]).range)
    const leaf = `0a${'c0'.repeat(31)}`
    const none = [
      '',
      leaf.slice(0, -1),
      `${leaf}00`,
      leaf.replace('0', 'x'),
      leaf.replace('a', 'A'),
      leaf.replace('a', '接'),
    ]
    for (const other of none) expect(root(other), other).not.toBe(root(leaf))
    expect(root(leaf.replace('a', 'b'))).not.toBe(root(leaf))
  })

  it('has the roots of the published test tree of Certificate Transparency, leaf by leaf (Q74)', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const leaves = inputs.map((input) => hex(sha(Buffer.of(0), Buffer.from(input, 'hex'))))
    expect(rootOf(EMPTY)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(leaves.map((_, i) => rootOf(grow(leaves.slice(0, i + 1)).range))).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ])
  })

  it('proves every leaf of every tree up to 24, as an independent hand does, and no other (Q74: 300 cases, 2,000 forgeries)', async () => {
    let [cases, forged] = [0, 0]
    for (let n = 1; n <= 24; n++) {
      const leaves = leavesOf(n)
      const { range, nodes } = grow(leaves)
      const root = rootOf(range)
      expect(root).toBe(hex(MTH(leaves.map((l) => Buffer.from(l, 'hex')))))
      for (let m = 0; m < n; m++) {
        const path = await inclusion(nodes, m, n)
        expect(path).toEqual(
          PATH(
            m,
            leaves.map((l) => Buffer.from(l, 'hex')),
          ).map(hex),
        )
        const leaf = leaves[m]!
        expect(includes(leaf, m, n, path, root)).toBe(true)
        cases++
        const lies: [string, number, number, string[], string][] = [
          [flip(leaf), m, n, path, root],
          [leaf, m, n, path, flip(root)],
          [leaf, m, n, [...path, leaf], root],
          [leaf, n, n, path, root],
          [leaf, -1, n, path, root],
          [leaf, m + 0.5, n, path, root],
          ...path.map((_, i): [string, number, number, string[], string] => [
            leaf,
            m,
            n,
            path.map((h, j) => (i === j ? flip(h) : h)),
            root,
          ]),
          ...(path.length ? [[leaf, m, n, path.slice(1), root] as [string, number, number, string[], string]] : []),
        ]
        forged += lies.length
        expect(lies.filter((lie) => includes(...lie))).toEqual([])
        for (let other = 0; other < n; other++)
          if (other !== m) expect(includes(leaf, other, n, path, root)).toBe(false)
      }
    }
    expect(cases).toBe(300)
    expect(forged).toBeGreaterThan(2000)
  })

  it('proves that each tree up to 24 grew out of each before it, and of no other (Q74: 300 cases)', async () => {
    let cases = 0
    for (let n = 1; n <= 24; n++)
      for (let m = 1; m <= n; m++) {
        const leaves = leavesOf(n)
        const { range, nodes } = grow(leaves)
        const after = { size: n, root: rootOf(range) }
        const before = { size: m, root: rootOf(grow(leaves.slice(0, m)).range) }
        const proof = await consistency(nodes, m, n)
        expect(proof).toEqual(
          m === n
            ? []
            : SUBPROOF(
                m,
                leaves.map((l) => Buffer.from(l, 'hex')),
                true,
              ).map(hex),
        )
        expect(grewFrom(before, after, proof)).toBe(true)
        cases++
        const lies = [
          grewFrom({ ...before, root: flip(before.root) }, after, proof),
          grewFrom(before, { ...after, root: flip(after.root) }, proof),
          grewFrom(before, after, [...proof, after.root]),
          grewFrom(after, before, proof) && m !== n,
          ...(m < n
            ? [grewFrom({ ...before, size: m + 1 }, after, proof), grewFrom(before, after, proof.slice(1))]
            : []),
          ...proof.map((_, i) =>
            grewFrom(
              before,
              after,
              proof.map((h, j) => (i === j ? flip(h) : h)),
            ),
          ),
        ]
        expect(lies).not.toContain(true)
      }
    expect(cases).toBe(300)
    expect(grewFrom({ size: 0, root: EMPTY_ROOT }, { size: 5, root: 'x' }, [])).toBe(true)
    expect(grewFrom({ size: 0, root: 'x' }, { size: 5, root: 'x' }, [])).toBe(false)
  })

  it('has another root where a leaf is no hash, whatever was hashed before', () => {
    const leaves = leavesOf(5)
    for (const wrong of ['', 'x', leaves[1]!.slice(0, 62), `${leaves[1]!.slice(0, 63)}x`]) {
      const lie = [leaves[0]!, leaves[1]!, leaves[0]!, wrong, leaves[4]!]
      expect(rootOf(grow(lie).range)).not.toBe(rootOf(grow(lie.with(3, leaves[1]!)).range))
    }
  })

  it('grows leaf by leaf into the tree that is made at once, whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), async (n, pick) => {
        const leaves = leavesOf(n)
        const { range, nodes } = grow(leaves)
        const m = pick % n
        expect(rootOf(range)).toBe(hex(MTH(leaves.map((l) => Buffer.from(l, 'hex')))))
        expect(includes(leaves[m]!, m, n, await inclusion(nodes, m, n), rootOf(range))).toBe(true)
        const kept = grow(leaves.slice(0, m)).range
        expect(grow(leaves.slice(m), kept).range).toEqual(range)
        const before = { size: m, root: rootOf(kept) }
        expect(grewFrom(before, { size: n, root: rootOf(range) }, await consistency(nodes, m, n))).toBe(true)
      }),
      { numRuns: 25 },
    )
  })
})
