import { fill } from '../../shared/lang/fill'

/** WeCom's limit for `transfer_success_msg` (facts 4.7). */
export const GREETING_LIMIT = 200

const length = (text: string): number => [...text].length
const shorten = (name: string): string => `${[...name.replace(/…$/, '')].slice(0, -1).join('')}…`

/**
 * What WeCom says to a customer in the successor's chat after an on-job takeover. It speaks Chinese like WeCom's own
 * message a day before. Where names are so long that it would not fit, the longest becomes shorter.
 */
export function greetingOf(
  template: string,
  given: { company: string; old: string; new: string; tel: string },
): string {
  const values = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value.replace(/\s+/g, ' ').trim() || '…']),
  )
  for (;;) {
    const text = fill(template, values).normalize('NFC')
    if (length(text) <= GREETING_LIMIT) return text
    const [longest, name] = Object.entries(values).reduce((a, b) => (length(b[1]) > length(a[1]) ? b : a))
    values[longest] = shorten(name)
  }
}
