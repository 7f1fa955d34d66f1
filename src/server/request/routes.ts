import { workingDaysBetween, type Calendar } from '../../shared/calendar'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  acceptRequest,
  executeRequest,
  getRequest,
  identifyRequest,
  informRequest,
  isEnough,
  isErasure,
  isFile,
  liftRestriction,
  listRequests,
  refuseRequest,
  takeRequestFile,
  type IdentityLevel,
  type Request,
  type RequestKind,
  type RequestState,
} from '../../shared/request'
import { act, type Audit } from '../db/act'
import { calendarOf } from '../db/calendar'
import { copyFile } from '../db/copy-file'
import { blockersOf } from '../db/erase'
import { look } from '../db/look'
import { keyedHash } from '../db/person'
import type { Tx } from '../db/open'
import { moveRequest } from '../db/request'
import { seenBy } from '../lib/cut'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, serveRaw, type Caller, type House } from '../lib/serve'
import { carryOut } from './execute'
import * as rows from './rows'

/** Who asks is heard as one who objects (compliance 6.2, VO). */
const sight = { who: 'compliance', stage: 'VO' } as const

/** What persons ask about their own information: who asks, yes or no with reasons, done, told. */
export function request(house: House): void {
  const { deps } = house
  const { db, now, config } = deps

  serve(house, listRequests, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [at, id] = readPlace(input.after, instant, word) ?? []
      const open = input.view === 'open'
      const after = at && id ? { at: at, id } : null
      const found = await rows.listed(tx, open, after, input.limit + 1)
      const calendar = await calendarOf(tx)
      audit('look.requests', 'requests', { shown: Math.min(found.length, input.limit) })
      const place = (r: rows.ListedRow) => placeOf(((open ? r.dueAt : r.informedAt) ?? r.at).toISOString(), r.id)
      const list = pageOf(found, input.limit, place, (r) => seenBy(sight, lineOf(r, calendar, now())))
      return { ...list, ...(await rows.openCounts(tx, now())) }
    }),
  )

  serve(house, getRequest, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await theirs(tx, input.request)
      const { customerId, number } = found
      if (customerId) look(audit, 'look.request', customerId, { sight, door: getRequest, only: ['F6'] }, { number })
      else audit('look.requests', number)
      return shown(tx, found, caller, now())
    }),
  )

  serve(house, identifyRequest, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      const facts = { identifiedHow: input.how, identifiedBy: caller.id, identifiedAt: now() }
      if (!(await moveRequest(tx, audit, found.id, 'check', facts))) throw new Failure('stale')
    }),
  )

  serve(house, acceptRequest, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      if (!found.identifiedAt) throw new Failure('not_identified')
      const facts = { decidedBy: caller.id, decidedAt: now() }
      if (!(await moveRequest(tx, audit, found.id, 'accept', facts))) throw new Failure('stale')
    }),
  )

  serve(house, refuseRequest, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      const facts = { decidedBy: caller.id, decidedAt: now(), reason: input.reason }
      if (!(await moveRequest(tx, audit, found.id, 'refuse', facts))) throw new Failure('stale')
    }),
  )

  serve(house, executeRequest, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      if (found.state !== 'accepted') throw new Failure('stale')
      await carryOut({ tx, audit, at: now(), id: deps.id, caller }, found, input.unscored ?? false)
      const facts = { executedBy: caller.id, executedAt: now(), outcome: input.outcome }
      if (!(await moveRequest(tx, audit, found.id, 'execute', facts))) throw new Failure('stale')
    }),
  )

  serve(house, informRequest, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      const facts = { informedHow: input.how, informedAt: now() }
      if (!(await moveRequest(tx, audit, found.id, 'inform', facts))) throw new Failure('stale')
    }),
  )

  serve(house, liftRestriction, ({ input, caller }) =>
    step(caller, input.request, async (tx, audit, found) => {
      if (!found.customerId || !found.restrictedAt || found.kind !== 'restrict') throw new Failure('stale')
      await rows.setRestricted(tx, found.customerId, null)
      await rows.setLifted(tx, found.id, { liftedBy: caller.id, liftedAt: now(), liftedReason: input.reason })
      const reason = await keyedHash(tx, config.SECRET, found.customerId, input.reason)
      audit('request.lifted', found.number, { customer: found.customerId, reason })
    }),
  )

  serveRaw(house, takeRequestFile, ({ input, caller, c }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await theirs(tx, input.request)
      const { kind, customerId, executedAt, number, language } = found
      if (!isFile(kind as RequestKind) || !customerId || !executedAt) throw new Failure('stale')
      const body = await copyFile(tx, customerId, {
        ...{ number, at: now(), language: language === 'en' ? 'en' : 'zh-CN', kind: kind === 'move' ? 'given' : 'all' },
        house: {
          ...{ company: config.COMPANY_NAME, person: config.PRIVACY_CONTACT },
          ...{ mail: config.PRIVACY_MAIL, tel: config.HOTLINE },
        },
      })
      audit('request.file', number, { to: caller.id, bytes: body.length })
      c.header('cache-control', 'no-store')
      c.header('content-disposition', `attachment; filename*=UTF-8''${number}.zip`)
      return c.body(new Uint8Array(body), 200, { 'content-type': 'application/zip' })
    }),
  )

  function step(
    caller: Caller,
    id: string,
    work: (tx: Tx, audit: Audit, found: rows.FoundRow) => Promise<void>,
  ): Promise<typeof OK> {
    return act(db, now(), caller.id, async (tx, audit) => {
      await rows.holdRequest(tx, id)
      await work(tx, audit, await theirs(tx, id))
      return OK
    })
  }
}

async function theirs(tx: Tx, id: string): Promise<rows.FoundRow> {
  const found = await rows.requestById(tx, id)
  if (!found) throw new Failure('not_found')
  return found
}

const lineOf = (r: rows.ListedRow, calendar: Calendar, now: Date) => ({
  ...{ id: r.id, number: r.number, at: r.at.toISOString(), shortName: r.name, successor: r.successor },
  ...{ kind: r.kind as RequestKind, state: r.state as RequestState, level: r.ial as IdentityLevel },
  due: dayOf(r.dueAt),
  left: workingDaysBetween(now, r.dueAt, calendar),
})

const dayOf = (at: Date): string => new Date(at.getTime() + 8 * 3600_000).toISOString().slice(0, 10)

async function shown(tx: Tx, r: rows.FoundRow, caller: Caller, now: Date): Promise<Request> {
  const kind = r.kind as RequestKind
  const said = (at: Date | null, by: string | null) => at && { by, at: at.toISOString() }
  return seenBy(sight, {
    ...lineOf(r, await calendarOf(tx), now),
    ...{ customer: r.customerId, about: r.about, reason: r.reason, outcome: r.outcome },
    language: r.language === 'en' ? ('en' as const) : ('zh-CN' as const),
    enough: isEnough(r.ial as IdentityLevel, kind),
    identified: r.identifiedAt && { how: r.identifiedHow ?? '', by: r.identifier, at: r.identifiedAt.toISOString() },
    decided: said(r.decidedAt, r.decider),
    executed: said(r.executedAt, r.executor),
    informed: r.informedAt && { how: r.informedHow ?? '', at: r.informedAt.toISOString() },
    takenAt: r.takenAt?.toISOString() ?? null,
    restricted: r.restrictedAt !== null,
    lifted: r.liftedAt && { by: r.lifter, at: r.liftedAt.toISOString(), reason: r.liftedReason ?? '' },
    blockers: isErasure(kind) && r.customerId && !r.executedAt ? await blockersOf(tx, r.customerId) : [],
    mine: r.decidedBy === caller.id,
    ...{ text: r.text || null, contact: r.contact },
  })
}
