import { addHistory, type NewHistory } from '../db/history'
import { act } from '../db/act'
import type { Db, Tx } from '../db/open'
import type { Deps } from '../deps'
import { contactGet } from './apis'
import { WeComError } from './client'
import { ensureCustomers } from './contacts'
import { differenceOf, pairKey, type Difference, type Stored } from './difference'
import { noRelation } from './errcodes'
import {
  addPromises,
  closeRelations,
  customersByContact,
  lockCustomers,
  membersByUserid,
  relationsBetween,
  saveCustomers,
  saveRelations,
  tagNames,
} from './relation-rows'
import { seenInContact, type Seen } from './seen'

export type Recording = Pick<Deps, 'db' | 'now' | 'id'>

/**
 * Writes down what of these relations is new, with its history, promises and one audit entry, in one transaction. What is
 * known already costs four reads and no transaction. Answers how many relations and people changed.
 */
export async function recordRelations(deps: Recording, seen: readonly Seen[]): Promise<number> {
  if (!seen.length) return 0
  const now = deps.now()
  if (!sizeOf(differenceOf(seen, await readStored(deps.db, seen), now))) return 0
  return act(deps.db, now, 'wecom', async (tx, audit) => {
    const ids = await ensureCustomers(
      tx,
      seen.map((s) => s.externalUserid),
      deps,
    )
    await lockCustomers(tx, [...ids.values()])
    const difference = differenceOf(seen, await readStored(tx, seen), now)
    const changes = sizeOf(difference)
    if (!changes) return 0
    const idOf = (of: { externalUserid: string }): string => ids.get(of.externalUserid) ?? ''
    await write(tx, deps, difference, idOf)
    audit('mirror.changed', 'relation', {
      relations: difference.relations.map((r) => ({ member: r.memberId, customer: idOf(r) })),
      customers: difference.customers.map(idOf),
    })
    return changes
  })
}

const sizeOf = (d: Difference): number => d.customers.length + d.relations.length

async function readStored(db: Db, seen: readonly Seen[]): Promise<Stored> {
  const members = await membersByUserid(db, [...new Set(seen.map((s) => s.userid))])
  const customers = await customersByContact(db, [...new Set(seen.map((s) => s.externalUserid))])
  const tagIds = [...new Set(seen.flatMap((s) => s.tagIds))]
  const relations =
    members.length && customers.length
      ? await relationsBetween(
          db,
          members.map((m) => m.id),
          customers.map((c) => c.id),
        )
      : []
  const known = [...new Set([...tagIds, ...relations.flatMap((r) => r.tagIds)])]
  return {
    members: new Map(members.filter((m) => m.status !== 'left').map((m) => [m.userid, m.id])),
    customers: new Map(customers.map(({ externalUserid, ...c }) => [externalUserid, c])),
    relations: new Map(relations.map((r) => [pairKey(r.memberId, r.customerId), r])),
    tags: new Map((known.length ? await tagNames(db, known) : []).map((t) => [t.id, t.name])),
  }
}

async function write(
  tx: Tx,
  deps: Recording,
  d: Difference,
  idOf: (of: { externalUserid: string }) => string,
): Promise<void> {
  const now = deps.now()
  const entries: NewHistory[] = d.history.map((h) => ({ ...h.entry, id: deps.id(), customerId: idOf(h) }))
  const people = d.customers.map(({ externalUserid, ...c }) => ({
    ...c,
    id: idOf({ externalUserid }),
    firstSeenAt: now,
  }))
  if (people.length) await saveCustomers(tx, people)
  const relations = d.relations.map(({ externalUserid, ...r }) => ({ ...r, customerId: idOf({ externalUserid }) }))
  if (relations.length) await saveRelations(tx, relations)
  const promises = d.promises.map((p) => ({
    id: deps.id(),
    customerId: idOf(p),
    madeBy: p.memberId,
    madeAt: now,
    source: 'description',
    text: p.text,
    due: p.due,
  }))
  for (const p of promises.length ? await addPromises(tx, promises) : [])
    entries.push({
      id: deps.id(),
      customerId: p.customerId,
      at: p.madeAt,
      authorId: p.madeBy,
      source: 'mirror',
      kind: 'promise.made',
      body: { text: p.text, due: p.due },
    })
  await addHistory(tx, entries)
}

export type EndedBy = 'member' | 'customer' | 'departure' | 'unknown'

/** Ends open relations of one member, with a line in each customer's history. Answers the customers. */
export async function endRelations(
  tx: Tx,
  deps: Pick<Deps, 'id'>,
  end: { memberId: string; customerIds: readonly string[] | 'all'; by: EndedBy; at: Date },
): Promise<string[]> {
  if (!end.customerIds.length) return []
  const ended = (await closeRelations(tx, end)).map((r) => r.customerId)
  await addHistory(
    tx,
    ended.map((customerId) => ({
      id: deps.id(),
      customerId,
      at: end.at,
      authorId: end.by === 'member' ? end.memberId : null,
      source: 'wecom',
      kind: 'relation.ended',
      body: { by: end.by },
    })),
  )
  return ended
}

/** Everybody who follows this person now, as WeCom says; writes down what is new. Nobody: an empty list, not an error. */
export async function rereadContact(deps: Recording & Pick<Deps, 'wecom'>, externalUserid: string): Promise<Seen[]> {
  const seen = await readContact(deps, externalUserid)
  await recordRelations(deps, seen)
  return seen
}

/** The same without writing anything down. */
export async function readContact({ wecom }: Pick<Deps, 'wecom'>, externalUserid: string): Promise<Seen[]> {
  const seen: Seen[] = []
  let cursor = ''
  const visited = new Set<string>()
  do {
    visited.add(cursor)
    try {
      const answer = await wecom.ask(contactGet, {
        external_userid: externalUserid,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...seenInContact(answer))
      cursor = answer.next_cursor
    } catch (error) {
      if (error instanceof WeComError && noRelation.includes(error.errcode)) return []
      throw error
    }
  } while (cursor && !visited.has(cursor))
  return seen
}
