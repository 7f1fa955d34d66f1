/**
 * Reads a list by its cursors until it ends. `use` answers how many rows of a page were new. Gives up when a cursor comes
 * again, or when page after page brings nothing new, and then answers false: what was not seen may still be there (Q20).
 */
export async function walkPages<P extends { next_cursor: string; is_last?: boolean | undefined }>(
  ask: (cursor: string) => Promise<P>,
  use: (page: P) => Promise<number> | number,
): Promise<boolean> {
  const visited = new Set<string>()
  let idle = 0
  for (let cursor = ''; ;) {
    visited.add(cursor)
    const page = await ask(cursor)
    idle = (await use(page)) ? 0 : idle + 1
    if (page.is_last === true || !page.next_cursor) return true
    if (visited.has(page.next_cursor) || idle > 1) return false
    cursor = page.next_cursor
  }
}

export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
