import { fieldClasses, maySee, openerOf, shownTo, visibleClasses, type FieldClass } from '../../shared/access'
import { findChat, listCommonGroups, listInherited, moreHistory, openBrief } from '../../shared/customer'
import { Failure } from '../../shared/failure'
import { getSight } from '../../shared/sight'
import { act, show, type Audit } from '../db/act'
import { openEmergencyOf } from '../db/emergency'
import { countOpening, pageLimit } from '../db/limits'
import { look } from '../db/look'
import { firstContactOf } from '../db/newcomer'
import { moveNotice } from '../db/notice'
import type { Db, Tx } from '../db/open'
import { inheritedCustomer, ownSight, sightOfRow, standingOf, unrestricted } from '../db/standing'
import { instant, pageOf, placeOf, readPlace, upTo, word } from '../lib/listing'
import { seenBy } from '../lib/cut'
import { serve, type Caller, type House } from '../lib/serve'
import { customerIdOf, externalUseridsOf } from '../wecom/contacts'
import { commonGroups } from './groups'
import {
  briefAt,
  briefOf,
  chosenFor,
  depthOf,
  farewellOf,
  inheritedList,
  inheritedTotals,
  ownCustomer,
  rawRecordsOf,
} from './rows'
import { findHistory } from './search'
import { briefShown, contactOf, sinceOf, type Deep } from './shown'

/** What a successor sees of a customer. What is read here is cut by the access table on its way out (lib/cut.ts). */
export function brief(house: House): void {
  const { deps } = house

  serve(house, openBrief, async ({ input, caller }) => {
    const customer = 'customer' in input ? input.customer : await customerIdOf(deps.db, input.contact)
    if (!customer) throw new Failure('not_found')
    // Whoever is leaving may open so many a day: counted, and looked at, under one lock.
    if (caller.leaving)
      return act(deps.db, deps.now(), caller.id, async (tx, audit) => {
        await countOpening(tx, deps.config, caller, customer, deps.now())
        return opened(tx, audit, caller, customer, (work) => work(tx, audit))
      })
    return show(deps.db, deps.now(), caller.id, (db, audit) =>
      opened(db, audit, caller, customer, (work) => act(deps.db, deps.now(), caller.id, work)),
    )
  })

  /** `change`: what runs the one thing that opening may change. */
  async function opened(
    db: Db,
    audit: Audit,
    caller: Caller,
    customer: string,
    change: <T>(work: (tx: Tx, audit: Audit) => Promise<T>) => Promise<T>,
  ) {
    const row = unrestricted(await briefOf(db, caller.id, customer))
    if (!row) {
      const own = unrestricted(await ownCustomer(db, caller.id, customer))
      if (!own) return coveredBrief(db, audit, caller, customer)
      const sight = ownSight(caller)
      look(audit, 'look.brief', customer, { sight, door: openBrief, only: ['F0', 'F1'] })
      const farewell = (caller.leaving && (await farewellOf(db, caller.id, customer))) || null
      const first = await firstContactOf(db, caller.id, customer)
      return seenBy(sight, {
        ...{ kind: 'own' as const, customer, farewell, contact: contactOf(own) },
        first: first && { sentAt: first.sentAt?.toISOString() ?? null, by: first.by },
      })
    }
    // Opening the sidebar is the prompt to tell the customer: E1, an internal reminder and no more (compliance 3.6).
    const prompt = { handoverId: row.handover, event: 'prompt', at: deps.now() } as const
    if (row.transfer === 'taken_over' && row.notice === 'due')
      row.notice = (await change((tx, entered) => moveNotice(tx, entered, prompt))).state
    const sight = sightOfRow(row, deps.now())
    const { stage } = sight
    const classes = visibleClasses('successor', stage, sight.consents)
    look(audit, 'look.brief', customer, { sight, door: openBrief, handover: row.handover })
    const brief = briefShown(row, await deepOf(db, caller.id, customer, classes), classes, deps.now())
    return { kind: 'inherited' as const, customer, brief: seenBy(sight, brief) }
  }

  /** An emergency that is open for this customer, if there is one: read, and nothing else. */
  async function coveredBrief(db: Db, audit: Audit, caller: Caller, customer: string) {
    const open = await openEmergencyOf(db, caller.id, deps.now())
    const row = open && (await briefAt(db, open.handoverId, customer))
    if (!row) throw new Failure('not_found')
    const { stage } = sightOfRow(row, deps.now())
    const classes = visibleClasses('covering', stage)
    const sight = { who: 'covering', stage } as const
    look(audit, 'look.brief', customer, { sight, door: openBrief, handover: row.handover }, { emergency: open.id })
    const shown = briefShown(row, await deepOf(db, caller.id, customer, classes), classes, deps.now())
    const brief = { ...shown, history: shown.history && { ...shown.history, next: null } }
    const emergency = { id: open.id, until: open.until.toISOString() }
    return { kind: 'covering' as const, customer, emergency, brief: seenBy(sight, brief) }
  }

  serve(house, moreHistory, ({ input, caller, c }) =>
    show(deps.db, deps.now(), caller.id, async (db, audit) => {
      const row = await inheritedCustomer(db, caller.id, input.customer)
      const sight = row && sightOfRow(row, deps.now())
      if (sight?.stage === 'V1') throw new Failure('not_notified')
      if (!row || !sight || !maySee('successor', sight.stage, 'F2')) throw new Failure('not_found')
      const place = readPlace(input.after, instant, word)
      const after = place ? placeOf(...place) : undefined
      const { handover } = row
      look(
        audit,
        'look.history',
        input.customer,
        { sight, door: moreHistory, handover, only: ['F2'] },
        { first: !after, searched: input.words !== undefined },
      )
      const { customer, limit, about, words } = input
      const language = c.get('language')
      const asked = { customer, reader: caller.id, sight, after, limit, language, about, words }
      return seenBy(sight, await findHistory(db, asked))
    }),
  )

  serve(house, findChat, ({ input, caller }) =>
    show(deps.db, deps.now(), caller.id, async (db, audit) => {
      const { customer } = input
      const row = await inheritedCustomer(db, caller.id, customer)
      const contact = (await externalUseridsOf(db, [customer])).get(customer)
      const own = row ? undefined : unrestricted(await ownCustomer(db, caller.id, customer))
      // Before that WeCom would not open it, and after they are somebody else's neither.
      if (!contact || !(own || row?.transfer === 'taken_over')) throw new Failure('not_found')
      const sight = row ? sightOfRow(row, deps.now()) : ownSight(caller)
      const of = row ? { handover: row.handover } : {}
      look(audit, 'look.brief', customer, { sight, door: findChat, only: ['F0'], ...of })
      return seenBy(sight, { contact })
    }),
  )

  serve(house, listCommonGroups, ({ input, caller }) =>
    show(deps.db, deps.now(), caller.id, async (db, audit) => {
      const row = await inheritedCustomer(db, caller.id, input.customer)
      const sight = row && sightOfRow(row, deps.now())
      if (sight?.stage === 'V1') throw new Failure('not_notified')
      if (!row || !sight || !maySee('successor', sight.stage, 'F2')) throw new Failure('not_found')
      const said = { sight, door: listCommonGroups, handover: row.handover, only: ['F2'] as const }
      look(audit, 'look.groups', input.customer, said)
      const items = await commonGroups(db, input.customer, caller, row.handover)
      return { items: items.map((group) => seenBy(sight, group)) }
    }),
  )

  serve(house, getSight, ({ input, caller }) =>
    show(deps.db, deps.now(), caller.id, async (db, audit) => {
      const row = unrestricted(await briefOf(db, caller.id, input.customer))
      if (!row) throw new Failure('not_found')
      const sight = sightOfRow(row, deps.now())
      const { stage } = sight
      look(audit, 'look.why', input.customer, { sight, door: getSight, handover: row.handover, only: ['F0'] })
      return seenBy(sight, {
        right: 'assigned' as const,
        stage,
        since: sinceOf(row, stage)?.toISOString() ?? null,
        chosen: await chosenFor(db, row.handover, caller.id),
        classes: fieldClasses.map((of) => ({
          of,
          shown: shownTo('successor', stage, of, sight.consents),
          opens: openerOf(stage, of),
        })),
      })
    }),
  )

  serve(house, listInherited, ({ input, caller }) =>
    show(deps.db, deps.now(), caller.id, async (db, audit) => {
      const after = readPlace(input.after, upTo(4), word)
      const limit = await pageLimit(db, deps.config, caller, input.limit)
      const rows = await inheritedList(db, caller.id, after && { rank: after[0], id: after[1] }, limit)
      const totals = await inheritedTotals(db, caller.id)
      audit('look.list', 'inherited', { count: Math.min(rows.length, limit) })
      const page = pageOf(
        rows,
        limit,
        (r) => placeOf(String(r.rank), r.handover),
        (r) =>
          seenBy(sightOfRow(r, deps.now()), {
            ...standingOf(r, deps.now()),
            customer: r.customer,
            shortName: r.name,
            company: r.company,
            from: r.from,
            promisesDue: r.promisesDue,
          }),
      )
      return { ...page, ...totals }
    }),
  )
}

/** `classes`: what may be read at all; the cut decides again what leaves. */
async function deepOf(db: Db, reader: string, customer: string, classes: readonly FieldClass[]): Promise<Deep> {
  const depth = classes.includes('F2') ? await depthOf(db, reader, customer) : { promises: [], history: [] }
  return { ...depth, raw: classes.includes('F4') ? await rawRecordsOf(db, customer) : [] }
}
