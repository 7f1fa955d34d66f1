/** Storage that a client may have switched off: then nothing is kept and nothing breaks. Never for personal data. */
export function readKept(store: Storage, key: string): string | null {
  try {
    return store.getItem(key)
  } catch {
    return null
  }
}

/** False: full or forbidden, and what stood there before still does. */
export function writeKept(store: Storage, key: string, value: string | null): boolean {
  try {
    if (value === null) store.removeItem(key)
    else store.setItem(key, value)
    return true
  } catch {
    return false
  }
}

/** What is of no member and of no customer: the language, what the client said of a message, two counters against loops. */
export const LASTING: readonly string[] = ['jiebang.language', 'jiebang.outcomes', 'jiebang.logins', 'jiebang.reloaded']

/** What this device kept of somebody: drafts, what waits to be sent, forms, tries. */
export function forgetKept(): void {
  try {
    for (const store of [sessionStorage, localStorage])
      for (const key of Object.keys(store))
        if (key.startsWith('jiebang.') && !LASTING.includes(key)) store.removeItem(key)
  } catch {
    // see above
  }
}
