/** The text in pieces, the filled-in values marked, each found after the one before it. */
export function marked(text: string, filled: readonly string[]): { text: string; filled: boolean }[] {
  const pieces: { text: string; filled: boolean }[] = []
  let from = 0
  for (const value of filled) {
    const at = value ? text.indexOf(value, from) : -1
    if (at < 0) continue
    if (at > from) pieces.push({ text: text.slice(from, at), filled: false })
    pieces.push({ text: value, filled: true })
    from = at + value.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), filled: false })
  return pieces
}
