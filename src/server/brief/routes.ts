import { fieldClasses, maySee, openerOf, shownTo, visibleClasses, type Stage } from '../../shared/access'
import { listInherited, moreHistory, openBrief, type Brief } from '../../shared/customer'
import { Failure } from '../../shared/failure'
import { getSight } from '../../shared/sight'
import { act } from '../db/act'
import { readHistory } from '../db/history'
import { countOpening, pageLimit } from '../db/limits'
import { look } from '../db/look'
import { moveNotice } from '../db/notice'
import type { Tx } from '../db/open'
import { inheritedCustomer, stageOfRow, standingOf, unrestricted } from '../db/standing'
import { pageOf, placeOf, readInstant, readPlace } from '../lib/listing'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import { customerIdOf } from '../wecom/contacts'
import { briefOf, inheritedList, inheritedTotals, ownCustomer, promisesOf } from './rows'

const FIRST_HISTORY = 20

/** What a successor sees of a customer. What is read here is cut by the access table on its way out (lib/cut.ts). */
export function brief(house: House): void {
  const { deps } = house

  serve(house, openBrief, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const customer = 'customer' in input ? input.customer : await customerIdOf(tx, input.contact)
      if (!customer) throw new Failure('not_found')
      await countOpening(tx, deps.config, caller.id, customer, deps.now())
      const row = unrestricted(await briefOf(tx, caller.id, customer))
      if (!row) {
        const own = unrestricted(await ownCustomer(tx, caller.id, customer))
        if (!own) throw new Failure('not_found')
        const sight = { who: 'serving', stage: 'V2' } as const
        look(audit, 'look.brief', customer, { sight, door: openBrief })
        return seenBy(sight, { kind: 'own' as const, customer, contact: contactOf(own) })
      }
      // Opening the sidebar is the prompt to tell the customer: E1, an internal reminder and no more (compliance 3.6).
      if (row.transfer === 'taken_over' && row.notice === 'due')
        row.notice = (await moveNotice(tx, audit, { handoverId: row.handover, event: 'prompt', at: deps.now() })).state
      const stage = stageOfRow(row)
      const classes = visibleClasses('successor', stage)
      const sight = { who: 'successor', stage } as const
      look(audit, 'look.brief', customer, { sight, door: openBrief, handover: row.handover })
      const sections = await sectionsOf(tx, caller.id, customer, row, classes.includes('F2'))
      const brief = { ...headOf(row, deps.now()), stage, classes, ...sections }
      return { kind: 'inherited' as const, customer, brief: seenBy(sight, brief) }
    }),
  )

  serve(house, moreHistory, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const row = await inheritedCustomer(tx, caller.id, input.customer)
      const stage = row && stageOfRow(row)
      if (stage === 'V1') throw new Failure('not_notified')
      if (!row || !stage || !maySee('successor', stage, 'F2')) throw new Failure('not_found')
      const sight = { who: 'successor', stage } as const
      const [at, id] = readPlace(input.after, 2) ?? []
      const after = at && id ? placeOf(readInstant(at), id) : undefined
      const { handover } = row
      look(
        audit,
        'look.history',
        input.customer,
        { sight, door: moreHistory, handover, only: ['F2'] },
        { first: !after },
      )
      return seenBy(sight, await readHistory(tx, input.customer, caller.id, after, input.limit))
    }),
  )

  serve(house, getSight, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const row = unrestricted(await briefOf(tx, caller.id, input.customer))
      if (!row) throw new Failure('not_found')
      const stage = stageOfRow(row)
      const sight = { who: 'successor', stage } as const
      look(audit, 'look.why', input.customer, { sight, door: getSight, handover: row.handover, only: ['F0'] })
      return seenBy(sight, {
        right: 'assigned' as const,
        stage,
        since: sinceOf(row, stage)?.toISOString() ?? null,
        classes: fieldClasses.map((of) => ({ of, shown: shownTo('successor', stage, of), opens: openerOf(stage, of) })),
      })
    }),
  )

  serve(house, listInherited, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const [rank, id] = readPlace(input.after, 2) ?? []
      if (rank !== undefined && !/^[0-3]$/.test(rank)) throw new Failure('invalid', { fields: 'after' })
      const limit = await pageLimit(tx, deps.config, caller.id, input.limit)
      const rows = await inheritedList(tx, caller.id, rank && id ? { rank: +rank, id } : null, limit)
      const totals = await inheritedTotals(tx, caller.id)
      audit('look.list', 'inherited', { count: Math.min(rows.length, limit) })
      const page = pageOf(
        rows,
        limit,
        (r) => placeOf(String(r.rank), r.handover),
        (r) =>
          seenBy(
            { who: 'successor', stage: stageOfRow(r) },
            {
              ...standingOf(r, deps.now()),
              customer: r.customer,
              shortName: r.name,
              company: r.company,
              from: r.from,
              promisesDue: r.promisesDue,
            },
          ),
      )
      return { ...page, ...totals }
    }),
  )
}

type Row = NonNullable<Awaited<ReturnType<typeof briefOf>>>

const contactOf = (row: Pick<Row, 'name' | 'kind' | 'company' | 'title' | 'since'>) => ({
  name: row.name,
  kind: row.kind as 'wechat' | 'wecom' | 'unknown',
  company: row.company,
  title: row.title,
  since: row.since?.toISOString() ?? null,
})

/** Since when the stage has lasted: the approval, the notice, the customer's no. */
const sinceOf = (row: Row, stage: Stage): Date | null =>
  stage === 'V1' ? row.decidedAt : stage === 'VO' ? (row.answeredAt ?? row.settledAt) : row.sentAt

/** A day that was announced and withdrawn, or has passed without anybody leaving, is nothing to tell. */
const dayOfLeaving = ({ gone, leftAt, endedAt }: Row, now: Date): string | null =>
  gone || (endedAt === null && leftAt >= now) ? leftAt.toISOString() : null

/** F0: what stands there at every stage. */
const headOf = (row: Row, now: Date): Pick<Brief, 'standing' | 'waiting'> => ({
  standing: {
    ...standingOf(row, now),
    shortName: row.name,
    from: { name: row.from, gone: row.gone, leftAt: dayOfLeaving(row, now) },
    assigned:
      row.planner && row.approver && row.decidedAt
        ? { planner: row.planner, approver: row.approver, at: row.decidedAt.toISOString() }
        : null,
    wish: row.wish && { at: new Date(row.wish.at).toISOString(), text: row.wish.text },
  },
  waiting: { history: row.historyCount, promises: row.openPromises },
})

/** `deep`: whether promises and history may be read at all; the cut decides again what leaves. */
async function sectionsOf(tx: Tx, reader: string, customer: string, row: Row, deep: boolean) {
  const promises = deep ? await promisesOf(tx, customer) : []
  return {
    contact: contactOf(row),
    promises: promises.map((p) => ({
      ...p,
      madeAt: p.madeAt.toISOString(),
      source: p.source as 'description' | 'member',
      keptAt: p.keptAt?.toISOString() ?? null,
    })),
    left: {
      remark: row.remark ?? '',
      description: row.description ?? '',
      company: row.remarkCompany,
      tags: row.tags,
      mobiles: row.mobiles ?? [],
    },
    history: deep ? await readHistory(tx, customer, reader, undefined, FIRST_HISTORY) : { items: [], next: null },
  }
}
