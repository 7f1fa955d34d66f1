import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { $ZodType } from 'zod/v4/core'
import type { Role } from '../../src/shared/member'
import type { Door } from '../../src/server/lib/serve'
import { openDesk, type Desk } from '../support/handovers'
import { bySelf } from '../support/house'
import { callers, covers, furnish, rowsFor, type Ids, type Person, type Row } from '../support/matrix'

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
let table: Record<string, Row>
beforeAll(async () => {
  desk = await openDesk({ ADMINS: 'root', ...unlimited })
  ;({ people, objects } = await furnish(desk))
  table = rowsFor(people)
})
afterAll(() => desk.close())

const withoutSession = ['anonymous', 'link', 'departed'] as const

const key = (door: Door) => `${door.method} ${door.path}`
const staffDoors = () => desk.doors.filter((d) => d.endpoint)
const rowOf = (door: Door): Row => table[key(door)] ?? { whose: null }

const admitted = (who: string, door: Door): boolean =>
  door.access === 'signed-in' ||
  (Array.isArray(door.access) && door.access.some((r) => callers[who]!.roles.includes(r as Role)))

async function knock(door: Door, open: Person['open'] | null, ids: Ids, extra: object = {}) {
  const input = rowOf(door).input?.(ids)
  const given: Record<string, unknown> = { ...ids, ...input }
  const query =
    door.method === 'GET' && input ? `?${new URLSearchParams(input as Record<string, string>).toString()}` : ''
  const path = `${door.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(given[name])))}${query}`
  const body = { ...input, ...extra }
  const post = { method: 'POST', headers: bySelf(desk.deps.config.PUBLIC_URL), body: JSON.stringify(body) }
  const response = open
    ? await open(door.method, path, body)
    : await desk.request(path, door.method === 'GET' ? {} : post)
  const text = await response.text()
  // A file is no answer of an endpoint: what stands in it has tests of its own.
  const file = response.headers.has('content-disposition')
  const json = !file && response.headers.get('content-type')?.startsWith('application/json')
  return {
    status: response.status,
    answer: (json ? JSON.parse(text) : text) as unknown,
    same: `${response.status} ${text.replace(/"requestId":"[^"]*"/, '')}`,
  }
}

/** Refusals depend on nothing that another one leaves behind. */
const allAtOnce = async (doors: readonly Door[], walk: (door: Door) => Promise<void>) => {
  for (let i = 0; i < doors.length; i += 8) await Promise.all(doors.slice(i, i + 8).map(walk))
}

const auditSeq = async () => (await desk.db.selectFrom('auditHead').select('seq').executeTakeFirstOrThrow()).seq

describe('the matrix (Q26, T-24, T-39)', () => {
  it('has a row for every door, and no row for a door that is gone', () => {
    expect(Object.keys(table).sort()).toEqual([...new Set(desk.doors.map(key))].sort())
  })

  it.each(withoutSession)('%s: no door of members opens', async (who) => {
    const ask = who === 'departed' ? people['departed']!.open : null
    await allAtOnce(staffDoors(), async (door) => {
      for (const which of ['a', 'absent'] as const)
        expect([key(door), (await knock(door, ask, objects[which])).status]).toEqual([key(door), 401])
    })
  })

  it.each(Object.keys(callers))(
    '%s: refused where the role is not named, before anything is looked at',
    async (who) => {
      const before = await auditSeq()
      const shut = staffDoors().filter((d) => !admitted(who, d))
      await allAtOnce(shut, async (door) => {
        for (const ids of Object.values(objects)) {
          const { status, answer } = await knock(door, people[who]!.open, ids)
          expect([key(door), status, (answer as { code: string }).code]).toEqual([key(door), 403, 'forbidden'])
        }
      })
      expect(await auditSeq()).toBe(before)
    },
  )

  it.each(Object.keys(callers))(
    '%s: somebody else’s and nobody’s answer byte for byte alike, and leave nothing',
    async (who) => {
      const before = await auditSeq()
      for (const door of staffDoors().filter((d) => rowOf(d).whose && admitted(who, d))) {
        const absent = await knock(door, people[who]!.open, objects.absent)
        expect([key(door), absent.status]).toEqual([key(door), 404])
        for (const which of ['a', 'b'] as const)
          if (!covers(who, rowOf(door), which))
            expect([key(door), (await knock(door, people[who]!.open, objects[which])).same]).toEqual([
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
        // A page of something that is not there leads back to the letter; to WeChat it leads out.
        expect([200, 302, 303]).toContain((await knock(door, null, objects.a)).status)
    }
  })

  it.each(['hr', 'admin', 'auditor'])('%s reads no field of any customer, at any door (6.2)', async (who) => {
    for (const door of staffDoors().filter((d) => d.method === 'GET' && admitted(who, d)))
      for (const which of ['a', 'b'] as const) {
        const { same } = await knock(door, people[who]!.open, objects[which])
        // The corp's list of tags says nothing of anybody.
        const said = key(door) === 'GET /api/facts/rules' ? same.replaceAll('CANARY-TAG', '') : same
        expect([key(door), /王建国|宏远建材|采购经理|1381234|CANARY|wmSECRET/.exec(said)?.[0]]).toEqual([
          key(door),
          undefined,
        ])
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
            if (!covers(who, rowOf(door), which)) continue
            const { status, answer } = await knock(door, people[who]!.open, objects[which], await extras(door))
            expect([key(door), which, status, [401, 404, 500].includes(status)]).toEqual([
              key(door),
              which,
              status,
              false,
            ])
            if (status === 200 && typeof answer === 'object')
              expect([key(door), undeclared(door.endpoint!.output, answer)]).toEqual([key(door), []])
          }
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(await everything()).not.toContain(CANARY)
    },
  )

  it('answers without an object hold no field that is not declared', async () => {
    for (const door of staffDoors().filter(
      (d) => !rowOf(d).whose && d.path !== '/api/logout' && d.path !== '/api/jssdk',
    ))
      for (const who of Object.keys(callers).filter((one) => admitted(one, door))) {
        const { status, answer } = await knock(door, people[who]!.open, objects.a)
        expect([key(door), status]).toEqual([key(door), rowOf(door).turn && status === 409 ? 409 : 200])
        if (status === 200) expect([key(door), undeclared(door.endpoint!.output, answer)]).toEqual([key(door), []])
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
