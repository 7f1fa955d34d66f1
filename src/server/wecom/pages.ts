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

/** How many pages may have been read and wait to be written. */
const AHEAD = 5

/**
 * Like `walkPages`, for a list too long to be held: while `use` writes, the next pages are read, and whatever has been read
 * meanwhile is written together. `use` also learns where the walk goes on after its pages ('' at the end), and answers how many
 * of their rows were new; `rowsOf` names the rows of a page. What is remembered of a page is its cursor.
 */
export async function walkAhead<P extends { next_cursor: string }>(
  begin: string,
  ask: (cursor: string) => Promise<P>,
  use: (pages: readonly P[], next: string) => Promise<number>,
  rowsOf: (page: P) => string,
): Promise<boolean> {
  const visited = new Set<string>()
  const waiting: P[] = []
  let idle = 0
  // Empty pages, and the same page over and over, are seen without waiting for what the database says.
  let same = 0
  let last = ''
  let writer: Promise<void> | null = null
  let failure: unknown = null

  async function write(): Promise<void> {
    try {
      while (waiting.length && failure === null) {
        const pages = waiting.splice(0)
        const fresh = await use(pages, pages.at(-1)?.next_cursor ?? '')
        idle = fresh ? 0 : idle + pages.length
      }
    } catch (error) {
      failure = error
    }
    writer = null
  }
  const written = async (): Promise<void> => {
    await writer
    // What was thrown is thrown on, whatever it is.
    // oxlint-disable-next-line typescript/only-throw-error
    if (failure !== null) throw failure
  }

  for (let cursor = begin; ;) {
    visited.add(cursor)
    try {
      waiting.push(await ask(cursor))
    } catch (error) {
      await written()
      throw error
    }
    const page = waiting.at(-1) as P
    const next = page.next_cursor
    const rows = rowsOf(page)
    same = rows === '' || rows === last ? same + 1 : 0
    last = rows
    const over = !next || visited.has(next) || same > 1
    writer ??= write()
    // One step at a time as soon as a page brought nothing: it may be the last that is worth asking for.
    if (over || idle > 0 || waiting.length >= AHEAD) await written()
    if (over) return !next
    if (idle > 1) return false
    cursor = next
  }
}

export const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
