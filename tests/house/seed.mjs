// `node tests/house/seed.mjs <document>` writes seed-hashes.txt: what T-50 compares our texts with. The document itself is
// not ours and not in this repository, so only short hashes of its 20-character windows are.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

export const WIDTH = 20
/** 48 bits: among a million windows of ours and 2,500 of the document, one false alarm in 100,000 runs. */
const BYTES = 6

/** Line breaks and indents are ours, characters are not. @param {string} text */
export const plain = (text) => text.replace(/\s+/g, '')

/** @param {string} window_ @returns {string} */
export const hashOf = (window_) => createHash('sha256').update(window_).digest().subarray(0, BYTES).toString('base64')

/** Each run of so many characters, with where it begins. @param {string} text @returns {Generator<[number, string]>} */
export function* windows(text) {
  for (let at = 0; at + WIDTH <= text.length; at++) yield [at, text.slice(at, at + WIDTH)]
}

const document = process.argv[2]
if (document && process.argv[1]?.endsWith('seed.mjs')) {
  const hashes = new Set([...windows(plain(readFileSync(document, 'utf8')))].map(([, window_]) => hashOf(window_)))
  // 16 of 8 characters to a line.
  const lines =
    [...hashes]
      .sort()
      .join('')
      .match(/.{1,128}/g) ?? []
  writeFileSync(new URL('seed-hashes.txt', import.meta.url), `${lines.join('\n')}\n`)
  process.stdout.write(`${hashes.size} windows\n`)
}
