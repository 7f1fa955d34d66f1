import * as z from 'zod/mini'
import type { Deps } from '../deps'
import { followAnnounced } from './announced'
import { handlerOf, isRipe } from './events'
import { fromGroups, fromMemberList, fromUnassignedList } from './leavers'
import { expireOld } from './record'
import { markHandled, openEvents } from './rows'

/** Finds who has left, by every way there is; one that fails does not keep the others from finding. */
export async function departuresJob(deps: Deps): Promise<void> {
  const failed: unknown[] = []
  for (const look of [fromMemberList, fromUnassignedList, fromGroups, followAnnounced, expireOld])
    await look(deps).catch((error: unknown) => failed.push(error))
  if (failed.length) throw failed[0]
}

const PAGE = 200
const texts = z.record(z.string(), z.string())

/** Works off what WeCom called about. An event whose handling fails stays for the next time; the others go on. */
export async function eventsJob(deps: Deps): Promise<void> {
  let after: { receivedAt: Date; digest: string } | null = null
  for (;;) {
    const events = await openEvents(deps.db, after, PAGE)
    for (const event of events) {
      after = event
      if (!isRipe(event, deps.now())) continue
      try {
        const body = z.safeParse(texts, event.body)
        await handlerOf(event.event, event.change)?.(deps, body.success ? body.data : {})
        await markHandled(deps.db, event.digest, deps.now())
      } catch (err) {
        deps.log.warn({ err, event: event.event, change: event.change, digest: event.digest }, 'event stays open')
      }
    }
    if (events.length < PAGE) return
  }
}
