import { sql } from 'kysely'
import { act } from '../db/act'
import type { Db, Tx } from '../db/open'
import { revokeSessions } from '../db/revoke'
import type { Deps } from '../deps'
import { leavingEvents } from '../wecom/events'

/**
 * Who may have gone, by WeCom's events that nobody has handled yet: all they hold ends now, whatever else waits to be handled
 * and whether or not WeCom answers. An event may be wrong; then the member is still here and signs in again.
 */
export async function revocationsJob(deps: Deps): Promise<void> {
  for (const { digest, memberId } of await newsOfLeaving(deps.db))
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      if (!(await markRevoked(tx, digest, deps.now()))) return
      if (memberId) await revokeSessions(tx, audit, [memberId])
    })
}

/** Deleted, disabled (2), quit (5), or no longer in the app's range. `memberId` is null for whoever has nothing anyway. */
const newsOfLeaving = async (db: Db): Promise<{ digest: string; memberId: string | null }[]> =>
  (
    await sql<{ digest: string; memberId: string | null }>`
      select e.digest, m.id as member_id
        from wecom_event e
        left join member m on m.status <> 'left'
          and m.userid = lower(case e.event when 'unsubscribe' then e.body ->> 'FromUserName' else e.body ->> 'UserID' end)
       where e.handled_at is null and e.event = any(${leavingEvents})
         and (e.event = 'unsubscribe' or e.change = 'delete_user'
              or (e.change = 'update_user' and e.body ->> 'Status' in ('2', '5')))
         and not exists (select 1 from leaving_event l where l.digest = e.digest)
       order by e.received_at
       limit 1000`.execute(db)
  ).rows

const markRevoked = async (tx: Tx, digest: string, revokedAt: Date): Promise<boolean> =>
  (
    await tx
      .insertInto('leavingEvent')
      .values({ digest, revokedAt })
      .onConflict((conflict) => conflict.doNothing())
      .returning('digest')
      .execute()
  ).length > 0
