/** What a cell holds. A date is an instant; sheets show it as Beijing's wall clock. */
export type Cell = string | number | Date | null

/** Excel's own limit, in UTF-16 units. */
export const MOST_LETTERS = 32_767

/**
 * What of a text goes into a file: NFC; lines end with LF; what XML cannot hold, lone surrogates and control characters
 * (NUL among them) are U+FFFD each, so that one sees that something was there; longer than Excel takes, it ends with `…`.
 */
export function cleanText(text: string): string {
  const clean = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
  return clean.length > MOST_LETTERS ? `${clean.slice(0, MOST_LETTERS - 1).replace(/[\ud800-\udbff]$/, '')}…` : clean
}

const two = (n: number) => String(n).padStart(2, '0')

/** `2026-12-01 10:00`, Beijing time; China has no summer time. */
export function wallClock(at: Date): string {
  const there = new Date(at.getTime() + 8 * 3600_000)
  const day = `${there.getUTCFullYear()}-${two(there.getUTCMonth() + 1)}-${two(there.getUTCDate())}`
  return `${day} ${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`
}
