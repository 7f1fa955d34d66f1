import { createHmac } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'
import type { Endpoint } from '../../shared/endpoint'
import { Failure, type FailureCode } from '../../shared/failure'
import { customerAmong, effects, KEPT_DAYS, keepAnswer, keptAnswer, takeKey, type KeptAnswer } from '../db/once'
import type { Db } from '../db/open'
import { inheritedCustomer, markOf } from '../db/standing'
import type { Deps } from '../deps'
import { showsCustomers } from './cut'
import { hashToken } from './id'
import { sealer } from './seal'
import type { Caller, Ctx } from './serve'

/** What a client makes once per action: nobody meets another's, and it says nothing. */
const KEY = /^[\w-]{16,64}$/
export const isKey = (key: string): boolean => KEY.test(key)

/** Nobody repeats what weighs more, and the table is not for it. */
const MOST_CHARACTERS = 256 * 1024
const DAY_MS = 86_400_000

/** Nothing happened, and the same again may succeed: such an answer is not the action's. */
const passing: ReadonlySet<FailureCode> = new Set(['busy', 'limited', 'running', 'wecom_limited', 'wecom_unreachable'])

interface Wish<O> {
  key: string
  endpoint: Endpoint
  input: unknown
  caller: Caller
  story: () => Promise<O>
  /** The answer as it leaves: cut, and checked by its schema. */
  written: (answer: O) => object
  /** What is answered to what was thrown. */
  refused: (thrown: unknown) => Response
}

/**
 * Runs a story once for a key (Stripe's contract, quality.md B1): for a week the same key is answered with the same status and
 * body; with other parameters, or while the first is at it, it is refused. The answer is written down in the transaction of
 * the effect, so that neither is there without the other; a refusal afterwards, since its transaction is no more.
 */
export async function once<O>(deps: Deps, c: Ctx, wish: Wish<O>): Promise<Response> {
  const desk = deskOf(deps, wish)
  const before = await desk.find(deps.db)
  if (before) return repeat(deps, c, wish, before, desk)
  let done: { result: unknown; body: object | null } | null = null
  const effect = {
    member: wish.caller.id,
    begin: async (tx: Db) => {
      // A second transaction of the same story goes on; whoever comes while it runs, or just after it, asks again.
      if (!(await takeKey(tx, desk.keyHash)) || (!done && (await desk.find(tx)))) throw new Failure('running')
    },
    end: async (tx: Db, result: unknown, subjects: readonly string[]) => {
      done = { result, body: fitting(wish, result) }
      await desk.keep(tx, 200, done.body, subjects)
    },
  }
  try {
    const answer = await effects.run(effect, wish.story)
    const { result, body } = (done as { result: unknown; body: object | null } | null) ?? {}
    if (body && result === answer) return c.json(body)
    // What a story makes of its effect afterwards; for that moment a repetition hears that it was done.
    const later = wish.written(answer)
    await desk.keep(deps.db, 200, later, [])
    return c.json(later)
  } catch (thrown) {
    if (thrown instanceof Failure && passing.has(thrown.code)) throw thrown
    const answer = wish.refused(thrown)
    // Where it cannot be written down, whoever repeats it is at it anew: nothing happened.
    if (answer.status !== 503)
      await desk.keep(deps.db, answer.status, (await answer.clone().json()) as object, []).catch(() => undefined)
    return answer
  }
}

/** Everything that one key of one member is kept under. */
function deskOf<O>({ now }: Deps, { key, endpoint, input, caller }: Wish<O>) {
  const at = now()
  const keyHash = hashToken(`${caller.id}\n${key}`)
  const inputHash = createHmac('sha256', key)
    .update(`${endpoint.method} ${endpoint.path}\n${canonical(input as Json)}`)
    .digest('hex')
  const seal = sealer(key, 'jiebang kept answer')
  const shows = showsCustomers(endpoint.output)
  const named = placesOf(endpoint, input)
  return {
    keyHash,
    inputHash,
    read: (row: KeptAnswer) => row.body && seal.unseal(row.body, keyHash),
    find: (db: Db) => keptAnswer(db, keyHash, new Date(at.getTime() - KEPT_DAYS * DAY_MS)),
    async keep(db: Db, status: number, answer: object | null, subjects: readonly string[]) {
      const about = shows && status === 200 ? await customerAmong(db, [...subjects, ...named]) : null
      const text = JSON.stringify(answer)
      // What shows customers, and not clearly one, is told to nobody a second time.
      const open = answer !== null && text.length <= MOST_CHARACTERS && (!shows || status !== 200 || about !== null)
      await keepAnswer(db, {
        ...{ keyHash, inputHash, status, at, memberId: caller.id, customerId: about },
        body: open ? seal.seal(text, keyHash) : null,
        mark: about && (await standingMark(db, caller.id, about, at)),
      })
    },
  }
}

const placesOf = ({ path }: Endpoint, input: unknown): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => String((input as Record<string, unknown>)[name ?? '']))

/** What shows something of a customer is told again only to who stands to them as they did then (as the pulse looks). */
async function repeat<O>(
  { db, now }: Deps,
  c: Ctx,
  { caller }: Wish<O>,
  row: KeptAnswer,
  desk: { inputHash: string; read: (row: KeptAnswer) => string | null },
): Promise<Response> {
  if (row.inputHash !== desk.inputHash) throw new Failure('key_reused')
  const stands = row.customerId ? await standingMark(db, caller.id, row.customerId, now()) : null
  const body = stands === row.mark ? desk.read(row) : null
  if (body === null) throw new Failure('repeated')
  c.header('idempotency-replayed', 'true')
  return c.body(body, row.status as 200, { 'content-type': 'application/json' })
}

const standingMark = async (db: Db, member: string, customer: string, now: Date): Promise<string> => {
  try {
    const row = await inheritedCustomer(db, member, customer)
    return row ? markOf(row, now) : 'none'
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.code
    throw thrown
  }
}

/** Null: what the effect gave back is not yet what will be answered. */
function fitting<O>({ written }: Wish<O>, result: unknown): object | null {
  try {
    return written(result as O)
  } catch {
    return null
  }
}
