import type { State, Transfer } from './state'

/** Who handed whom over to whom, by pair and flow, so that transfer_result looks at its own rows only. */
export interface Pairs {
  add(transfer: Transfer): void
  /** One row for each customer: the latest that was not called void. */
  rows(of: Pick<Transfer, 'flow' | 'handover' | 'takeover'>): Iterable<Transfer>
}

const keyOf = ({ flow, handover, takeover }: Pick<Transfer, 'flow' | 'handover' | 'takeover'>): string =>
  `${flow}|${handover}|${takeover}`

export function createPairs({ transfers }: State): Pairs {
  const byPair = new Map<string, Map<string, Transfer>>()
  const add = (transfer: Transfer): void => {
    const key = keyOf(transfer)
    const rows = byPair.get(key) ?? new Map<string, Transfer>()
    byPair.set(key, rows.set(transfer.externalUserid, transfer))
  }
  for (const past of transfers.values()) past.forEach(add)
  /** Before the one that came to nothing, there may have been another between the same two. */
  const earlier = (last: Transfer): Transfer | undefined =>
    (transfers.get(last.externalUserid) ?? []).filter((t) => t.status !== 'void' && keyOf(t) === keyOf(last)).at(-1)
  return {
    add,
    *rows(of) {
      for (const last of byPair.get(keyOf(of))?.values() ?? []) {
        const shown = last.status === 'void' ? earlier(last) : last
        if (shown) yield shown
      }
    },
  }
}
