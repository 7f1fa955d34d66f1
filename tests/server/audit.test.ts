import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it, vi } from 'vitest'
import { canonical, type Json } from '../../src/shared/canonical'
import { verifyAudit } from '../../src/server/audit/verify'
import { act, show } from '../../src/server/db/act'
import { effects } from '../../src/server/db/once'
import { chainChecker, FIRST_HASH, leafHash, leafOf, type LogLine } from '../../src/server/lib/chain'
import { chained, lineOf } from '../support/chain'
import { ownDatabase } from '../support/own-database'

describe('the hash chain', () => {
  it('reproduces the published vector of the specification (T-56)', () => {
    const event = (seq: number, time: string, type: string, prev: string) =>
      leafHash(
        leafOf(
          canonical({ event_time: time, event_type: type, prev_hash: prev, record_id: 'CR-0001', seq, tenant: 'demo' }),
        ),
      )
    const leaf0 = event(0, '2026-12-01T09:00:00+08:00', 'notice.shown', FIRST_HASH)
    const leaf1 = event(1, '2026-12-01T09:00:05+08:00', 'consent.requested', leaf0)
    const leaf2 = event(2, '2026-12-01T09:00:21+08:00', 'consent.refused', leaf1)
    expect([leaf0, leaf1, leaf2]).toEqual([
      '324030964e3fed8ebb2462b00e03a8d6b66d1e19b2715dd18ebc015f5e57a7eb',
      'fc84fb672a32bc76d0ec465c6254100d11152dfc6d826ec4c6e8db368950334d',
      '7a2a665c86bfa38a649d0d7680cfc17ede3660c5bc8ea1855fd3cd484a0560f8',
    ])
  })

  it('writes an entry out as canonical JSON does', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), fc.jsonValue(), (action, subject, seq, detail) => {
        const entry = { at: '2026-12-01T01:00:00.000Z', actor: 'system', action, subject, detail: detail as Json }
        expect(lineOf(chained(entry, { seq, hash: FIRST_HASH }))).toBe(
          canonical({ ...entry, seq: seq + 1, prev_hash: FIRST_HASH }),
        )
      }),
    )
  })

  it('names the place of any change, removal or swap in any log (T-56, Q73 without the rewriting of everything)', () => {
    const detail = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)))
    const log = fc.array(fc.record({ actor: fc.string(), action: fc.string(), subject: fc.string(), detail }), {
      minLength: 2,
      maxLength: 30,
    })
    fc.assert(
      fc.property(log, fc.nat(), fc.constantFrom('edit', 'drop', 'swap'), (entries, where, how) => {
        let end = { seq: 0, hash: FIRST_HASH }
        const chain = entries.map((e, i): LogLine => {
          const line = chained({ ...e, at: new Date(1.8e12 + i).toISOString() }, end)
          end = line
          return line
        })
        const at = where % (chain.length - 1)
        if (how === 'edit') chain[at]!.leaf = leafOf(lineOf(chain[at]!).replace(/}$/, ' }'))
        if (how === 'drop') chain.splice(at, 1)
        if (how === 'swap') [chain[at], chain[at + 1]] = [chain[at + 1]!, chain[at]!]
        const walk = chainChecker()
        const broken = chain.map((line) => walk.check(line)).find((b) => b !== null)
        expect(broken?.seq).toBe(at + 1)
      }),
    )
  })

  it('writes canonical JSON that JSON.parse reads back to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonical(value as Json))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('the audit log in the database', () => {
  const own = ownDatabase()
  const write = (n: number) =>
    act(own.db, new Date(1.8e12 + n), 'system', (_tx, audit) =>
      Promise.resolve(audit('mirror.ran', `run-${n}`, { n, 名: '值' })),
    )

  it('keeps its order and has no gap when fifty writers append at once (Q75)', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => write(n)))
    const verdict = await verifyAudit(own.pool)
    expect(verdict).toMatchObject({ whole: true, entries: 50 })
  })

  it('is proven whole also while others append to it', async () => {
    const writing = Promise.all(Array.from({ length: 40 }, (_, n) => write(n)))
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => verifyAudit(own.pool)))
    await writing
    expect(verdicts.filter((v) => !v.whole)).toEqual([])
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true, entries: 90 })
  })

  it('has no entry when the work fails, and no work without its entry (invariant 8)', async () => {
    const failing = act(own.db, new Date(), 'system', async (tx, audit) => {
      audit('mirror.ran', 'never')
      await tx.insertInto('department').values({ id: 7, name: 'x', parentId: 1 }).execute()
      throw new Error('stop')
    })
    await expect(failing).rejects.toThrow('stop')
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true, entries: 90 })
    expect(await own.db.selectFrom('department').selectAll().execute()).toEqual([])
  })

  it('shows nothing of which it could not say that it was looked at', async () => {
    const shown = () =>
      show(own.db, new Date(1.8e12), 'm1', (_db, audit) =>
        Promise.resolve(audit('look.brief', 'c1')).then(() => 'secret'),
      )
    await own.pool.query('alter function append_audit(json) rename to append_nothing')
    await expect(shown()).rejects.toThrow('append_audit')
    await own.pool.query('alter function append_nothing(json) rename to append_audit')
    // And it is not for what happens once for a key.
    const nothing = () => Promise.resolve()
    await expect(effects.run({ member: 'm1', begin: nothing, end: nothing }, shown)).rejects.toThrow('act')
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true, entries: 90 })
  })

  it('cannot be updated, deleted or truncated through the database (invariant 7)', async () => {
    for (const statement of [
      'update audit set line = line',
      'delete from audit',
      'truncate audit',
      'delete from history',
      'update history set at = now()',
    ])
      await expect(own.pool.query(statement)).rejects.toThrow('append-only')
  })

  it('is proven broken, with the place, after somebody with the keys to the database edits it', async () => {
    await own.pool.query('alter table audit disable trigger all')
    const set = (line: string) => own.pool.query('update audit set line = $1 where seq = 17', [line])
    const { rows } = await own.pool.query<{ line: string }>('select line from audit where seq = 17')
    await set(rows[0]!.line.replace('run-', 'ran-'))
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: false, broken: { seq: 17, why: 'hash' } })
    // What it is read by follows the text, and cannot be set against it.
    expect((await own.pool.query('select subject from audit where seq = 17')).rows[0]).toMatchObject({
      subject: expect.stringMatching(/^ran-/),
    })
    await expect(own.pool.query(`update audit set subject = 'x' where seq = 17`)).rejects.toThrow(
      'can only be updated to DEFAULT',
    )
    await set(rows[0]!.line)
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true })
    await own.pool.query('alter table audit alter column subject drop expression')
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true })
    await own.pool.query(`update audit set subject = 'x' where seq in (18, 40)`)
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: false, broken: { seq: 18, why: 'columns' } })
    await own.pool.query(`update audit set subject = line::jsonb ->> 'subject' where seq in (18, 40)`)
    // Far away, as if very many were gone: it is not searched for number by number.
    await own.pool.query('update audit set seq = 9000000000000 where seq = 90')
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: false, broken: { seq: 90, why: 'missing' } })
    await own.pool.query('delete from audit where seq > 89')
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: false, broken: { seq: 90, why: 'truncated' } })
  })
})

describe('a look', () => {
  const own = ownDatabase()
  const waiting = async () => {
    const found = await own.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%append_audit%'`,
    )
    return found.rows
  }

  it('is written down while what it speaks of is read, and nobody has the one before the other', async () => {
    const other = await own.pool.connect()
    await other.query('begin')
    await other.query('select 1 from audit_head for update')
    const steps: string[] = []
    const shown = show(own.db, new Date(1.8e12), 'm1', async (reading, audit) => {
      audit('look.brief', 'c1')
      await sql`select 1`.execute(reading)
      steps.push('read')
      return 'seen'
    }).then((seen) => steps.push(seen))
    await vi.waitFor(async () => expect(await waiting()).toHaveLength(1))
    await vi.waitFor(() => expect(steps).toEqual(['read']))
    await other.query('rollback')
    other.release()
    await shown
    expect(steps).toEqual(['read', 'seen'])
  })

  it('says more than was seen, never less, where the reading fails', async () => {
    const failing = show(own.db, new Date(1.8e12), 'm1', (reading, audit) => {
      audit('look.brief', 'c2')
      return sql`select 1 / 0`.execute(reading)
    })
    await expect(failing).rejects.toThrow('division by zero')
    expect((await own.pool.query(`select from audit where subject = 'c2'`)).rows).toHaveLength(1)
    expect(await verifyAudit(own.pool)).toMatchObject({ whole: true, entries: 2 })
  })
})
