import { readKept, writeKept } from './kept'

/** Actions that nobody has heard the end of, by a mark of what was to happen: no words, no names. */
const STORE = 'jiebang.acts'
const LIFE_MS = 24 * 3600_000
const MOST = 40

type Acts = Record<string, [key: string, at: number]>

/** 53 bits (cyrb53): tells the actions of a page apart, and nothing of what they were about. */
export function markOf(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36)
}

export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * The key of an action: the same until its end is heard, so that whoever presses again after a lost answer, or in a webview
 * that was destroyed and made anew, does not do it twice (quality C2, B1).
 */
export function keyFor(action: string): string {
  const acts = read()
  const mark = markOf(action)
  const [key] = (acts[mark] ??= [newKey(), Date.now()])
  write(acts)
  return key
}

export function heard(action: string): void {
  const { [markOf(action)]: _, ...acts } = read()
  write(acts)
}

function read(): Acts {
  try {
    const kept = JSON.parse(readKept(localStorage, STORE) ?? '{}') as Acts
    return Object.fromEntries(Object.entries(kept).filter(([, [, at]]) => Date.now() - at < LIFE_MS))
  } catch {
    return {}
  }
}

function write(acts: Acts): void {
  const newest = Object.entries(acts).slice(-MOST)
  writeKept(localStorage, STORE, newest.length ? JSON.stringify(Object.fromEntries(newest)) : null)
}
