import type { CompiledQuery } from 'kysely'
import type { Db } from './open'

/** Where a value will stand; whatever reckons with it or writes it fails. */
class Place {
  constructor(readonly name: string) {}
  [Symbol.toPrimitive](): never {
    throw new Error(`${this.name} is not known where a statement is put together`)
  }
}

/**
 * A statement that is put together once and asked with other values each time: `build` runs at the first asking, with marks in
 * place of the values, so it must not look at them. For what nearly every request asks: building and compiling the row of a
 * brief takes as long as PostgreSQL takes to find it.
 */
export function prepared<V extends object, Row>(
  build: (db: Db, value: V) => CompiledQuery<Row>,
): (db: Db, values: V) => Promise<Row[]> {
  const marks = new Proxy({} as V, { get: (_, name) => new Place(String(name)) })
  let built: CompiledQuery<Row> | undefined
  return async (db, values) => {
    built ??= build(db, marks)
    const parameters = built.parameters.map((p) => (p instanceof Place ? values[p.name as keyof V] : p))
    return (await db.executeQuery<Row>({ ...built, parameters })).rows
  }
}
