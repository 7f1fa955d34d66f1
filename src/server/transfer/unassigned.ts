import { unassignedList } from '../wecom/apis'
import type { WeCom } from '../wecom/client'
import { walkPages } from '../wecom/pages'

/** WeCom's ids of the customers of one leaver that wait to be assigned. */
export type Unassigned = (leaver: string) => Promise<ReadonlySet<string>>

/** WeCom's whole list (it has no filter, facts 4.2), read at most once a run and only when somebody asks. */
export function unassignedReader(wecom: WeCom): Unassigned {
  let reading: Promise<Map<string, Set<string>>> | null = null
  const read = async () => {
    const lists = new Map<string, Set<string>>()
    await walkPages(
      (cursor) => wecom.ask(unassignedList, { cursor, page_size: 1000 }),
      ({ info }) => {
        for (const { handover_userid, external_userid } of info)
          lists.set(handover_userid, (lists.get(handover_userid) ?? new Set()).add(external_userid))
        return info.length
      },
    )
    return lists
  }
  return async (leaver) => (await (reading ??= read())).get(leaver) ?? new Set()
}
