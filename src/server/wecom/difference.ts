import { maskPhone } from '../../shared/mask'
import { promisesIn, type WrittenPromise } from '../../shared/promise'
import type { NewHistory } from '../db/history'
import type { CustomerRow, RelationRow } from './relation-rows'
import type { Seen } from './seen'

export interface Stored {
  /** userid → our id, of members who are still here */
  members: Map<string, string>
  /** external_userid → what we know */
  customers: Map<string, CustomerRow>
  /** member id + customer id → what we know */
  relations: Map<string, RelationRow>
  tags: Map<string, string>
}

export type Told = Omit<NewHistory, 'id' | 'customerId'>

export interface Difference {
  customers: (Omit<CustomerRow, 'id'> & { externalUserid: string })[]
  relations: (Omit<RelationRow, 'customerId'> & { externalUserid: string })[]
  history: { externalUserid: string; entry: Told }[]
  promises: (WrittenPromise & { externalUserid: string; memberId: string })[]
}

export const pairKey = (memberId: string, customerId: string): string => `${memberId} ${customerId}`

/** What WeCom shows that we do not know yet. Nothing seen, nothing different: then it is empty, whoever asks how often. */
export function differenceOf(seen: readonly Seen[], stored: Stored, now: Date): Difference {
  const found: Difference = { customers: [], relations: [], history: [], promises: [] }
  const people = new Map(seen.map((s) => [s.externalUserid, s]))
  for (const [externalUserid, { name, kind, company, title }] of people) {
    const known = stored.customers.get(externalUserid)
    const same = known && known.name === name && known.kind === kind && known.company === company
    if (!same || known.title !== title) found.customers.push({ externalUserid, name, kind, company, title })
  }
  for (const s of seen) {
    const memberId = stored.members.get(s.userid)
    if (memberId) compareRelation(found, s, memberId, stored, now)
  }
  return found
}

function compareRelation(found: Difference, s: Seen, memberId: string, stored: Stored, now: Date): void {
  const { externalUserid } = s
  const customerId = stored.customers.get(externalUserid)?.id
  const known = customerId ? stored.relations.get(pairKey(memberId, customerId)) : undefined
  // The same friendship does not begin twice: WeCom shows some rows long after they ended (facts 3.2, 5.3). An earlier
  // beginning than the known one is a reading that came late.
  const began = !known || (s.since !== null && s.since > known.since)
  const since = began ? (s.since ?? now) : known.since
  const row = {
    memberId,
    remark: s.remark,
    description: s.description,
    company: s.noted,
    mobiles: s.mobiles,
    tagIds: s.tagIds,
    personalTags: s.personalTags ?? known?.personalTags ?? null,
    addWay: s.addWay,
    since,
    endedAt: began ? null : known.endedAt,
    endedBy: began ? null : known.endedBy,
  }
  if (known && !began && sameWords(row, known)) return
  found.relations.push({ externalUserid, ...row })
  const tell = (entry: Pick<Told, 'kind' | 'body'>, at = now) =>
    found.history.push({ externalUserid, entry: { at, authorId: memberId, source: 'mirror', ...entry } })
  if (began) tell({ kind: 'relation.began', body: { addWay: s.addWay } }, since)
  const before: Pick<RelationRow, 'remark' | 'description' | 'tagIds'> = known ?? {
    remark: '',
    description: '',
    tagIds: [],
  }
  if (s.remark !== before.remark)
    tell({ kind: 'remark.changed', body: { before: unphoned(before.remark), after: unphoned(s.remark) } })
  if (s.description !== before.description) {
    tell({
      kind: 'description.changed',
      body: { before: unphoned(before.description), after: unphoned(s.description) },
    })
    for (const written of promisesIn(s.description)) found.promises.push({ ...written, externalUserid, memberId })
  }
  const nameOf = (id: string) => stored.tags.get(id) ?? id
  const added = s.tagIds.filter((t) => !before.tagIds.includes(t)).map(nameOf)
  const removed = before.tagIds.filter((t) => !s.tagIds.includes(t)).map(nameOf)
  if (added.length || removed.length) tell({ kind: 'tags.changed', body: { added, removed } })
}

const sameWords = (a: Omit<RelationRow, 'customerId'>, b: RelationRow): boolean =>
  a.remark === b.remark &&
  a.description === b.description &&
  a.company === b.company &&
  a.addWay === b.addWay &&
  a.mobiles.join() === b.mobiles.join() &&
  a.tagIds.join() === b.tagIds.join() &&
  // Null is "never read": to have read that there are none is news.
  a.personalTags?.join('\n') === b.personalTags?.join('\n')

/** History is class F2: a mobile number that somebody typed into a remark is masked there like any other (compliance 6.3). */
export const unphoned = (text: string): string => text.replace(/(?<!\d)1[3-9]\d{9}(?!\d)/g, maskPhone)
