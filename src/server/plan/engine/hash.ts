/** FNV-1a with a last mix: the same on every machine. Not for secrets. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193)
  return mixed(hash, 0)
}

export function mixed(a: number, b: number): number {
  let hash = Math.imul(a ^ b, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** In an order that depends on nothing but ids and the day, and in which every 8th is a fair sample. */
export function byHash<T>(list: readonly T[], id: (item: T) => string, day: string): T[] {
  return list
    .map((item) => ({ item, id: id(item), hash: hashOf(`${id(item)} ${day} order`) }))
    .sort((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1))
    .map(({ item }) => item)
}
