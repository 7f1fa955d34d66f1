import { addHistory, type NewHistory } from '../db/history'
import { act, type Audit } from '../db/act'
import type { Db, Tx } from '../db/open'
import type { Deps } from '../deps'
import { contactGet } from './apis'
import { WeComError } from './client'
import { addStrangers } from './contacts'
import { differenceOf, pairKey, type Difference, type Stored } from './difference'
import { noRelation } from './errcodes'
import {
  addPromises,
  closeRelations,
  differingFrom,
  holdRelations,
  lockContacts,
  saveCustomers,
  saveRelations,
  saysMore,
  tagNames,
  type Differing,
  type End,
} from './relation-rows'
import { seenInContact, type Seen } from './seen'

export type Recording = Pick<Deps, 'db' | 'now' | 'id'>

/**
 * Writes down what of these relations is new, with its history, promises and one audit entry, in one transaction. What is
 * known already costs one read and no transaction. `along` is done in the same transaction, if there is one; it learns how
 * much changed. Answers how many relations and people changed.
 */
export async function recordRelations(
  deps: Recording,
  rows: readonly Seen[],
  along: (db: Db, changes: number) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  // Lists say some rows twice (Q20).
  const seen = [...new Map(rows.map((s) => [pairKey(s.userid, s.externalUserid), s])).values()]
  const differing = await differingFrom(deps.db, seen)
  if (!differing.length) {
    await along(deps.db, 0)
    return 0
  }
  return act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    const changes = await writeNews(tx, audit, deps, seen, differing)
    await along(tx, changes)
    return changes
  })
}

async function writeNews(
  tx: Tx,
  audit: Audit,
  deps: Recording,
  all: readonly Seen[],
  differing: readonly Differing[],
): Promise<number> {
  const pairs = differing.flatMap((row) => (all[row.n] ? [{ s: all[row.n] as Seen, row }] : []))
  const strangers = pairs.filter(({ row }) => !row.customer).map(({ s }) => s)
  const fresh = await addStrangers(tx, strangers, deps)
  const stored: Stored = { members: new Map(), customers: new Map(), relations: new Map(), tags: new Map() }
  const told: Seen[] = []
  const tell = (s: Seen, row: Differing) => {
    told.push(s)
    if (row.memberId) stored.members.set(s.userid, row.memberId)
    if (row.customer) stored.customers.set(s.externalUserid, row.customer)
    if (row.relation) stored.relations.set(pairKey(row.relation.memberId, row.relation.customerId), row.relation)
  }
  // Strangers are ours alone until the end of the transaction; of everybody else the truth is what stands there once held.
  const known: Seen[] = []
  for (const { s, row } of pairs) {
    const id = fresh.get(s.externalUserid)
    if (id) tell(s, { ...row, customer: { ...s, id } })
    else known.push(s)
  }
  if (known.length) {
    await lockContacts(
      tx,
      known.map((s) => s.externalUserid),
    )
    for (const row of await differingFrom(tx, known)) if (known[row.n]) tell(known[row.n] as Seen, row)
  }
  await nameTags(tx, stored, told)
  const difference = differenceOf(told, stored, deps.now())
  const idOf = (of: { externalUserid: string }): string => stored.customers.get(of.externalUserid)?.id ?? ''
  const customers = [...fresh.values(), ...difference.customers.map(idOf)]
  const changes = customers.length + difference.relations.length
  if (!changes) return 0
  await write(tx, deps, difference, idOf)
  const relations: Record<string, string[]> = {}
  for (const r of difference.relations) (relations[r.memberId] ??= []).push(idOf(r))
  audit('mirror.changed', 'relation', { relations, customers })
  return changes
}

async function nameTags(tx: Tx, stored: Stored, seen: readonly Seen[]): Promise<void> {
  const ids = new Set([...seen, ...stored.relations.values()].flatMap((r) => r.tagIds))
  for (const t of ids.size ? await tagNames(tx, [...ids]) : []) stored.tags.set(t.id, t.name)
}

async function write(
  tx: Tx,
  deps: Recording,
  d: Difference,
  idOf: (of: { externalUserid: string }) => string,
): Promise<void> {
  const now = deps.now()
  const entries: NewHistory[] = d.history.map((h) => ({ ...h.entry, id: deps.id(), customerId: idOf(h) }))
  const people = d.customers.map(({ externalUserid, ...c }) => ({ ...c, id: idOf({ externalUserid }) }))
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

/**
 * Ends relations of one member, with a line in each customer's history. Of several ends of one friendship the first whose
 * reason is known counts, in whatever order they are told: an end noticed without a reason is corrected by an event that
 * comes later. Answers the customers of whom something was new.
 */
export async function endRelations(tx: Tx, deps: Pick<Deps, 'id'>, end: End): Promise<string[]> {
  if (!end.customerIds.length) return []
  const ended = (await holdRelations(tx, end)).filter((r) => saysMore(end, r)).map((r) => r.customerId)
  if (!ended.length) return []
  await closeRelations(tx, end.memberId, ended, end)
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

/** Everybody who follows this person now, as WeCom says. Nobody: an empty list, not an error. */
export async function readContact({ wecom }: Pick<Deps, 'wecom'>, externalUserid: string): Promise<Seen[]> {
  const seen: Seen[] = []
  let cursor = ''
  const visited = new Set<string>()
  do {
    visited.add(cursor)
    try {
      const answer = await wecom.ask(contactGet, { external_userid: externalUserid, ...(cursor ? { cursor } : {}) })
      seen.push(...seenInContact(answer))
      cursor = answer.next_cursor
    } catch (error) {
      if (error instanceof WeComError && noRelation.includes(error.errcode)) return []
      throw error
    }
  } while (cursor && !visited.has(cursor))
  return seen
}

/**
 * The same, and writes down what is new, the members' own tags with it. Also for after a change of our own, because WeCom
 * raises no event for those (facts 5.1).
 */
export async function rereadContact(deps: Recording & Pick<Deps, 'wecom'>, externalUserid: string): Promise<Seen[]> {
  const seen = await readContact(deps, externalUserid)
  await recordRelations(deps, seen)
  return seen
}
