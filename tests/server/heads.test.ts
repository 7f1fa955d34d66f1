import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTsa, type Tsa, type TsaFault } from '../../mock/tsa'
import { makeHead, shownHead } from '../../src/server/audit/heads'
import { headsJob, stampsJob } from '../../src/server/audit/jobs'
import { nodesOf } from '../../src/server/audit/nodes'
import * as rows from '../../src/server/audit/rows'
import { verifyIn } from '../../src/server/audit/verify'
import { act } from '../../src/server/db/act'
import { headText, isSigned } from '../../src/server/lib/head'
import { consistency, grewFrom, growing, includes, inclusion, rootOf } from '../../src/server/lib/merkle'
import { openHouse, type ServerHouse } from '../support/house'

const newKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')

describe('a signed head of the audit log', () => {
  let house: ServerHouse
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.close())
  const write = (n: number) =>
    act(house.db, house.deps.now(), 'system', async (_tx, audit) => {
      for (let i = 0; i < n; i++) audit('mirror.ran', `run-${i}`, { i })
    })
  const hashes = async () =>
    (await house.db.selectFrom('audit').select('hash').orderBy('seq').execute()).map((r) => r.hash)

  const rootOver = (hashes: readonly string[]) => {
    const tree = growing()
    for (const hash of hashes) tree.add(hash)
    return rootOf(tree.range())
  }

  it('covers everything, its own first key included, and is signed with a key that only the secret opens', async () => {
    await write(10)
    const head = (await makeHead(house.deps))!
    const all = await hashes()
    expect(head.size).toBe(11)
    expect(head.root).toBe(rootOver(all))
    const key = (await rows.newestKey(house.db))!
    expect(await isSigned(headText(head), head.signature, head.key, key.publicKey)).toBe(true)
    expect(await isSigned(headText({ ...head, size: 12 }), head.signature, head.key, key.publicKey)).toBe(false)
    // A file without one, or with half of one.
    for (const none of [undefined as unknown as string, '', head.signature.slice(0, 20)])
      expect(await isSigned(headText(head), none, head.key, key.publicKey)).toBe(false)
    expect(key.sealed).not.toContain('MC4CAQ')
    // Nothing new: the same head.
    expect(await makeHead(house.deps)).toEqual(head)
  })

  it('goes on from the one before, over tiles, and everything in it can be proven from them', async () => {
    await write(600)
    await makeHead(house.deps)
    await write(1500)
    const head = (await makeHead(house.deps))!
    const all = await hashes()
    expect(head.root).toBe(rootOver(all))
    expect((await house.db.selectFrom('treeTile').selectAll().execute()).length).toBe(Math.floor(all.length / 256))
    const nodes = nodesOf(house.db)
    for (const leaf of [0, 1, 255, 256, 611, 1023, 2047, all.length - 1])
      expect(includes(all[leaf]!, leaf, head.size, await inclusion(nodes, leaf, head.size), head.root)).toBe(true)
    for (const before of await rows.heads(house.db))
      expect(grewFrom(before, head, await consistency(nodes, before.size, head.size))).toBe(true)
    expect(await verifyIn(house.db, [shownHead((await rows.headAt(house.db, 611))!)])).toMatchObject({
      whole: true,
      entries: all.length,
    })
  })

  it('gets the key of the setting from then on, the change is in the log, and old heads can still be checked (Q76)', async () => {
    const config = { ...house.deps.config, AUDIT_KEY: newKey() }
    const old = (await rows.newestKey(house.db))!
    await house.simulator.clock.advance(1000)
    const head = (await makeHead({ ...house.deps, config }))!
    expect(head.key).not.toBe(old.id)
    const entry = await house.db
      .selectFrom('audit')
      .selectAll()
      .where('subject', '=', head.key)
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'audit.key', detail: { before: old.id, from: 'setting' } })
    expect(await verifyIn(house.db)).toMatchObject({ whole: true, heads: 4 })
  })

  it('is not made over an entry that does not fit', async () => {
    await write(3)
    const { seq } = await rows.logEnd(house.db)
    const disguise = (from: string, to: string) =>
      house.asOwner(`alter table audit disable trigger all;
        update audit set line = replace(line, '${from}', '${to}') where seq = ${seq}; alter table audit enable trigger all`)
    await disguise('{"i":2}', '{"i":7}')
    await expect(makeHead(house.deps)).rejects.toThrow(`does not fit at entry ${seq}`)
    await disguise('{"i":7}', '{"i":2}')
    // Without the setting our own key is in force again.
    expect((await makeHead(house.deps))!.size).toBe(seq)
  })
})

describe('a time stamp on a head (compliance 4.5)', () => {
  let house: ServerHouse
  let tsa: Tsa
  let fault: TsaFault | null = null
  beforeAll(async () => {
    house = await openHouse()
    tsa = createTsa(() => house.simulator.clock.now())
    house.deps.config.TSA_URL = 'https://tsa.test/'
    house.deps.config.TSA_CA = tsa.ca
    house.deps.outside = (request) => {
      tsa.fault = fault
      return tsa.fetch(request)
    }
    await act(house.db, house.deps.now(), 'system', async (_tx, audit) => audit('mirror.ran', 'x'))
  })
  afterAll(() => house.close())

  it('is not there while the authority misbehaves, which is said and tried again later, and then is', async () => {
    const faults: [TsaFault, string][] = [
      ['down', 'unreachable'],
      ['html', 'unreadable'],
      ['other hash', 'other_hash'],
      ['other nonce', 'other_nonce'],
      ['wrong signature', 'wrong_signature'],
      ['another authority', 'unknown_authority'],
    ]
    fault = 'down'
    await headsJob(house.deps)
    for (const [next, why] of faults) {
      fault = next
      if (next !== 'down') {
        await stampsJob(house.deps) // Too early: nobody is asked.
        await house.simulator.clock.advance(6 * 3600_000)
        await stampsJob(house.deps)
      }
      expect(await rows.stampTrouble(house.db)).toMatchObject({ why })
      expect(await rows.stamps(house.db)).toEqual([])
    }
    expect(tsa.asked).toBe(faults.length)
    fault = null
    await house.simulator.clock.advance(6 * 3600_000)
    await stampsJob(house.deps)
    expect((await rows.stamps(house.db)).map((s) => s.at.getTime())).toEqual([house.simulator.clock.now()])
    expect(await rows.stampTrouble(house.db)).toBeUndefined()
    expect(house.logged.splice(0).every((line) => line.includes('is not stamped'))).toBe(true)
  })
})
