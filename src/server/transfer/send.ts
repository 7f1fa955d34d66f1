import { WAIT_MS, YEAR_MS } from '../../shared/transfer'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { idOf, textInUse } from '../db/text'
import { moveTransfers, type TransferMove } from '../db/transfer'
import type { Deps } from '../deps'
import { transferCustomer, transferOnJob } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { externalUseridsOf } from '../wecom/contacts'
import { NOT_RESIGNED } from '../wecom/errcodes'
import { eachInTurn } from '../wecom/turn'
import { fatesOf, NOT_FOLLOWED, type Fate } from './answer'
import { greetingOf } from './greeting'
import { nextTry } from './hold'
import * as rows from './rows'
import type { Flow } from './write'

export async function sendBatches(deps: Deps): Promise<void> {
  await eachInTurn(deps, await rows.successorsToServe(deps.db, deps.now()), async ({ successorId }) => {
    for (;;) {
      const batch = await rows.nextBatch(deps.db, successorId, deps.now())
      if (!batch || !(await sendBatch(deps, batch))) return
    }
  })
}

type Batch = NonNullable<Awaited<ReturnType<typeof rows.nextBatch>>>
type Item = { handoverId: string; externalUserid: string | undefined }

/**
 * One call. That it is made is committed first; so whatever happens between here and the answer, the batch is found as
 * `sent` without an answer, and `askResults` finds out what became of it. False: no more calls for now.
 */
async function sendBatch(deps: Deps, batch: Batch): Promise<boolean> {
  const { flow, items, greeting } = await takeCall(deps, batch)
  const externals = items.flatMap((i) => i.externalUserid ?? [])
  try {
    const customer = externals.length ? await call(deps, batch, { flow, greeting }, externals) : []
    await takeAnswer(deps, batch.id, items, fatesOf(customer))
    return true
  } catch (error) {
    if (error instanceof WeComError) return takeRefusal(deps, batch, items, error)
    if (error instanceof AnswerLost && error.notSent) await takeBack(deps, batch, null)
    throw error
  }
}

async function call(
  { wecom, config }: Deps,
  batch: Batch,
  { flow, greeting }: { flow: Flow; greeting: string },
  externals: readonly string[],
) {
  const call = { handover_userid: batch.leaver, takeover_userid: batch.successor, external_userid: externals }
  if (flow === 'resigned') return (await wecom.ask(transferCustomer, call)).customer
  const transfer_success_msg = greetingOf(greeting, {
    company: config.COMPANY_NAME,
    old: batch.leaverName,
    new: batch.successorName,
    tel: config.HOTLINE,
  })
  return (await wecom.ask(transferOnJob, { ...call, transfer_success_msg })).customer
}

/**
 * Marks the call as made, under the locks of everybody in it: who takes somebody back (a withdrawal, the year's end) waits
 * for them and then finds them sent, or came first and they are not among these. Whoever left meanwhile is handed over as
 * one who has left, and whom the year's end has caught up with since the approval is not sent any more.
 */
async function takeCall(deps: Deps, batch: Batch): Promise<{ flow: Flow; items: Item[]; greeting: string }> {
  const at = deps.now()
  return act(deps.db, at, 'system', async (tx, audit) => {
    const all = await rows.holdApproved(tx, batch.id)
    const tooOld = all.filter((i) => i.gone && at.getTime() - i.leftAt.getTime() > YEAR_MS)
    const expire = tooOld.map(({ handoverId }) => ({ handoverId, event: 'too_old' as const, set: { settledAt: at } }))
    await moveTransfers(tx, audit, { at, id: deps.id }, expire)
    const approved = all.filter((i) => !tooOld.includes(i))
    const flow = batch.flow === 'onjob' && approved.some((i) => !i.gone) ? 'onjob' : 'resigned'
    await rows.markSent(tx, batch.id, flow, at)
    const said = flow === 'onjob' ? await textInUse(tx, audit, at, 'M1s') : null
    audit('transfer.sent', batch.id, { customers: approved.length, flow, ...(said ? { text: idOf(said) } : {}) })
    const customers = approved.map((i) => i.customerId)
    const externals = await externalUseridsOf(tx, customers)
    return {
      flow,
      greeting: said?.words['zh-CN']['text'] ?? '',
      items: approved.map((i) => ({ handoverId: i.handoverId, externalUserid: externals.get(i.customerId) })),
    }
  })
}

/** Each customer by what WeCom said of it. Of whom it said nothing, the answer is missing still: the batch stays open. */
const takeAnswer = (deps: Deps, batchId: string, items: readonly Item[], fates: Map<string, Fate>): Promise<void> => {
  const at = deps.now()
  return act(deps.db, at, 'wecom', async (tx, audit) => {
    const known = items.flatMap(({ handoverId, externalUserid }) => {
      const fate = fates.get(externalUserid ?? '')
      return fate ? [{ handoverId, ...fate }] : []
    })
    await move(deps, tx, audit, known, at)
    const having = (event: Fate['event']) => known.filter((k) => k.event === event).map((k) => k.handoverId)
    await rows.detach(tx, having('again'))
    await rows.noteFates(tx, having('ask'), NOT_FOLLOWED)
    await rows.closeBatches(tx, [batchId], at)
    audit('transfer.answered', batchId, {
      accepted: having('accepted_by_wecom').length,
      refused: having('refused_by_wecom').length,
      again: having('again').length,
      ask: having('ask').length,
      missing: items.length - known.length,
    })
  })
}

/**
 * WeCom refused the whole call. Busy, or something that somebody must mend first: later. Otherwise it holds for everybody, and
 * so does "has not left": who came back stays, and the plan was for somebody who had gone.
 */
async function takeRefusal(deps: Deps, batch: Batch, items: readonly Item[], error: WeComError): Promise<boolean> {
  const { errcode, kind } = error
  if (kind !== 'final' && errcode !== NOT_RESIGNED) {
    await takeBack(deps, batch, error)
    return false
  }
  const at = deps.now()
  await act(deps.db, at, 'wecom', async (tx, audit) => {
    const all = items.map(({ handoverId }) => ({ handoverId, event: 'refused_by_wecom' as const, errcode }))
    await move(deps, tx, audit, all, at)
    await rows.noteErrcode(tx, batch.id, errcode)
    await rows.closeBatches(tx, [batch.id], at)
    audit('transfer.answered', batch.id, { errcode, refused: items.length })
  })
  return true
}

/** The call has surely had no effect: it is as if only written down, with the reason and the next try beside it. */
const takeBack = ({ db, now }: Deps, { id, successorId, tries }: Batch, error: WeComError | null): Promise<void> => {
  const at = now()
  return act(db, at, 'wecom', async (tx, audit) => {
    const hold = nextTry(error, tries, at)
    await rows.unsend(tx, id, hold)
    if (error) await rows.holdOthers(tx, successorId, hold)
    audit('transfer.answered', id, { errcode: hold.errcode, again: true })
  })
}

/** WeCom takes over after 24 hours by itself; the exact time comes with the result. */
const move = (deps: Deps, tx: Tx, audit: Audit, known: readonly ({ handoverId: string } & Fate)[], at: Date) =>
  moveTransfers(
    tx,
    audit,
    { at, id: deps.id },
    known.flatMap(({ handoverId, event, errcode }): TransferMove[] => {
      if (event === 'refused_by_wecom') return [{ handoverId, event, set: { errcode, settledAt: at } }]
      if (event !== 'accepted_by_wecom') return []
      const takeoverAt = errcode === null ? new Date(at.getTime() + WAIT_MS) : null
      return [{ handoverId, event, set: { errcode, submittedAt: at, takeoverAt } }]
    }),
  )
