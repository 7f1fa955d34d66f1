import type * as z from 'zod/mini'
import type { Endpoint } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { serve, type House } from '../lib/serve'

interface Desk<I> {
  tx: Tx
  audit: Audit
  /** Who acts. */
  me: string
  now: Date
  input: I
}

/**
 * Serves an act of compliance on one complaint. A step that the machine does not know or the person must not take changes
 * nothing, but that somebody tried it is on record.
 */
export function actsOf(house: House) {
  const { db, log, wake, ...deps } = house.deps
  return <I extends z.core.$ZodType<{ number: string }>, O extends z.core.$ZodType>(
    endpoint: Endpoint<I, O>,
    story: (desk: Desk<z.output<I>>) => Promise<z.output<O>>,
  ): void =>
    serve(house, endpoint, async ({ caller, input }) => {
      const now = deps.now()
      const me = caller.id
      try {
        const answer = await act(db, now, me, (tx, audit) => story({ tx, audit, me, now, input }))
        wake('complaints')
        wake('mail')
        return answer
      } catch (thrown) {
        if (thrown instanceof Failure && refusals.has(thrown.code)) {
          const { number } = input as { number: string }
          const step = endpoint.path.split('/').at(-1) ?? ''
          log.warn({ number, step, why: thrown.code }, 'complaint step refused')
          await act(db, now, me, (_, audit) =>
            Promise.resolve(audit('complaint.refused', number, { step, why: thrown.code })),
          )
        }
        throw thrown
      }
    })
}

const refusals: ReadonlySet<string> = new Set([
  'complaint_step',
  'complaint_conflict',
  'complaint_not_mine',
  'complaint_asked',
  'complaint_second',
  'complaint_told',
])
