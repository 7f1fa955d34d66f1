const kept = new Map<string, [local: [string, string][], session: [string, string][]]>()

const isOurs = (key: string): boolean => key.startsWith('window.')

/** What the app's pages stored belongs to one member's phone: it is put away, and the other member's is taken out. */
export function swapStorage(from: string, to: string): void {
  kept.set(from, [take(localStorage), take(sessionStorage)])
  const [local, session] = kept.get(to) ?? [[], []]
  for (const [key, value] of local) localStorage.setItem(key, value)
  for (const [key, value] of session) sessionStorage.setItem(key, value)
}

function take(storage: Storage): [string, string][] {
  const taken = Object.entries(storage).filter(([key]) => !isOurs(key)) as [string, string][]
  for (const [key] of taken) storage.removeItem(key)
  return taken
}
