import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Deps } from '../../src/server/deps'
import { mirrorJob } from '../../src/server/mirror/jobs'
import { transfersJob } from '../../src/server/transfer/jobs'
import { createWeCom } from '../../src/server/wecom/client'
import { sharedIn } from '../../src/server/wecom/shared-rows'
import { openDeparted, type DepartedHouse } from '../support/departed'

/** How many bodies each of the two meets; the figure of the quality plan is RUNS=2500. */
const RUNS = Number(process.env['RUNS'] ?? 40)
/** Every body takes minutes or hours of the house's time, and after a year WeCom's wall ends every transfer: a new house before that. */
const MOST = 250
const parts = Array.from({ length: Math.ceil(RUNS / MOST) }, (_, n) => Math.min(MOST, RUNS - n * MOST))

let house: DepartedHouse
beforeEach(async () => {
  house = await openDeparted()
})
afterEach(() => house.close())

type Spoil = (good: string) => string | Response

/** The house's client, with one API whose good answers are spoiled on their way. */
function spoiling(path: string, spoil: Spoil): { deps: Deps; spoiled: () => number } {
  const { config, db, now } = house.deps
  let spoiled = 0
  const wecom = createWeCom({
    apiUrl: config.WECOM_API_URL,
    corpId: config.WECOM_CORP_ID,
    secret: config.WECOM_APP_SECRET,
    now: () => now().getTime(),
    log: house.deps.log,
    sleep: (ms) => house.simulator.clock.advance(ms),
    shared: sharedIn(db, config.SECRET),
    fetch: async (request) => {
      const answer = await house.simulator.fetch(request)
      if (!request.url.includes(`/cgi-bin/${path}?`)) return answer
      spoiled++
      const bad = spoil(await answer.text())
      return bad instanceof Response ? bad : new Response(bad)
    },
  })
  return { deps: { ...house.deps, wecom }, spoiled: () => spoiled }
}

/** What no good answer contains: one value that is needed is of another kind, or the whole is something else. */
const nothing: fc.Arbitrary<unknown> = fc.constantFrom(null, true, {}, [], [[]], 1.5, -0.1)
const spoil = (list: string, id: string): fc.Arbitrary<Spoil> => {
  const row = id ? id.split('.') : []
  return fc.oneof(
    fc.constantFrom<Spoil>(
      () => '<html><body>502 Bad Gateway</body></html>',
      () => '',
      (good) => good.slice(0, Math.floor(good.length / 2)),
      (good) => good.replace('"errcode":0', '"errcode":"0"'),
      (good) => good.replace('"errcode":0', '"errcode":NaN'),
      (good) => good.replace('"errcode":0,', ''),
      () => '['.repeat(100_000),
      () => `{"errcode":0,"${list}":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      (good) => new Response(good, { status: 502 }),
      (good) => new Response(good + ' '.repeat(11 * 1024 * 1024)),
    ),
    nothing.filter((v) => v !== null && !Array.isArray(v)).map((value) => withValue([list], value)),
    fc.tuple(fc.nat(), nothing).map(([n, value]) => withValue([list, n, ...row], value)),
    fc.nat().map((n) => withValue([list, n], 7)),
    fc.string().map((text) => () => JSON.stringify(text)),
    fc.string({ minLength: 65, maxLength: 200 }).map((long) => withValue([list, 0, ...row], long)),
  )
}

/** Puts a value into a good answer; a number as place counts round. A list that is empty gets it as its only row. */
function withValue(place: readonly (string | number)[], value: unknown): Spoil {
  return (good) => {
    const body = JSON.parse(good) as Record<string, unknown>
    let at: unknown = body
    place.forEach((step, i) => {
      const holder = at as Record<string | number, unknown>
      const key = typeof step === 'number' && Array.isArray(at) ? (at.length ? step % at.length : 0) : step
      if (i === place.length - 1) holder[key] = value
      else at = holder[key] ??= typeof place[i + 1] === 'number' ? [] : {}
    })
    return JSON.stringify(body)
  }
}

/** Everything the product knows of the world. */
async function stateOf(): Promise<string> {
  const tables = ['member', 'department', 'customer', 'wecom_contact', 'relation', 'tag', 'group_chat', 'departure']
  tables.push('handover', 'transfer', 'notice', 'promise', 'history')
  const rows: string[] = []
  for (const table of tables) {
    const { rows: found } = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(
      house.db,
    )
    rows.push(
      `${table}\n${found
        .map((r) => r.row)
        .sort()
        .join('\n')}`,
    )
  }
  return rows.join('\n\n')
}

const mirrored = [
  ['department/list', 'department', 'id'],
  ['user/list', 'userlist', 'userid'],
  ['externalcontact/get_follow_user_list', 'follow_user', ''],
  ['externalcontact/batch/get_by_user', 'external_contact_list', 'external_contact.external_userid'],
  ['externalcontact/get_corp_tag_list', 'tag_group', 'tag.0.id'],
  ['externalcontact/groupchat/list', 'group_chat_list', 'chat_id'],
  ['externalcontact/groupchat/get', 'group_chat', 'chat_id'],
] as const

it.each(parts)(
  'an answer that is none changes nothing in the mirror, wherever it comes, and the next reading is whole (Q19, %i bodies)',
  async (bodies) => {
    await house.runJobs('mirror')
    const before = await stateOf()
    const case_ = fc
      .constantFrom(...mirrored)
      .chain(([path, list, id]) =>
        fc.tuple(fc.constant(path), list === 'group_chat' ? spoilOne(list, id) : spoil(list, id)),
      )
    await fc.assert(
      fc.asyncProperty(case_, async ([path, spoilt]) => {
        const { deps, spoiled } = spoiling(path, spoilt)
        // So long ago that the run before is not gone on from, but begun anew.
        await house.simulator.clock.advance(5 * 3600_000)
        await mirrorJob(deps).catch(() => undefined)
        expect(spoiled()).toBeGreaterThan(0)
        expect(await stateOf()).toBe(before)
      }),
      { numRuns: bodies },
    )
    await house.runJobs('mirror')
    expect(await stateOf()).toBe(before)
  },
  3_600_000,
)

/** `groupchat/get` answers one object, not a list. */
const spoilOne = (key: string, id: string): fc.Arbitrary<Spoil> =>
  fc.oneof(
    fc.constantFrom<Spoil>(
      () => '<html>',
      (good) => good.slice(0, -10),
      (good) => good.replace('"errcode":0', '"errcode":"0"'),
    ),
    nothing.filter((v) => typeof v !== 'object' || v === null).map((value) => withValue([key], value)),
    nothing.map((value) => withValue([key, id], value)),
  )

it.each(parts)(
  'an answer that is none leaves a transfer open, and it is settled by reading: one each (Q17, Q19, %i bodies)',
  async (bodies) => {
    await house.approved(['chenyiming', 'wanglei'])
    house.awake.clear()
    const results = 'externalcontact/resigned/transfer_result'
    const item = spoil('customer', 'external_userid')
    // First the call itself: what WeCom began stays in question, nothing is shown as begun.
    const before = await stateOf()
    await fc.assert(
      fc.asyncProperty(item, async (spoilt) => {
        const lost = spoiling('externalcontact/resigned/transfer_customer', spoilt)
        const deaf: Deps = {
          ...lost.deps,
          wecom: {
            ask: (api, params) =>
              api.path === results ? Promise.reject(new Error('not asked yet')) : lost.deps.wecom.ask(api, params),
          },
        }
        await transfersJob(deaf)
        expect(lost.spoiled()).toBeGreaterThan(0)
        expect(await house.count('approved')).toBe(8)
        expect(withoutTransfers(await stateOf())).toBe(withoutTransfers(before))
      }),
      { numRuns: 1, endOnFailure: true },
    )
    // Then every reading of the results.
    const asked = await stateOf()
    await fc.assert(
      fc.asyncProperty(item, async (spoilt) => {
        const { deps, spoiled } = spoiling(results, spoilt)
        await house.simulator.clock.advance(60_000)
        await transfersJob(deps)
        expect(spoiled()).toBeGreaterThan(0)
        expect(await stateOf()).toBe(asked)
      }),
      { numRuns: bodies },
    )
    await house.minutes(15)
    expect([...house.did('transfer_started').values()]).toEqual(Array(8).fill(1))
    expect(await house.count('waiting')).toBe(8)
  },
  3_600_000,
)

/** A transfer's row says, too, which call of ours it belongs to. */
const withoutTransfers = (state: string): string => state.replace(/transfer\n[^]*?\n\n/, '')
