import { describe, expect, it } from 'vitest'
import { verifyAudit } from '../../src/server/audit/verify'
import { act } from '../../src/server/db/act'
import { forget, FORGOTTEN, keyedHash } from '../../src/server/db/person'
import { ownDatabase } from '../support/own-database'

describe('a person in the audit log', () => {
  const secret = 's'.repeat(32)
  const own = ownDatabase()
  const hashOf = (person: string, value: string) =>
    act(own.db, new Date(1.8e12), 'system', (tx) => keyedHash(tx, secret, person, value))

  it('is bound by a hash that is the same for the same value and another for every person', async () => {
    const phone = '13800001111'
    const first = await hashOf('zhang', phone)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await hashOf('zhang', phone)).toBe(first)
    expect(await hashOf('li', phone)).not.toBe(first)
    expect(await hashOf('zhang', '13800001112')).not.toBe(first)
  })

  it('has one key, also when many ask for it at once', async () => {
    const hashes = await Promise.all(Array.from({ length: 12 }, () => hashOf('wang', '王')))
    expect(new Set(hashes).size).toBe(1)
  })

  it('has a key that the database alone cannot open', async () => {
    await hashOf('sun', '孙')
    await expect(
      act(own.db, new Date(), 'system', (tx) => keyedHash(tx, 'another secret, also 32 characters', 'sun', '孙')),
    ).rejects.toThrow('sealed under another SECRET')
  })

  it('can be forgotten: the key is gone, the chain is whole, and no new key is made (T-61, Q76)', async () => {
    await act(own.db, new Date(1.8e12), 'system', async (tx, audit) => {
      audit('complaint.received', 'C-1', { text: await keyedHash(tx, secret, 'zhou', '电话 13900002222') })
    })
    await act(own.db, new Date(1.8e12), 'system', (tx, audit) => forget(tx, audit, 'zhou'))
    const key = await own.db
      .selectFrom('personKey')
      .selectAll()
      .where('personId', '=', 'zhou')
      .executeTakeFirstOrThrow()
    expect(key.sealed).toBeNull()
    expect(await hashOf('zhou', '电话 13900002222')).toBe(FORGOTTEN)
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true, entries: 2 })
    const { rows } = await own.pool.query<{ action: string }>('select action from audit order by seq')
    expect(rows.map((r) => r.action)).toEqual(['complaint.received', 'person.forgotten'])
  })

  it('can be forgotten before there ever was a key', async () => {
    await act(own.db, new Date(1.8e12), 'system', (tx, audit) => forget(tx, audit, 'nobody'))
    expect(await hashOf('nobody', 'x')).toBe(FORGOTTEN)
  })
})
