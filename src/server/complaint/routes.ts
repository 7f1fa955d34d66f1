import { listComplaints } from '../../shared/complaint'
import { act } from '../db/act'
import { look } from '../db/look'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readInstant, readPlace } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import { complaintList } from './rows'

/** Whatever stage a handover is at: who complains is heard as one who objects (compliance 6.2, VO). */
const sight = { who: 'compliance', stage: 'VO' } as const

/** What customers wrote, for compliance alone: neither the successor nor their managers read it (class F6). */
export function complaint(house: House): void {
  const { deps } = house

  serve(house, listComplaints, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const [at, number] = readPlace(input.after, 2) ?? []
      const after = at && number ? { at: readInstant(at), number } : null
      const rows = await complaintList(tx, after, input.limit)
      const shown = rows.slice(0, input.limit)
      audit('look.complaints', 'complaints', { numbers: shown.map((r) => r.number) })
      for (const { customer, number } of shown)
        if (customer) look(audit, 'look.complaint', customer, { sight, door: listComplaints, only: ['F6'] }, { number })
      return pageOf(
        rows,
        input.limit,
        (r) => placeOf(r.at.toISOString(), r.number),
        (r) => seenBy(sight, { ...r, at: r.at.toISOString() }),
      )
    }),
  )
}
