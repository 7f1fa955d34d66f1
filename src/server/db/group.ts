import { sql } from 'kysely'
import { nextGroupState, type GroupEvent, type GroupState } from '../../shared/group'
import type { Audit } from './act'
import type { Db, Tx } from './open'

/** What stands beside the state, and may change with it. */
export interface GroupFacts {
  planId: string | null
  successorId: string | null
  ownerId: string | null
  flow: 'resigned' | 'onjob' | null
  sentAt: Date | null
  askedAt: Date | null
  settledAt: Date | null
  nextTryAt: Date | null
  wait: 'day' | 'wecom' | null
  errcode: number | null
}

export interface GroupMove {
  departureId: string
  chatId: string
  event: GroupEvent
  set?: Partial<GroupFacts>
}

const noAttempt = {
  ownerId: null,
  flow: null,
  sentAt: null,
  askedAt: null,
  settledAt: null,
  nextTryAt: null,
  wait: null,
  errcode: null,
}
const noPlan = { ...noAttempt, planId: null, successorId: null }

/** A new attempt starts clean; what came of the one before stands in the audit log. */
const forgets: Partial<Record<GroupEvent, Partial<GroupFacts>>> = { plan: noAttempt, discard: noPlan, cancel: noPlan }

const key = (row: { departureId: string; chatId: string }) => `${row.departureId} ${row.chatId}`
const asKeys = (moves: readonly GroupMove[]) =>
  sql`(select k.departure_id, k.chat_id from jsonb_to_recordset(${JSON.stringify(
    moves.map((m) => ({ departure_id: m.departureId, chat_id: m.chatId })),
  )}::jsonb) as k (departure_id text, chat_id text))`

/**
 * Moves groups by their machine: locks the rows (always in the same order), asks the machine, writes state and audit. A
 * move that the machine does not allow changes nothing and is answered: what it means is for the caller to say.
 */
export async function moveGroups(
  tx: Tx,
  audit: Audit,
  moves: readonly GroupMove[],
): Promise<{ moved: GroupMove[]; refused: GroupMove[] }> {
  if (!moves.length) return { moved: [], refused: [] }
  const rows = await tx
    .selectFrom('groupTransfer')
    .selectAll()
    .where(sql<boolean>`(departure_id, chat_id) in ${asKeys(moves)}`)
    .orderBy('departureId')
    .orderBy('chatId')
    .forNoKeyUpdate()
    .execute()
  const held = new Map(rows.map((row) => [key(row), row]))
  const moved: GroupMove[] = []
  const refused: GroupMove[] = []
  for (const move of moves) {
    const row = held.get(key(move))
    const to = row ? nextGroupState(row.state as GroupState, move.event) : null
    if (!row || !to) {
      refused.push(move)
      continue
    }
    audit('group.moved', move.chatId, { departure: move.departureId, event: move.event, from: row.state, to })
    Object.assign(row, forgets[move.event], move.set, { state: to })
    moved.push(move)
  }
  const changed = new Set(moved.map(key))
  await writeGroups(
    tx,
    rows.filter((row) => changed.has(key(row))),
  )
  return { moved, refused }
}

async function writeGroups(tx: Tx, rows: readonly ({ departureId: string; chatId: string; state: string } & object)[]) {
  if (!rows.length) return
  await sql`
    update group_transfer g
       set state = v.state, plan_id = v."planId", successor_id = v."successorId", owner_id = v."ownerId", flow = v.flow,
           sent_at = v."sentAt", asked_at = v."askedAt", settled_at = v."settledAt", next_try_at = v."nextTryAt",
           wait = v.wait, errcode = v.errcode
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as v (
           "departureId" text, "chatId" text, state text, "planId" text, "successorId" text, "ownerId" text, flow text,
           "sentAt" timestamptz, "askedAt" timestamptz, "settledAt" timestamptz, "nextTryAt" timestamptz,
           wait text, errcode integer)
     where g.departure_id = v."departureId" and g.chat_id = v."chatId"`.execute(tx)
}

/** Something happened to this group at WeCom: the next look at its owner shall not wait. Answers whether one is due. */
export async function askGroupSoon(db: Db, chatId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('groupTransfer')
    .set({ askedAt: null })
    .where('chatId', '=', chatId)
    .where('state', 'in', ['approved', 'sent', 'inheriting', 'failed'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
