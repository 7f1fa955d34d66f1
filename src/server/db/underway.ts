import { sql } from 'kysely'
import { DOUBT_MS, UNANSWERED_MS } from '../../shared/transfer'
import type { Db } from './open'

/** How the customers of one departure stand between us and WeCom. */
export interface UnderWay {
  /** Approved, and to be sent with the next run. */
  toSend: number
  /** Held back: WeCom's code, and when it is tried again. */
  blocked: { errcode: number; nextTryAt: Date; customers: number }[]
  /** Sent, the answer is missing: for less, and for more, than ten minutes. */
  settling: number
  checking: number
  /** Taken by WeCom: within, and beyond, 26 hours. */
  waiting: number
  unconfirmed: number
  /** When WeCom takes the first of the waiting over by itself. */
  firstTakeover: Date | null
}

interface Group {
  departureId: string
  kind: 'to_send' | 'blocked' | 'settling' | 'checking' | 'waiting' | 'unconfirmed'
  errcode: number | null
  nextTryAt: Date | null
  customers: number
  firstTakeover: Date | null
}

/** By departure; one of whom nothing is under way is absent. */
export async function underWayOf(db: Db, departureIds: readonly string[], now: Date): Promise<Map<string, UnderWay>> {
  const ago = (ms: number) => new Date(now.getTime() - ms)
  const { rows } = await sql<Group>`
    select departure_id, kind, errcode, min(next_try_at) as next_try_at, count(*) as customers,
           min(takeover_at) as first_takeover
      from (select h.departure_id, t.takeover_at, b.next_try_at,
                   case when t.state <> 'approved' then
                          case when t.submitted_at < ${ago(DOUBT_MS)} then 'unconfirmed' else 'waiting' end
                        when b.state = 'sent' then
                          case when b.sent_at < ${ago(UNANSWERED_MS)} then 'checking' else 'settling' end
                        when b.next_try_at is not null and b.errcode is not null then 'blocked'
                        else 'to_send' end as kind,
                   case when b.state = 'written' and b.next_try_at is not null then b.errcode end as errcode
              from transfer t
              join handover h on h.id = t.handover_id
              left join transfer_batch b on b.id = t.batch_id
             where t.state in ('approved', 'submitted', 'waiting')
               and h.departure_id = any(${sql.val([...departureIds])}::text[])) open
     group by departure_id, kind, errcode
     order by departure_id, customers desc, errcode`.execute(db)
  const found = new Map<string, UnderWay>()
  for (const group of rows) found.set(group.departureId, added(found.get(group.departureId), group))
  return found
}

const nothing: UnderWay = {
  toSend: 0,
  blocked: [],
  settling: 0,
  checking: 0,
  waiting: 0,
  unconfirmed: 0,
  firstTakeover: null,
}

function added(so: UnderWay = nothing, { kind, errcode, nextTryAt, customers, firstTakeover }: Group): UnderWay {
  if (kind === 'blocked')
    return errcode !== null && nextTryAt ? { ...so, blocked: [...so.blocked, { errcode, nextTryAt, customers }] } : so
  if (kind === 'to_send') return { ...so, toSend: so.toSend + customers }
  return { ...so, [kind]: so[kind] + customers, ...(kind === 'waiting' ? { firstTakeover } : {}) }
}
