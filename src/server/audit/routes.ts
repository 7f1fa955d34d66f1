import { exportHead, getAudit, listLog, proveEntry, type AuditState } from '../../shared/evidence'
import { Failure } from '../../shared/failure'
import { act } from '../db/act'
import { rightsOf } from '../db/roles'
import { isAged, leafOf } from '../lib/chain'
import { readLog, unreadableTo } from './entries'
import { consistency, inclusion } from '../lib/merkle'
import { serve, type House } from '../lib/serve'
import { makeHead, shownHead } from './heads'
import { nodesOf } from './nodes'
import * as rows from './rows'

/** How the log stands, heads to keep outside, proofs of single entries. Entries hold no personal values. */
export function audit(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, getAudit, ({ caller }) =>
    act(db, now(), caller.id, async (tx, audit): Promise<AuditState> => {
      audit('look.audit', 'state')
      const [end, head, check] = [await rows.logEnd(tx), await rows.newestHead(tx), await rows.newestCheck(tx)]
      const [stamp, trouble] = [await rows.newestStamp(tx), await rows.stampTrouble(tx)]
      const newest = head !== undefined && stamp?.size === head.size
      return {
        entries: end.seq,
        head: head ? shownHead(head) : null,
        stamp: {
          state: !deps.config.TSA_URL ? 'none' : newest ? 'stamped' : 'waiting',
          at: stamp?.at.toISOString() ?? null,
          size: stamp?.size ?? null,
          why: newest ? null : ((trouble?.why ?? null) as AuditState['stamp']['why']),
        },
        checked: check ? { at: check.at.toISOString(), entries: check.entries, broken: check.brokenSeq } : null,
        rights: await rightsOf(tx),
      }
    }),
  )

  serve(house, exportHead, async ({ caller }) => {
    const head = await makeHead(deps)
    if (!head) throw new Failure('not_found')
    return act(db, now(), caller.id, async (tx, audit) => {
      const key = (await rows.keys(tx)).find((k) => k.id === head.key)
      audit('head.exported', String(head.size), { size: head.size, root: head.root, by: 'page' })
      return { ...head, publicKey: key?.publicKey ?? '' }
    })
  })

  serve(house, listLog, ({ input, caller }) =>
    act(db, now(), caller.id, (tx, audit) => readLog(tx, audit, input, caller)),
  )

  serve(house, proveEntry, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const head = await rows.newestHead(tx)
      const entry = await rows.lineAt(tx, input.seq)
      const before = input.since === undefined ? undefined : await rows.headAt(tx, input.since)
      if (!head || !entry || entry.seq > head.size || (input.since !== undefined && !before))
        throw new Failure('not_found')
      if (await unreadableTo(tx, caller, entry)) throw new Failure('not_found')
      audit('look.audit', String(input.seq), { since: input.since ?? null })
      const nodes = nodesOf(tx)
      const { seq, line, hash } = entry
      return {
        entry: isAged(leafOf(line)) ? null : line,
        hash,
        head: shownHead(head),
        path: await inclusion(nodes, seq - 1, head.size),
        consistency: before
          ? { from: before.size, root: before.root, proof: await consistency(nodes, before.size, head.size) }
          : null,
      }
    }),
  )
}
