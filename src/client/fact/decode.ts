/** A file's text: UTF-8 if it is, else the Chinese of older spreadsheets; null: neither can read it. */
export function decoded(bytes: ArrayBuffer): string | null {
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      if (!text.includes('\u0000')) return text
    } catch {
      // Not this one.
    }
  return null
}
