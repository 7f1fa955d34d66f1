import type { PostgresCursor } from 'kysely'
import type pg from 'pg'

/** One row of what was copied, as it came: its columns, each with its length before it. Good until the next are read. */
export type CopiedRow = Buffer

/** `PGCOPY\n\xff\r\n\0`, flags and the length of an extension: they come with the first row. */
const HEADER = 19

/**
 * What Kysely streams with, over COPY: bytes, where an answer is texts. For statements that read whole tables, of the form
 * `copy (select …) to stdout (format binary)`, without parameters. A row costs pg more than what stands in it, so many are
 * sent as one, as arrays. While rows are worked on nothing more is read from the connection. `close` reads what is left,
 * because the connection goes on being used.
 */
export class CopyOut implements PostgresCursor<CopiedRow>, pg.Submittable {
  /** pg puts in its place what ends the timer of `query_timeout`. */
  callback: () => void = () => undefined
  failed: (error: Error) => void = () => undefined
  readonly #statement: string
  #rows: CopiedRow[] = []
  #given: CopiedRow[] = []
  #spare: CopiedRow[] = []
  #begun = false
  #end: { error?: Error } | undefined
  #wake = (): void => undefined

  constructor(statement: string) {
    this.#statement = statement
  }

  /** What has come since it was asked last, as soon as anything has; nothing at the end. */
  async read(): Promise<CopiedRow[]> {
    this.#spare = this.#spare.concat(this.#given)
    this.#given = []
    if (!this.#rows.length && !this.#end) await new Promise<void>((wake) => (this.#wake = wake))
    if (this.#end?.error) throw this.#end.error
    this.#given = this.#rows
    this.#rows = []
    return this.#given
  }

  async close(): Promise<void> {
    while (!this.#end) await this.read().catch(() => undefined)
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#statement)
  }

  /** One row in each (PostgreSQL's protocol, COPY operations), but for the last, which has -1 columns. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const at = this.#begun ? 0 : HEADER
    this.#begun = true
    if (chunk.readInt16BE(at) < 0) return
    this.#rows.push(this.#copy(chunk.subarray(at + 2)))
    this.#wake()
  }

  /** Because pg's parser fills its memory anew. New memory for each row would cost more than the row. */
  #copy(row: Buffer): CopiedRow {
    const spare = this.#spare.pop()
    const copy = spare && spare.length >= row.length ? spare : Buffer.allocUnsafe(Math.ceil(row.length * 1.1))
    row.copy(copy)
    return copy
  }

  handleCommandComplete(): void {
    // What follows says whether the connection is free.
  }

  handleReadyForQuery(): void {
    this.#finish({})
  }

  handleError(error: Error): void {
    this.failed(error)
    this.#finish({ error })
  }

  #finish(end: { error?: Error }): void {
    this.#end ??= end
    this.callback()
    this.#wake()
  }
}

/** An array among a row's columns, gone through element by element. What is null is read as empty. */
export class CopiedArray {
  /** Where the next column begins. */
  readonly end: number
  readonly #row: CopiedRow
  #left = 0
  #from = 0
  #to: number

  constructor(row: CopiedRow, at = 0) {
    const length = Math.max(row.readInt32BE(at), 0)
    this.#row = row
    this.end = at + 4 + length
    // How many dimensions, whether there are nulls, the type; then how many elements, and the number of the first.
    if (length > 12) this.#left = row.readInt32BE(at + 16)
    this.#to = at + 24
  }

  /** Goes on to the next element, if there is one. */
  next(): boolean {
    if (this.#left === 0) return false
    this.#left--
    this.#from = this.#to + 4
    this.#to = this.#from + Math.max(this.#row.readInt32BE(this.#to), 0)
    return true
  }

  /** Exact up to 2^53. */
  bigint(): number {
    return this.#row.readInt32BE(this.#from) * 2 ** 32 + this.#row.readUInt32BE(this.#from + 4)
  }

  ascii(): string {
    return this.#row.toString('latin1', this.#from, this.#to)
  }

  /** Where it lies, with one byte of the caller's before it: that takes the place of the last of its length. */
  bytesAfter(first: number): Buffer {
    this.#row[this.#from - 1] = first
    return this.#row.subarray(this.#from - 1, this.#to)
  }
}
