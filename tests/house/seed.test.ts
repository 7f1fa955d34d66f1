import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hashOf, plain, WIDTH, windows } from './seed.mjs'
import { textsIn } from './texts'

const known = new Set(readFileSync('tests/house/seed-hashes.txt', 'utf8').replaceAll('\n', '').match(/.{8}/g))
const shipped = textsIn(
  ['src', 'public', 'mock', 'docs', 'tests', 'index.html', 'README.md'],
  /\.(ts|vue|html|md|js|mjs|sql|svg|css)$/,
)

/** The document is Chinese: a window with little Chinese in it cannot be one of its. */
const chinese = (text: string) => (text.match(/[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/g)?.length ?? 0) >= WIDTH / 2

function runs(text: string): string[] {
  const found: string[] = []
  for (const [, window_] of windows(plain(text)))
    if (chinese(window_) && known.has(hashOf(window_))) found.push(window_)
  return found
}

it('no text of ours has 20 characters in a row from the document this began with (T-50)', () => {
  expect(known.size).toBeGreaterThan(2000)
  expect(shipped.length).toBeGreaterThan(100)
  expect(shipped.flatMap(({ path, text }) => runs(text).map((run) => `${path}: ${run}`))).toEqual([])
})
