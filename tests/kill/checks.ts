import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { verifyAudit } from '../../src/server/audit/verify'
import type { Told } from './story'
import type { World } from './world'

export interface Found {
  losses: string[]
  duplicates: string[]
}

/** After the story: what was acknowledged stands, and ledger, database and audit log tell the same of every customer. */
export async function check(world: World, told: Told): Promise<Found> {
  const found: Found = { losses: [], duplicates: [] }
  for (const { what, holds } of told.acknowledged) if (!(await holds())) found.losses.push(what)
  await callbacksKept(world, found)
  await oneTransferEach(world, found)
  await historyOnce(world, told, found)
  await lettersOnce(world, found)
  expect(await verifyAudit(world.pool)).toMatchObject({ whole: true })
  expect(world.simulator.unknown).toEqual([])
  return found
}

/** Whatever was answered 200 is in the table: WeCom never says it again. */
async function callbacksKept({ simulator, db }: World, found: Found): Promise<void> {
  const kept = new Set((await db.selectFrom('wecomEvent').select('digest').execute()).map((e) => e.digest))
  for (const { outcome, status, xml } of simulator.callbacks.deliveries)
    if (outcome === 'answered' && status === 200 && !kept.has(createHash('sha256').update(xml).digest('hex')))
      found.losses.push('callback')
}

async function oneTransferEach({ simulator, db }: World, found: Found): Promise<void> {
  const handovers = await db
    .selectFrom('transfer')
    .innerJoin('handover', 'handover.id', 'transfer.handoverId')
    .innerJoin('wecomContact', 'wecomContact.customerId', 'handover.customerId')
    .innerJoin('member', 'member.id', 'transfer.successorId')
    .select(['handover.id', 'wecomContact.externalUserid', 'transfer.state', 'member.userid'])
    .execute()
  const moves = await db
    .selectFrom('audit')
    .select(['subject', 'detail'])
    .where('action', '=', 'transfer.moved')
    .orderBy('seq')
    .execute()
  for (const { id, externalUserid, state, userid } of handovers) {
    const effects = simulator.ledger.filter((e) => e.externalUserid === externalUserid)
    const of = (kind: string) => effects.filter((e) => e.kind === kind)
    const told = moves.filter((m) => m.subject === id).map((m) => (m.detail as { event?: string }).event)
    if (of('transfer_started').length > 1 || of('taken_over').length > 1)
      found.duplicates.push(`ledger ${externalUserid}`)
    if (told.filter((e) => e === 'accepted_by_wecom').length !== 1) found.duplicates.push(`audit ${externalUserid}`)
    const same =
      state === 'taken_over' &&
      of('transfer_started')[0]?.takeover === userid &&
      of('taken_over')[0]?.takeover === userid &&
      told.at(-1) === 'result_taken_over'
    if (!same) {
      const there = effects.map((e) => `${e.kind} ${e.takeover ?? ''}`).join(', ')
      found.losses.push(`${externalUserid} is ${state} by ${userid} here (${told.join(', ')}); at WeCom: ${there}`)
    }
  }
  const open = await db.selectFrom('transferBatch').select('id').where('state', '!=', 'settled').execute()
  // One that lost its customers to a later call stays answered or empty; none may be waiting for an answer.
  const lost = await db.selectFrom('transferBatch').select('id').where('state', '=', 'sent').execute()
  expect({ lost: lost.length, open: open.length }).toMatchObject({ lost: 0 })
}

async function historyOnce({ db }: World, told: Told, found: Found): Promise<void> {
  const entries = await db.selectFrom('history').select(['customerId', 'kind']).execute()
  const counts = new Map<string, number>()
  for (const { customerId, kind } of entries)
    counts.set(`${kind} ${customerId}`, (counts.get(`${kind} ${customerId}`) ?? 0) + 1)
  const once = ['departure.noticed', 'plan.approved', 'transfer.started', 'transfer.taken_over', 'notice.sent']
  for (const [key, n] of counts)
    if (n > 1 && once.includes(key.split(' ')[0] ?? '')) found.duplicates.push(`history ${key}`)
  const of = (kind: string) => entries.filter((e) => e.kind === kind).length
  const handovers = (await db.selectFrom('handover').select('id').execute()).length
  for (const kind of once.slice(0, 4)) if (of(kind) < handovers) found.losses.push(`history ${kind}`)
  if (of('notice.sent') < told.notices) found.losses.push('history notice.sent')
}

/** A message is sent at most once: never more of them at WeCom than we marked as sent. */
async function lettersOnce({ simulator, db }: World, found: Found): Promise<void> {
  const letters = await db
    .selectFrom('letterToMember')
    .innerJoin('member', 'member.id', 'letterToMember.memberId')
    .select('member.userid')
    .where('sentAt', 'is not', null)
    .execute()
  const cards = await db
    .selectFrom('planCard')
    .innerJoin('member', 'member.id', 'planCard.memberId')
    .select('member.userid')
    .where('sentAt', 'is not', null)
    .execute()
  const marked = [...letters, ...cards]
  for (const userid of new Set(simulator.world.appMessages().map((m) => m.userid))) {
    const received = simulator.world.appMessages(userid).length
    if (received > marked.filter((l) => l.userid === userid).length) found.duplicates.push(`letter ${userid}`)
  }
}
