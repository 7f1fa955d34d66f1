import { buildStale } from '../../mock/build.mjs'

/** What browsers and the house checks look at is what is shipped: built once, and only when older than its sources. */
export default function setup(): Promise<void> {
  return buildStale()
}
