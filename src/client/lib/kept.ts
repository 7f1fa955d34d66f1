/** Storage that a client may have switched off: then nothing is kept and nothing breaks. Never for personal data. */
export function readKept(store: Storage, key: string): string | null {
  try {
    return store.getItem(key)
  } catch {
    return null
  }
}

export function writeKept(store: Storage, key: string, value: string | null): void {
  try {
    if (value === null) store.removeItem(key)
    else store.setItem(key, value)
  } catch {
    // full or forbidden; see above
  }
}

/** What this tab kept of somebody: drafts, forms, tries. The chosen language and what is still to be told the server stay. */
export function forgetKept(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('jiebang.')) sessionStorage.removeItem(key)
  } catch {
    // see above
  }
}
