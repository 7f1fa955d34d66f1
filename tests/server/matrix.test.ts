import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { $ZodType } from 'zod/v4/core'
import type { Role } from '../../src/shared/member'
import type { Door } from '../../src/server/lib/serve'
import { openDesk, tell, type Desk, type Placed } from '../support/handovers'
import { bySelf } from '../support/house'

/**
 * Q26, Q34, T-13, T-24, T-39: every door × everybody × their own, somebody else's, nobody's. The doors are the app's own;
 * the table below says of each what its input is made of, and a door without a row fails.
 */
/** How often one may knock is tested elsewhere (limits.test.ts). */
const unlimited = {
  LIMIT_MEMBER: '1000000',
  LIMIT_LISTS: '1000000',
  LIMIT_STRANGER: '1000000',
  LIMIT_GUESSES: '1000000',
}

let desk: Desk
let people: Record<string, Person>
let objects: Record<'a' | 'b' | 'absent', Ids>
beforeAll(async () => {
  desk = await openDesk({ ADMINS: 'root', ...unlimited })
  ;({ people, objects } = await furnish(desk))
})
afterAll(() => desk.close())

type Person = Awaited<ReturnType<Desk['member']>>
interface Ids {
  customer: string
  contact: string
  handover: string
  departure: string
  announced: string
  plan: string
  promise: string
  attempt: string
  member: string
  chat: string
  token: string
}
const digest = 'a'.repeat(64)

/** Whose object a door asks for: a successor's, of who manages the leaver, of who may read there; `null`: nobody's. */
type Whose = 'successor' | 'manager' | null
interface Row {
  whose: Whose
  /** What the path's places and the body are filled with. */
  input?: (ids: Ids) => Record<string, unknown>
  elsewhere?: true
}
const successor = (input: Row['input'] = () => ({})): Row => ({ whose: 'successor', input })
const manager = (input: Row['input'] = () => ({})): Row => ({ whose: 'manager', input })
const nobodys: Row = { whose: null }
/** Whose own, somebody else's and nobody's are walked in export, retention, objection, request.test.ts and in the tests of the packs. */
const elsewhere: Row = { whose: null, elsewhere: true }

const table: Record<string, Row> = {
  'GET /auth/login': nobodys,
  'GET /auth/callback': nobodys,
  'GET /wecom/callback/app': nobodys,
  'POST /wecom/callback/app': nobodys,
  'GET /wecom/callback/contacts': nobodys,
  'POST /wecom/callback/contacts': nobodys,
  'GET /n/complaint': nobodys,
  'POST /n/complaint': nobodys,
  'GET /n/:token': nobodys,
  'GET /n/:token/full': nobodys,
  'GET /n/:token/record': nobodys,
  'GET /n/:token/full/file': nobodys,
  'GET /n/:token/request': nobodys,
  'POST /n/:token/request': nobodys,
  'POST /n/:token/request/seen': nobodys,
  'POST /n/:token/request/file': nobodys,
  'GET /n/:token/objection': nobodys,
  'GET /n/:token/complaint': nobodys,
  'POST /n/:token/seen': nobodys,
  'POST /n/:token/acknowledge': nobodys,
  'POST /n/:token/objection': nobodys,
  'POST /n/:token/complaint': nobodys,
  'POST /csp-reports': nobodys,
  'GET /api/me': nobodys,
  'POST /api/logout': nobodys,
  'GET /api/jssdk': nobodys,
  'GET /api/link': nobodys,
  'GET /api/link/detail': nobodys,
  'POST /api/link/try': nobodys,
  'GET /api/mirror': nobodys,
  'POST /api/mirror/run': nobodys,
  'GET /api/inherited': nobodys,
  'GET /api/departures': nobodys,
  'GET /api/plans': nobodys,
  'GET /api/complaints': nobodys,
  'GET /api/requests': nobodys,
  'GET /api/requests/:request': elsewhere,
  'POST /api/requests/:request/identify': elsewhere,
  'POST /api/requests/:request/accept': elsewhere,
  'POST /api/requests/:request/refuse': elsewhere,
  'POST /api/requests/:request/execute': elsewhere,
  'POST /api/requests/:request/inform': elsewhere,
  'POST /api/requests/:request/file': elsewhere,
  'POST /api/requests/:request/lift': elsewhere,
  'GET /api/objections': nobodys,
  'GET /api/objections/:objection': elsewhere,
  'POST /api/objections/:objection/pass': elsewhere,
  'POST /api/objections/:objection/answer': elsewhere,
  'GET /api/announcements/members': nobodys,
  'GET /api/retention': nobodys,
  'POST /api/retention/:name': elsewhere,
  'GET /api/holds': nobodys,
  'POST /api/holds/place': elsewhere,
  'POST /api/holds/:hold/review': elsewhere,
  'POST /api/holds/:hold/release': elsewhere,
  'GET /api/me/still-here': nobodys,
  'GET /api/me/log': nobodys,
  'GET /api/signals': nobodys,
  'GET /api/signals/:signal': elsewhere,
  'POST /api/signals/:signal/decide': elsewhere,
  'GET /api/blocks': nobodys,
  'GET /api/blocks/members': nobodys,
  'POST /api/blocks': elsewhere,
  'POST /api/blocks/:block/confirm': elsewhere,
  'POST /api/blocks/:block/decline': elsewhere,
  'POST /api/blocks/:block/probe': elsewhere,
  'POST /api/blocks/:block/lift': elsewhere,
  'POST /api/blocks/:block/lift/confirm': elsewhere,
  'POST /api/blocks/:block/lift/decline': elsewhere,
  'GET /api/departures/:departure/probes': manager(),
  'POST /api/departures/:departure/probes': elsewhere,
  'GET /api/leavers': elsewhere,
  'POST /api/members/:member/end-sessions': elsewhere,
  'GET /api/rights': elsewhere,
  'POST /api/rights/confirm': elsewhere,
  'GET /api/rights/departments': elsewhere,
  'POST /api/rights/grants': elsewhere,
  'POST /api/rights/grants/:grant/end': elsewhere,
  'GET /api/rights/members': elsewhere,
  'GET /api/sessions': elsewhere,
  'POST /api/sessions/:session/end': elsewhere,
  'POST /api/sessions/end-others': elsewhere,
  'GET /api/audit': nobodys,
  'POST /api/audit/head': elsewhere,
  'GET /api/audit/entries/:seq': elsewhere,
  'GET /api/packs': nobodys,
  'POST /api/pack-requests': elsewhere,
  'POST /api/packs/:pack/approval': elsewhere,
  'POST /api/packs/:pack/rejection': elsewhere,
  'POST /api/packs/:pack/ticket': elsewhere,
  'GET /api/packs/:pack/file': elsewhere,
  'GET /api/export-choices': nobodys,
  'GET /api/export-switch': nobodys,
  'POST /api/export-switch/set': elsewhere,
  'POST /api/export-preview': elsewhere,
  'POST /api/export-requests': elsewhere,
  'GET /api/exports': elsewhere,
  'GET /api/exports/:export': elsewhere,
  'POST /api/exports/:export/approve': elsewhere,
  'POST /api/exports/:export/reject': elsewhere,
  'POST /api/exports/:export/withdraw': elsewhere,
  'POST /api/exports/:export/code': elsewhere,
  'POST /api/exports/:export/file': elsewhere,
  'POST /api/brief': successor(({ contact }) => ({ contact })),
  'GET /api/customers/:customer/history': successor(),
  'GET /api/customers/:customer/sight': successor(),
  'POST /api/customers/:customer/reveal': successor(() => ({ field: 'mobiles', reason: 'call' })),
  'POST /api/handovers/:handover/promises': successor(() => ({ text: '补发报价单', due: null })),
  'POST /api/promises/:promise/kept': successor(),
  'GET /api/handovers/:handover/restore': successor(),
  'POST /api/handovers/:handover/restore': successor(() => ({ fields: ['tags'] })),
  'POST /api/handovers/:handover/notice': successor(() => ({ language: 'zh-CN' })),
  'POST /api/notice-attempts/:attempt/outcome': successor(() => ({ form: 'text', outcome: 'sent' })),
  'GET /api/departures/:departure': manager(),
  'GET /api/departures/:departure/handovers': manager(),
  'GET /api/departures/:departure/candidates': manager(),
  'GET /api/departures/:departure/restores': manager(),
  'POST /api/departures/:departure/restores': manager(),
  'POST /api/departures/:departure/check': manager(),
  'POST /api/departures/:departure/plans': manager(() => ({ handovers: 'all', successors: [people['s']!.id] })),
  'POST /api/plans/:plan/items/:handover': manager(() => ({ successor: null })),
  'POST /api/plans/:plan/groups/:chat': manager(() => ({ successor: null })),
  'GET /api/plans/:plan': manager(),
  'POST /api/plans/:plan/submit': manager(() => ({ digest })),
  'POST /api/plans/:plan/approve': manager(() => ({ digest })),
  'POST /api/plans/:plan/reject': manager(() => ({ digest, reason: '请重排' })),
  'POST /api/plans/:plan/withdraw': manager(),
  'POST /api/plans/:plan/discard': manager(),
  'GET /api/handovers/:handover/open-call': manager(),
  'POST /api/handovers/:handover/open-call': manager(() => ({ digest, answer: 'under_way' })),
  'POST /api/announcements': manager(({ member }) => ({ member, leavesOn: '2026-12-31' })),
  'POST /api/announcements/:departure/day': manager(({ announced }) => ({
    departure: announced,
    leavesOn: '2026-12-30',
  })),
  'POST /api/announcements/:departure/withdraw': manager(({ announced }) => ({ departure: announced })),
}

/** What everybody is, and whose objects are theirs (a: department 10, successor s; b: department 20, successor t). */
const callers: Record<string, { roles: Role[]; successorOf?: 'a' | 'b'; manages?: readonly ('a' | 'b')[] }> = {
  s: { roles: ['rep'], successorOf: 'a' },
  t: { roles: ['rep'], successorOf: 'b' },
  leads: { roles: ['rep', 'manager'], manages: ['a'] },
  elsewhere: { roles: ['rep', 'manager'], manages: ['b'] },
  compliance: { roles: ['rep', 'compliance'], manages: ['a', 'b'] },
  admin: { roles: ['rep', 'admin'] },
}
const withoutSession = ['anonymous', 'link', 'departed'] as const

const key = (door: Door) => `${door.method} ${door.path}`
const staffDoors = () => desk.doors.filter((d) => d.endpoint)
const rowOf = (door: Door): Row => table[key(door)] ?? nobodys

function covers(who: string, door: Door, which: keyof typeof objects): boolean {
  const { whose } = rowOf(door)
  const caller = callers[who]!
  if (which === 'absent') return false
  return whose === 'successor' ? caller.successorOf === which : Boolean(caller.manages?.includes(which))
}

const admitted = (who: string, door: Door): boolean =>
  door.access === 'signed-in' ||
  (Array.isArray(door.access) && door.access.some((r) => callers[who]!.roles.includes(r as Role)))

async function knock(door: Door, ask: Person['ask'] | null, ids: Ids, extra: object = {}) {
  const given: Record<string, unknown> = { ...ids, ...rowOf(door).input?.(ids) }
  const path = door.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(given[name])))
  const body = { ...rowOf(door).input?.(ids), ...extra }
  if (ask) {
    const { status, body: answer, text } = await ask(door.method, path, body)
    return { status, answer, same: `${status} ${text.replace(/"requestId":"[^"]*"/, '')}` }
  }
  const init =
    door.method === 'GET'
      ? {}
      : {
          method: 'POST',
          headers: bySelf(desk.deps.config.PUBLIC_URL),
          body: JSON.stringify(body),
        }
  const response = await desk.request(path, init)
  const text = await response.text()
  return {
    status: response.status,
    answer: text as unknown,
    same: `${response.status} ${text.replace(/"requestId":"[^"]*"/, '')}`,
  }
}

const auditSeq = async () => (await desk.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).seq

describe('the matrix (Q26, T-24, T-39)', () => {
  it('has a row for every door, and no row for a door that is gone', () => {
    expect(Object.keys(table).sort()).toEqual([...new Set(desk.doors.map(key))].sort())
  })

  it.each(withoutSession)('%s: no door of members opens', async (who) => {
    const ask = who === 'departed' ? people['departed']!.ask : null
    for (const door of staffDoors())
      for (const which of ['a', 'absent'] as const)
        expect([key(door), (await knock(door, ask, objects[which])).status]).toEqual([key(door), 401])
  })

  it.each(Object.keys(callers))(
    '%s: refused where the role is not named, before anything is looked at',
    async (who) => {
      const before = await auditSeq()
      for (const door of staffDoors().filter((d) => !admitted(who, d)))
        for (const ids of Object.values(objects)) {
          const { status, answer } = await knock(door, people[who]!.ask, ids)
          expect([key(door), status, (answer as { code: string }).code]).toEqual([key(door), 403, 'forbidden'])
        }
      expect(await auditSeq()).toBe(before)
    },
  )

  it.each(Object.keys(callers))(
    '%s: somebody else’s and nobody’s answer byte for byte alike, and leave nothing',
    async (who) => {
      const before = await auditSeq()
      for (const door of staffDoors().filter((d) => rowOf(d).whose && admitted(who, d))) {
        const absent = await knock(door, people[who]!.ask, objects.absent)
        expect([key(door), absent.status]).toEqual([key(door), 404])
        for (const which of ['a', 'b'] as const)
          if (!covers(who, door, which))
            expect([key(door), (await knock(door, people[who]!.ask, objects[which])).same]).toEqual([
              key(door),
              absent.same,
            ])
      }
      expect(await auditSeq()).toBe(before)
    },
  )

  it('the customer’s doors: a dead link and none are one page, whoever asks', async () => {
    for (const door of desk.doors.filter((d) => d.access === 'customer-link')) {
      const bare = (html: string, { token }: Ids) => html.replaceAll(token, '')
      const dead = { ...objects.a, token: objects.b.token }
      const [one, none] = [await knock(door, null, dead), await knock(door, null, objects.absent)]
      expect([key(door), one.status]).toEqual([key(door), 404])
      expect(bare(one.same, dead)).toBe(bare(none.same, objects.absent))
      if (door.method === 'GET')
        expect([key(door), (await knock(door, null, objects.a)).status]).toEqual([key(door), 200])
    }
  })

  // Last: these change things.
  it.each(Object.keys(callers))(
    '%s: their own is not hidden from them; what is added to a body goes nowhere (Q34)',
    async (who) => {
      const doors = staffDoors().filter((d) => rowOf(d).whose && admitted(who, d))
      for (const method of ['GET', 'POST'] as const)
        for (const door of doors.filter((d) => d.method === method))
          for (const which of ['a', 'b'] as const) {
            if (!covers(who, door, which)) continue
            const { status, answer } = await knock(door, people[who]!.ask, objects[which], await extras(door))
            expect([key(door), [401, 404, 500].includes(status)]).toEqual([key(door), false])
            if (status === 200) expect([key(door), undeclared(door.endpoint!.output, answer)]).toEqual([key(door), []])
          }
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(await everything()).not.toContain(CANARY)
    },
  )

  it('answers without an object hold no field that is not declared', async () => {
    for (const door of staffDoors().filter(
      (d) => !rowOf(d).whose && !rowOf(d).elsewhere && d.path !== '/api/logout' && d.path !== '/api/jssdk',
    ))
      for (const who of Object.keys(callers).filter((one) => admitted(one, door))) {
        const { status, answer } = await knock(door, people[who]!.ask, objects.a)
        expect([key(door), status]).toEqual([key(door), 200])
        expect([key(door), undeclared(door.endpoint!.output, answer)]).toEqual([key(door), []])
      }
  })
})

const CANARY = 'Q34-CANARY'

/** Every column there is, and what pollutes a prototype, but for what the door itself asks for. */
async function extras(door: Door): Promise<object> {
  const { rows } = await sql<{ name: string }>`
    select distinct column_name as name from information_schema.columns where table_schema = 'public'`.execute(desk.db)
  const camel = (s: string) => s.replace(/_(\w)/g, (_, c: string) => c.toUpperCase())
  const asked = new Set([
    ...Object.keys(rowOf(door).input?.(objects.a) ?? {}),
    'field',
    'entry',
    'detail',
    'words',
    'label',
    'contact',
    'customer',
  ])
  const names = rows
    .flatMap(({ name }) => [name, camel(name)])
    .filter((name) => !asked.has(name) && !declared(door).has(name))
  const own = Object.fromEntries(
    [...names, 'role', 'roles', 'corpId', 'manages', 'constructor'].map((name) => [name, CANARY]),
  )
  return Object.assign(JSON.parse(`{"__proto__":{"role":"${CANARY}"}}`) as object, own)
}

const declared = (door: Door): Set<string> => {
  const def = door.endpoint!.input._zod.def as unknown as { shape?: object }
  return new Set(Object.keys(def.shape ?? {}))
}

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'`.execute(desk.db)
  const texts = await Promise.all(
    rows.map(async ({ name }) => {
      const found = await sql<{
        text: string | null
      }>`select string_agg(t::text, E'\n') as text from ${sql.table(name)} t`.execute(desk.db)
      return found.rows[0]?.text ?? ''
    }),
  )
  return texts.join('\n')
}

interface Def {
  type: string
  shape?: Record<string, $ZodType>
  element?: $ZodType
  innerType?: $ZodType
  options?: readonly $ZodType[]
}
/** Fields of an answer that its schema does not name. */
function undeclared(schema: $ZodType, value: unknown, path = ''): string[] {
  const def = schema._zod.def as unknown as Def
  if (value === null || value === undefined) return []
  if (def.innerType) return undeclared(def.innerType, value, path)
  if (def.element) return (value as unknown[]).flatMap((one) => undeclared(def.element!, one, `${path}[]`))
  if (def.options)
    return def.options.map((o) => undeclared(o, value, path)).sort((a, b) => a.length - b.length)[0] ?? []
  if (def.type !== 'object') return []
  return Object.entries(value).flatMap(([name, one]) => {
    const field = def.shape?.[name]
    return field ? undeclared(field, one, `${path}.${name}`) : [`${path}.${name}`]
  })
}

/** Two departures in two departments, each with a customer told, a plan, an announced colleague. */
async function furnish(at: Desk) {
  const { db } = at
  await db
    .insertInto('department')
    .values([
      { id: 10, name: '东区', parentId: 1, leaders: ['leads'] },
      { id: 20, name: '西区', parentId: 1, leaders: ['elsewhere'] },
    ])
    .execute()
  const named = {
    s: await at.member('陈一鸣'),
    t: await at.member('孙婷'),
    leads: await at.member('周敏', { userid: 'leads' }),
    elsewhere: await at.member('何志远', { userid: 'elsewhere' }),
    compliance: await at.member('沈岚', { userid: 'shenlan' }),
    admin: await at.member('管理员', { userid: 'root' }),
  }
  const place = async (department: number, whose: Person): Promise<[Ids, Placed]> => {
    const departments = [department]
    const leaver = await at.member('林晓', { departments })
    const placed = await at.handover({ leaver, successor: whose, notice: 'sent' })
    const { path } = await tell(placed)
    const { attempt } = await tell(placed, 'none')
    const goes = await at.member('马超', { departments })
    const stays = await at.member('王磊', { departments })
    const announced = at.deps.id()
    const now = at.deps.now()
    await db
      .insertInto('departure')
      .values({
        id: announced,
        memberId: goes.id,
        leftAt: new Date(now.getTime() + 20 * 86_400_000),
        knownBy: 'announced',
        noticedAt: now,
        gone: false,
        announcedBy: leaver.id,
        announcedAt: now,
      })
      .execute()
    const one = await db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    const plan = await db
      .selectFrom('transfer')
      .select('planId')
      .where('handoverId', '=', placed.id)
      .executeTakeFirstOrThrow()
    const promise = await db
      .selectFrom('promise')
      .select('id')
      .where('customerId', '=', placed.customer)
      .executeTakeFirstOrThrow()
    const ids: Ids = {
      customer: placed.customer,
      contact: placed.external,
      handover: placed.id,
      departure: one.departureId,
      announced,
      plan: plan.planId!,
      promise: promise.id,
      attempt,
      member: stays.id,
      chat: 'chat',
      token: path.split('/').at(-1)!,
    }
    return [ids, placed]
  }
  const [a, placed] = await place(10, named.s)
  const [b] = await place(20, named.t)
  // Its link was replaced by a newer one that was sent.
  await db
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced' })
    .where('handoverId', '=', b.handover)
    .where('outcome', '=', 'sent')
    .execute()
  await db.updateTable('member').set({ status: 'left' }).where('id', '=', placed.leaver.id).execute()
  const absent = Object.fromEntries(
    Object.keys(a).map((name) => [name, name === 'token' ? 'A'.repeat(22) : 'nobody']),
  ) as unknown as Ids
  return { people: { ...named, departed: placed.leaver } as Record<string, Person>, objects: { a, b, absent } }
}
