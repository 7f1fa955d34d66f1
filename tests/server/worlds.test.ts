import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { visibleClasses, type Stage } from '../../src/shared/access'
import { openDesk, type Desk, type Placed } from '../support/handovers'

/** Q27, Q29: random people, departures and assignments against a policy written down anew, without a look at the server's. */
let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ LIMIT_MEMBER: '1000000', LIMIT_LISTS: '1000000' })
})
afterAll(() => desk.close())

const runs = Number(process.env['RUNS'] ?? 8)

type Person = Awaited<ReturnType<Desk['member']>>
const STATES = [
  'unassigned',
  'planned',
  'approved',
  'waiting',
  'taken_over',
  'refused',
  'failed',
  'cancelled',
  'elsewhere',
] as const
const NOTICES = ['due', 'sent', 'acknowledged'] as const
const SHOWN = ['approved', 'waiting', 'taken_over', 'refused']

interface Step {
  customer: number
  leaver: number
  successor: number
  transfer: (typeof STATES)[number]
  notice: (typeof NOTICES)[number]
  objection: boolean
}
const step: fc.Arbitrary<Step> = fc.record({
  customer: fc.nat(1),
  leaver: fc.nat(3),
  successor: fc.nat(3),
  transfer: fc.constantFrom(...STATES),
  notice: fc.constantFrom(...NOTICES),
  objection: fc.boolean(),
})

/** Who sees which stage of a customer, by the history of their handovers: the newest they stand to, unless they handed on since. */
function expected(steps: readonly Step[], who: number, customer: number): Stage | null {
  const line = steps.filter((s) => s.customer === customer)
  for (let i = line.length - 1; i >= 0; i--) {
    const s = line[i]!
    if (s.leaver === who) return null
    if (s.successor !== who || !SHOWN.includes(s.transfer)) continue
    if (s.objection || s.transfer === 'refused') return 'VO'
    if (s.transfer !== 'taken_over') return 'V1'
    return s.notice === 'due' ? 'V1' : 'V2'
  }
  return null
}

it('what everybody sees of everybody is what the reference policy says (Q27)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (all) => {
      // Nobody takes over from themselves, and nobody leaves twice with the same customer.
      const steps = all.filter(
        (s, i) =>
          s.leaver !== s.successor &&
          !all.slice(0, i).some((e) => e.leaver === s.leaver && e.customer === s.customer && e.leaver !== e.successor),
      )
      const people = await Promise.all([0, 1, 2, 3].map((n) => desk.member(`成员${n}`)))
      const customers: (string | undefined)[] = [undefined, undefined]
      for (const s of steps) {
        const placed: Placed = await desk.handover({
          leaver: people[s.leaver]!,
          successor: people[s.successor]!,
          transfer: s.transfer,
          notice: s.transfer === 'taken_over' ? s.notice : 'due',
          objection: s.objection,
          ...(customers[s.customer] ? { customer: customers[s.customer]! } : {}),
        })
        customers[s.customer] = placed.customer
      }
      for (const [who, person] of people.entries()) {
        const listed = await person.ask('GET', '/api/inherited')
        const ids = (listed.body.items as { customer: string }[]).map((i) => i.customer)
        for (const [n, customer] of customers.entries()) {
          if (!customer) continue
          const stage = expected(steps, who, n)
          const { status, body } = await person.ask('POST', '/api/brief', { customer })
          expect([steps, who, n, status, body.brief?.stage]).toEqual([
            steps,
            who,
            n,
            stage ? 200 : 404,
            stage ?? undefined,
          ])
          if (stage) expect(body.brief.classes).toEqual(visibleClasses('successor', stage))
          expect([steps, who, n, ids.includes(customer)]).toEqual([steps, who, n, stage !== null])
          const history = await person.ask('GET', `/api/customers/${customer}/history`)
          expect(history.status).toBe(stage === 'V2' ? 200 : stage === 'V1' ? 409 : 404)
          const why = await person.ask('GET', `/api/customers/${customer}/sight`)
          expect(why.status).toBe(stage ? 200 : 404)
        }
      }
    }),
    { numRuns: runs },
  )
})

it('a customer who moves on mid-session is gone at the first request after, and back is not back (Q29)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('brief', 'history', 'reveal', 'restore', 'sight'), { minLength: 2, maxLength: 6 }),
      async (asks) => {
        const first = await desk.handover({ notice: 'sent' })
        const { successor: a, customer } = first
        const doors: Record<string, (p: Person) => Promise<{ status: number; text: string }>> = {
          brief: (p) => p.ask('POST', '/api/brief', { customer }),
          history: (p) => p.ask('GET', `/api/customers/${customer}/history`),
          reveal: (p) => p.ask('POST', `/api/customers/${customer}/reveal`, { field: 'mobiles', reason: 'call' }),
          restore: (p) => p.ask('GET', `/api/handovers/${first.id}/restore`),
          sight: (p) => p.ask('GET', `/api/customers/${customer}/sight`),
        }
        for (const door of asks) expect([door, (await doors[door]!(a)).status]).toEqual([door, 200])
        // A leaves, B takes over; A's cookie is still alive.
        const b = await desk.member('乙')
        const moved = desk.handover({ leaver: a, successor: b, customer, notice: 'sent' })
        const under = asks.map((door) => doors[door]!(a))
        await moved
        await Promise.all(under)
        for (const door of asks) expect([door, (await doors[door]!(a)).status]).toEqual([door, 404])
        // And back to A, anew: what they stand to now is a new handover, told or not on its own.
        const back = await desk.handover({ leaver: b, successor: a, customer })
        expect((await doors['history']!(b)).status).toBe(404)
        expect((await doors['history']!(a)).status).toBe(409)
        expect((await a.ask('POST', '/api/brief', { customer })).text).toContain(back.id)
      },
    ),
    { numRuns: Math.min(runs, 4) },
  )
})
