import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answers,
  askable,
  askProblem,
  consentEvents,
  consentPurposes,
  consentStates,
  identities,
  isEffective,
  mayAnswer,
  nextConsentState,
  REMIND_MS,
  type Asking,
  type ConsentEvent,
  type ConsentState,
} from '../../src/shared/consent'
import { purposes } from '../../src/shared/access'
import { noticeStates } from '../../src/shared/notice'

const walk = (path: readonly string[]): ConsentState =>
  path.reduce<ConsentState>((state, event) => nextConsentState(state, event as ConsentEvent) ?? state, 'not_needed')

const event = fc.constantFrom(...consentEvents)
/** What WeCom, our own clocks and the notice's buttons can say (T-76). */
const platform = [
  'result_taken_over',
  'result_waiting',
  'result_refused',
  'status_1',
  'Agree',
  'Default_Agree',
  'silence_24h',
  'acknowledge',
  'open',
  'sent',
  'object',
  'add_external_contact',
  'del_follow_user',
  'constructor',
  '__proto__',
]

describe('the machine of consent (compliance 5.3)', () => {
  it('is given by 同意 to an open question and by nothing else (T-76, invariant 3)', () => {
    for (const state of consentStates)
      for (const one of [...consentEvents, ...platform]) {
        const next = nextConsentState(state, one as ConsentEvent)
        if (next === 'given' && state !== 'given') expect([state, one]).toEqual(['requested', 'agree'])
      }
  })

  it('is moved by no event of WeCom, of the notice or of time in any order (T-76, property)', () => {
    const runs = Number(process.env['RUNS'] ?? 300)
    fc.assert(
      fc.property(fc.array(fc.oneof(event, fc.constantFrom(...platform)), { maxLength: 40 }), (path) => {
        expect(walk(path)).toBe(walk(path.filter((one) => !platform.includes(one))))
        if (!path.includes('agree')) expect(walk(path)).not.toBe('given')
        if (path.at(-1) === 'withdraw') expect(walk(path)).not.toBe('given')
      }),
      { numRuns: runs },
    )
  })

  it('only notes that a question was seen, or that the use of the data was stopped (4.3)', () => {
    for (const state of consentStates)
      for (const one of ['show', 'restrict'] as const) expect([null, state]).toContain(nextConsentState(state, one))
    expect(nextConsentState('refused', 'show')).toBeNull()
  })

  it('keeps a no until the customer takes the question up again, or what was asked has changed (T-71)', () => {
    for (const state of ['refused', 'withdrawn', 'invalidated'] as const)
      for (const one of ['ask', 'remind', 'agree'] as const) expect(nextConsentState(state, one)).toBeNull()
    expect(nextConsentState('refused', 'start')).toBe('requested')
    expect(nextConsentState('withdrawn', 'start')).toBe('requested')
    expect(nextConsentState('refused', 'supersede')).toBe('superseded')
    expect(nextConsentState('withdrawn', 'supersede')).toBeNull()
  })

  it('is effective while given and not over, and in no other state', () => {
    const [before, now, after] = [new Date(1), new Date(2), new Date(3)]
    for (const state of consentStates) {
      expect(isEffective(state, after, now)).toBe(state === 'given')
      expect(isEffective(state, now, now)).toBe(false)
      expect(isEffective(state, before, now)).toBe(false)
      expect(isEffective(state, null, now)).toBe(false)
    }
  })
})

describe('who may answer (compliance 3.6)', () => {
  it('agreeing needs the customer proven; a no and a withdrawal are honoured from whoever opened it in WeChat (T-79)', () => {
    expect(answers.map((answer) => identities.filter((ial) => mayAnswer(answer, ial)))).toEqual([
      ['IAL2'],
      ['IAL1', 'IAL2'],
      ['IAL1', 'IAL2'],
    ])
  })
})

describe('the closed list of purposes (compliance 4.7)', () => {
  it('asks only for what a trigger of D3 needs, and whatever opens a class is asked by itself', () => {
    for (const purpose of askable) expect(consentPurposes[purpose].trigger).not.toBeNull()
    for (const [name, { askedBy, days }] of Object.entries(consentPurposes))
      expect([askedBy === 'successor', days > 0]).toEqual(Array(2).fill((askable as readonly string[]).includes(name)))
    for (const purpose of purposes) expect(consentPurposes[purpose].separate).toBe(true)
  })
})

describe('asking (T-71)', () => {
  const asked = new Date('2026-12-01T00:00:00Z')
  const later = (ms: number) => new Date(asked.getTime() + ms)
  const base: Asking = {
    state: 'required',
    forOther: false,
    askedAt: null,
    reminded: false,
    transfer: 'taken_over',
    notice: 'sent',
    objectionOpen: false,
  }
  const HOUR = 3600_000

  it('unanswered: not after 71 hours, once after 73, then never again', () => {
    for (const state of ['requested', 'unanswered'] as const) {
      const open = { ...base, state, askedAt: asked }
      expect(askProblem(open, later(71 * HOUR))).toBe('ask_early')
      expect(askProblem(open, later(REMIND_MS))).toBeNull()
      expect(askProblem(open, later(73 * HOUR))).toBeNull()
      expect(askProblem({ ...open, reminded: true }, later(900 * HOUR))).toBe('ask_twice')
    }
  })

  it('after a no: never', () => {
    for (const state of ['refused', 'withdrawn', 'invalidated'] as const)
      expect(askProblem({ ...base, state, askedAt: asked }, later(9000 * HOUR))).toBe('ask_refused')
  })

  it('only of somebody who was told, who was taken over, and who has not asked for another colleague', () => {
    const untold = ['due', 'prompted', 'unreachable', 'alt_channel', 'waived']
    for (const notice of noticeStates)
      expect(askProblem({ ...base, notice }, asked)).toBe(untold.includes(notice) ? 'not_notified' : null)
    expect(askProblem({ ...base, transfer: 'waiting' }, asked)).toBe('not_taken_over')
    expect(askProblem({ ...base, objectionOpen: true }, asked)).toBe('ask_objection')
  })

  it('a consent names its colleague: another one has to ask', () => {
    expect(askProblem({ ...base, state: 'given' }, asked)).toBe('ask_given')
    expect(askProblem({ ...base, state: 'given', forOther: true }, asked)).toBeNull()
  })
})
