import type { Explanation } from '../../../shared/allocation'
import type { Table } from './table'

/** Who has been given to whom so far. */
export interface Given {
  table: Table
  /** How many somebody can get in this run, and how many of them of a top tier. */
  places: Int32Array
  topPlaces: Int32Array | null
  top: Uint8Array
  /** Customer → colleague, or NONE. */
  to: Int32Array
  wish: Explanation['wish'][]
  count: Int32Array
  topCount: Int32Array
}

export const hasRoom = ({ count, places, topPlaces, top, topCount }: Given, i: number, j: number): boolean =>
  count[j]! < places[j]! && !(topPlaces && top[i] && topCount[j]! >= topPlaces[j]!)
