/** What speaks against repeating a call, and who must act. */
export type ErrorKind = 'retry' | 'refresh' | 'config' | 'permission' | 'final'

/**
 * What every documented errcode asks of us (facts 1.4). A code that is not here is `final`: not repeated, shown to people
 * with its number. `retry`: may be asked again later. `refresh`: with a new token, once. `permission` and `config`: nothing
 * helps until an administrator acts.
 */
const kinds: Record<Exclude<ErrorKind, 'final'>, readonly number[]> = {
  retry: [-1, 6000, 41063, 45009, 45033, 45035],
  refresh: [40014, 42001],
  permission: [48001, 48002, 48005, 48006, 48009, 50002, 60011, 60021, 60030, 84074, 701008],
  config: [
    40001, 40013, 40056, 41001, 41002, 41004, 42012, 43009, 43012, 45031, 50001, 50003, 60020, 60031, 301002, 301042,
  ],
}

const byCode = new Map<number, ErrorKind>(
  Object.entries(kinds).flatMap(([kind, codes]) => codes.map((code) => [code, kind as ErrorKind] as const)),
)

export const kindOf = (errcode: number): ErrorKind => byCode.get(errcode) ?? 'final'

/** The member is not in the corp any more, or never was. */
export const NO_SUCH_MEMBER = 60111
/** A corp tag or a group of tags that is no longer there. */
export const NO_SUCH_TAG = 40068
/** No minute or hour budget left for this API; the shorter block lasts this long (facts 1.3). */
export const BLOCKED = 45009
export const BLOCK_MS = 60_000
/** "Nobody in range follows this customer", in the words of several APIs: an answer about people, not an outage. */
export const noRelation: readonly number[] = [84061, 40096]
/** What lists say when one of the members asked for has left (facts 3.1, 3.6: unverified which). */
export const memberGone: readonly number[] = [60111, 40003, 84061, 301021]
