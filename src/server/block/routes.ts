import {
  askBlock,
  askBlockProbe,
  askLift,
  blockState,
  confirmBlock,
  confirmLift,
  declineBlock,
  declineLift,
  listBlockable,
  listBlocks,
  type BlockState,
} from '../../shared/block'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { askProbe, endAccess } from '../db/probe'
import { pageOf, placeOf, readPlace, upTo, word } from '../lib/listing'
import { serve, type Caller, type House } from '../lib/serve'
import { addBlock, blockable, blocksAfter, holdBlock, holdHere, openBlock, setBlock, setBlockedAt } from './rows'
import { shownBlock } from './shown'

/** Two administrators stop a member, whatever WeCom says or does not say, and two let them in again. */
export function block(house: House): void {
  const { deps } = house

  serve(house, listBlocks, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const after = readPlace(input.after, upTo(1), word)
      const rows = await blocksAfter(tx, caller.id, after && { rank: after[0], id: after[1] }, input.limit + 1)
      const place = (r: (typeof rows)[number]) => placeOf(String(r.rank), r.id)
      const page = pageOf(rows, input.limit, place, (r) => shownBlock(r, caller.id, deps.now()))
      audit('look.blocks', 'blocks', { blocks: page.items.map((b) => b.id) })
      return page
    }),
  )

  serve(house, listBlockable, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const rows = await blockable(tx, caller.id, input.text ?? '', readPlace(input.after, word, word), input.limit + 1)
      audit('look.list', 'members', { members: rows.slice(0, input.limit).map((m) => m.id) })
      return pageOf(
        rows,
        input.limit,
        (m) => placeOf(m.name, m.id),
        (m) => m,
      )
    }),
  )

  serve(house, askBlock, ({ caller, input }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { member, reason, words } = input
      if (member === caller.id || !(await holdHere(tx, member))) throw new Failure('not_found')
      const open = await openBlock(tx, member)
      if (open && blockState(open, deps.now()) !== 'expired') throw new Failure('already_blocked')
      if (open) await setBlock(tx, open.id, { declinedAt: deps.now() })
      const id = deps.id()
      await addBlock(tx, { id, memberId: member, reason, words, askedBy: caller.id, askedAt: deps.now() })
      audit('block.asked', id, { member, reason })
      return { block: id }
    }),
  )

  serve(house, confirmBlock, async ({ caller, input }) => {
    await act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const { id, memberId, askedBy } = await held(tx, caller, input.block, ['asked'])
      if (askedBy === caller.id) throw new Failure('own_request')
      await setBlock(tx, id, { confirmedBy: caller.id, confirmedAt: deps.now() })
      await endAccess(tx, audit, deps, [memberId], 'blocked')
      await setBlockedAt(tx, memberId, deps.now())
      audit('block.confirmed', id, { member: memberId })
    })
    deps.wake('probe')
    return OK
  })

  serve(house, declineBlock, ({ caller, input }) =>
    change(caller, input.block, ['asked', 'expired'], async (tx, audit, { id, memberId }) => {
      await setBlock(tx, id, { declinedBy: caller.id, declinedAt: deps.now() })
      audit('block.declined', id, { member: memberId })
    }),
  )

  serve(house, askBlockProbe, async ({ caller, input }) => {
    await change(caller, input.block, ['blocked', 'lift_asked'], async (tx, audit, { memberId }) => {
      audit('probe.asked', memberId, { probe: await askProbe(tx, deps, { memberId, askedBy: caller.id }) })
    })
    deps.wake('probe')
    return OK
  })

  serve(house, askLift, ({ caller, input }) =>
    change(caller, input.block, ['blocked'], async (tx, audit, { id, memberId }) => {
      await setBlock(tx, id, { liftAskedBy: caller.id, liftAskedAt: deps.now(), liftWords: input.words })
      audit('block.lift_asked', id, { member: memberId })
    }),
  )

  serve(house, confirmLift, ({ caller, input }) =>
    change(caller, input.block, ['lift_asked'], async (tx, audit, { id, memberId, liftAskedBy }) => {
      if (liftAskedBy === caller.id) throw new Failure('own_request')
      await setBlock(tx, id, { liftedBy: caller.id, liftedAt: deps.now() })
      await setBlockedAt(tx, memberId, null)
      audit('block.lifted', id, { member: memberId })
    }),
  )

  serve(house, declineLift, ({ caller, input }) =>
    change(caller, input.block, ['lift_asked'], async (tx, audit, { id, memberId }) => {
      await setBlock(tx, id, { liftAskedBy: null, liftAskedAt: null, liftWords: null })
      audit('block.lift_declined', id, { member: memberId })
    }),
  )

  type Held = Awaited<ReturnType<typeof held>>

  const change = (
    caller: Caller,
    id: string,
    from: readonly BlockState[],
    work: (tx: Tx, audit: Audit, block: Held) => Promise<void>,
  ) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      await work(tx, audit, await held(tx, caller, id, from))
      return OK
    })

  async function held(tx: Tx, caller: Caller, id: string, from: readonly BlockState[]) {
    const found = await holdBlock(tx, id, caller.id)
    if (!found) throw new Failure('not_found')
    if (!from.includes(blockState(found, deps.now()))) throw new Failure('stale')
    return found
  }
}
