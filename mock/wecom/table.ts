/** What is kept by id: a Map, or a crowd that is made while somebody looks. */
export interface Table<V> extends Iterable<[string, V]> {
  readonly size: number
  has(id: string): boolean
  get(id: string): V | undefined
  set(id: string, value: V): unknown
  delete(id: string): boolean
  keys(): Iterable<string>
  values(): Iterable<V>
  /** From this position on, without walking there. */
  from?(position: number): Iterable<V>
  /** Only a row that somebody touched; the others are as they began. */
  touched?(id: string): V | undefined
}

/** Rows that follow from their number: nothing of them is kept. */
export interface Source<V> {
  size: number
  at(index: number): V
  idAt(index: number): string
  /** -1 for an id that is not among them. */
  indexOf(id: string): number
}

/**
 * A table over a source. Whoever gets a single row may change it, so that one is kept from then on; walking keeps nothing.
 * It cannot be written to disk.
 */
export function grown<V>({ size, at, idAt, indexOf }: Source<V>): Table<V> {
  const touched = new Map<number, V>()
  const gone = new Set<number>()
  const added = new Map<string, V>()
  const place = (id: string): number => {
    const index = indexOf(id)
    return gone.has(index) ? -1 : index
  }
  const row = (index: number): V => touched.get(index) ?? at(index)
  const keep = (index: number): V => {
    const found = row(index)
    touched.set(index, found)
    return found
  }
  /** The places from a position on: without gaps a position is a place, with gaps the rows before it are counted. */
  function* places(position: number): Generator<number> {
    let skip = gone.size ? position : 0
    for (let index = gone.size ? 0 : position; index < size; index++) if (!gone.has(index) && skip-- <= 0) yield index
  }
  function* values(position = 0): Generator<V> {
    for (const index of places(position)) yield row(index)
    let rest = position - (size - gone.size)
    for (const value of added.values()) if (rest-- <= 0) yield value
  }
  function* keys(): Generator<string> {
    for (const index of places(0)) yield idAt(index)
    yield* added.keys()
  }
  function* entries(): Generator<[string, V]> {
    for (const index of places(0)) yield [idAt(index), row(index)]
    yield* added
  }
  return {
    get size() {
      return size - gone.size + added.size
    },
    has: (id) => added.has(id) || place(id) >= 0,
    get(id) {
      const index = place(id)
      return index >= 0 ? keep(index) : added.get(id)
    },
    set(id, value) {
      const index = place(id)
      return index >= 0 ? touched.set(index, value) : added.set(id, value)
    },
    delete(id) {
      const index = place(id)
      if (index < 0) return added.delete(id)
      touched.delete(index)
      gone.add(index)
      return true
    },
    keys,
    values: () => values(),
    from: values,
    touched(id) {
      const index = place(id)
      return index >= 0 ? touched.get(index) : added.get(id)
    },
    [Symbol.iterator]: entries,
  }
}

/** The values from this position on; a Map is walked there, which is quick, because nothing is copied. */
export function* valuesFrom<V>(table: Table<V>, position: number): Generator<V> {
  let skip = table.from ? 0 : position
  for (const value of table.from?.(position) ?? table.values()) if (skip-- <= 0) yield value
}

/** Several tables one after the other; whole tables before the position are not walked. */
export function* chain<V>(tables: Iterable<Table<V>>, position: number): Generator<V> {
  let rest = position
  for (const table of tables) {
    if (rest < table.size) yield* valuesFrom(table, rest)
    rest = Math.max(0, rest - table.size)
  }
}
