import { createHash } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'
import {
  answers,
  eventTypes,
  nextConsentState,
  type AskablePurpose,
  type ConsentEvent,
  type ConsentState,
  type Identity,
} from '../../shared/consent'
import { chinaDay } from '../../shared/day'
import type { HistoryKind } from '../../shared/history'
import type { Audit } from './act'
import { addHistory } from './history'
import type { Tx } from './open'

/** Where a customer stands with a purpose; without a row nobody ever needed to ask. */
interface Standpoint {
  state: ConsentState
  recordId: string | null
  subjectId: string | null
  until: Date | null
  askedAt: Date | null
  remindedAt: Date | null
}

/** Who caused an event and what proves it (compliance 4.3). Nothing in it is needed to say no. */
export interface Proof {
  entity: 'customer' | 'guardian' | 'staff' | 'system'
  memberId?: string
  ial?: Identity
  channel: 'web_page' | 'phone_call' | 'paper' | 'wecom_message' | 'system'
  clientTime?: Date | null
  openidHash?: string | null
  net?: string | null
  browser?: string | null
  ui?: { [key: string]: Json }
  reason?: string
  witness?: { [key: string]: Json }
  guardianRelation?: string
}

interface ConsentMove {
  customerId: string
  purpose: AskablePurpose
  event: ConsentEvent
  /** The question it is about. */
  recordId: string
  at: Date
  proof: Proof
  id(): string
}

interface Moved {
  state: ConsentState
  moved: boolean
  receipt: string | null
}

/** Holds it until the end of the transaction: whoever else would move it waits. Begins with "not needed". */
export async function holdConsent(tx: Tx, customerId: string, purpose: string, at: Date): Promise<Standpoint> {
  await tx
    .insertInto('consent')
    .values({ customerId, purpose, state: 'not_needed' satisfies ConsentState, movedAt: at })
    .onConflict((c) => c.doNothing())
    .execute()
  const row = await tx
    .selectFrom('consent')
    .select(['state', 'recordId', 'subjectId', 'until', 'askedAt', 'remindedAt'])
    .where('customerId', '=', customerId)
    .where('purpose', '=', purpose)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return { ...row, state: row.state as ConsentState }
}

/**
 * Moves one consent by an event of its own machine; where the event means nothing, nothing moves and nothing is written.
 * The event, the state and the receipt are one transaction, and the log binds the event by its digest.
 */
export async function moveConsent(tx: Tx, audit: Audit, move: ConsentMove): Promise<Moved> {
  const { customerId, purpose, event, recordId, at } = move
  const before = await holdConsent(tx, customerId, purpose, at)
  const state = nextConsentState(before.state, event)
  if (!state) return { state: before.state, moved: false, receipt: null }
  const receipt = isAnswer(event) ? await nextReceipt(tx, at) : null
  const written = await addEvent(tx, move, before.state, state, receipt)
  await place(tx, move, state)
  audit('consent.moved', customerId, {
    purpose,
    event,
    from: before.state,
    to: state,
    record: recordId,
    entry: written.seq,
    digest: written.digest,
    ...(receipt ? { receipt } : {}),
  })
  await remember(tx, move)
  return { state, moved: true, receipt }
}

const isAnswer = (event: ConsentEvent): boolean => (answers as readonly ConsentEvent[]).includes(event)

/** A number for the customer: the day in Beijing and a count that leaves no gap. It opens nothing. */
async function nextReceipt(tx: Tx, at: Date): Promise<string> {
  const day = chinaDay(at)
  const { last } = await tx
    .insertInto('receiptCounter')
    .values({ day, last: 1 })
    .onConflict((c) => c.column('day').doUpdateSet((eb) => ({ last: eb('receiptCounter.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow()
  return `HR-${day.replaceAll('-', '')}-${String(last).padStart(6, '0')}`
}

async function addEvent(
  tx: Tx,
  { customerId, purpose, event, recordId, at, proof }: ConsentMove,
  stateBefore: ConsentState,
  state: ConsentState,
  receipt: string | null,
): Promise<{ seq: number; digest: string }> {
  const plain = {
    recordId,
    customerId,
    purpose,
    type: eventTypes[event],
    stateBefore,
    state,
    entity: proof.entity,
    memberId: proof.memberId ?? null,
    ial: proof.ial ?? null,
    channel: proof.channel,
    openidHash: proof.openidHash ?? null,
    net: proof.net ?? null,
    browser: proof.browser ?? null,
    reason: proof.reason ?? null,
    guardianRelation: proof.guardianRelation ?? null,
    receipt,
  }
  const { seq } = await tx
    .insertInto('consentEvent')
    .values({
      ...plain,
      at,
      clientTime: proof.clientTime ?? null,
      ui: proof.ui ? JSON.stringify(proof.ui) : null,
      witness: proof.witness ? JSON.stringify(proof.witness) : null,
    })
    .returning('seq')
    .executeTakeFirstOrThrow()
  const whole: Json = {
    ...plain,
    seq: Number(seq),
    at: at.toISOString(),
    clientTime: proof.clientTime?.toISOString() ?? null,
    ui: proof.ui ?? null,
    witness: proof.witness ?? null,
  }
  return { seq: Number(seq), digest: createHash('sha256').update(canonical(whole)).digest('hex') }
}

/** A question that is put names whom it is about and until when; an answer changes neither. */
async function place(tx: Tx, { customerId, purpose, event, recordId, at }: ConsentMove, state: ConsentState) {
  const asks = event === 'ask' || event === 'start'
  await tx
    .updateTable('consent')
    .set({ state, movedAt: at })
    .$if(asks, (q) =>
      q.set((eb) => ({
        recordId,
        askedAt: at,
        remindedAt: null,
        subjectId: eb.selectFrom('consentRecord').select('consentRecord.subjectId').where('id', '=', recordId),
        until: eb.selectFrom('consentRecord').select('consentRecord.until').where('id', '=', recordId),
      })),
    )
    .$if(event === 'remind', (q) => q.set({ remindedAt: at }))
    .where('customerId', '=', customerId)
    .where('purpose', '=', purpose)
    .execute()
}

const remembered: Partial<Record<ConsentEvent, HistoryKind>> = {
  ask: 'consent.requested',
  agree: 'consent.given',
  refuse: 'consent.refused',
  withdraw: 'consent.withdrawn',
  expire: 'consent.expired',
}

/** What the customer's history says of it: the purpose, and never a reason. */
async function remember(tx: Tx, { customerId, purpose, event, at, proof, id }: ConsentMove): Promise<void> {
  const kind = remembered[event]
  if (!kind) return
  const ours = proof.entity === 'staff' ? 'member' : proof.entity === 'system' ? 'system' : 'customer'
  await addHistory(tx, [
    { id: id(), customerId, at, authorId: proof.memberId ?? null, source: ours, kind, body: { purpose } },
  ])
}

/** The customer had all use of their data stopped: it stands with every question that is open or was agreed to (compliance 4.3). */
export async function noteRestricted(
  tx: Tx,
  audit: Audit,
  customerId: string,
  by: { at: Date; id(): string; by: string; number: string },
): Promise<void> {
  const rows = await tx
    .selectFrom('consent')
    .select(['purpose', 'recordId'])
    .where('customerId', '=', customerId)
    .where('recordId', 'is not', null)
    .orderBy('purpose')
    .execute()
  const proof: Proof = { entity: 'staff', channel: 'system', memberId: by.by, reason: by.number }
  for (const { purpose, recordId } of rows)
    if (recordId)
      await moveConsent(tx, audit, {
        ...{ customerId, purpose: purpose as AskablePurpose, event: 'restrict', recordId },
        ...{ at: by.at, id: by.id, proof },
      })
}

/**
 * What was asked has changed (compliance 4.4, "consent-material"): whatever rests on the old question ends at once, and only a
 * new question can be answered. A withdrawal stays: it is the customer's to take up again. Answers how many ended.
 */
export async function supersede(
  tx: Tx,
  audit: Audit,
  purpose: AskablePurpose,
  by: { at: Date; id(): string; member?: string; reason: string },
): Promise<number> {
  const rows = await tx
    .selectFrom('consent')
    .select(['customerId', 'recordId'])
    .where('purpose', '=', purpose)
    .where('state', 'in', ['requested', 'unanswered', 'given', 'refused', 'expired'])
    .orderBy('customerId')
    .forUpdate()
    .execute()
  const proof: Proof = {
    entity: by.member ? 'staff' : 'system',
    channel: 'system',
    reason: by.reason,
    ...(by.member ? { memberId: by.member } : {}),
  }
  let ended = 0
  for (const { customerId, recordId } of rows) {
    if (!recordId) continue
    const move = { customerId, purpose, event: 'supersede' as const, recordId, at: by.at, proof, id: by.id }
    if ((await moveConsent(tx, audit, move)).moved) ended++
  }
  return ended
}
