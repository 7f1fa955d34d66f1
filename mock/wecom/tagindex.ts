import type { CastTagGroup } from './cast'

interface Found {
  name: string
  group: { groupName: string; strategy: boolean }
}

const made = new WeakMap<CastTagGroup[], Map<string, Found>>()

/** Tags by id, made once for each state of the library. */
export function tagIndex(library: CastTagGroup[]): Map<string, Found> {
  const before = made.get(library)
  if (before) return before
  const index = new Map<string, Found>()
  for (const { groupName, strategy = false, tags } of library)
    for (const { id, name } of tags) index.set(id, { name, group: { groupName, strategy } })
  made.set(library, index)
  return index
}
