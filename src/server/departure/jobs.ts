import * as z from 'zod/mini'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import { followAnnounced } from './announced'
import { handle } from './events'
import { fromGroups, fromMemberList, fromUnassignedList } from './leavers'
import { expireOld } from './record'
import { holdEvent, markHandled, tryLater, type EventRow } from './rows'

/** Finds who has left, by every way there is; one that fails does not keep the others from finding. */
export async function departuresJob(deps: Deps): Promise<void> {
  const failed: unknown[] = []
  for (const look of [fromMemberList, fromUnassignedList, fromGroups, followAnnounced, expireOld])
    await look(deps).catch((error: unknown) => failed.push(error))
  if (failed.length) throw failed[0]
}

const texts = z.record(z.string(), z.string())

/**
 * Works off what WeCom called about, one after the other. An event is held while it is handled, so that two workers share
 * the work and never do the same; the hold ends with the process. What fails stays for later, the others go on.
 */
export async function eventsJob(deps: Deps): Promise<void> {
  for (let after: EventRow | null = null; ;) {
    const event: EventRow | null = await deps.db.transaction().execute((tx) => handleNext(deps, tx, after))
    if (!event) return
    after = event
  }
}

async function handleNext(deps: Deps, tx: Tx, after: EventRow | null): Promise<EventRow | null> {
  const event = await holdEvent(tx, deps.now(), after)
  if (!event) return null
  try {
    const body = z.safeParse(texts, event.body)
    const outcome = await handle(deps, { ...event, body: body.success ? body.data : {} })
    await markHandled(tx, event.digest, deps.now(), outcome)
  } catch (err) {
    deps.log.warn({ err, event: event.event, change: event.change, digest: event.digest }, 'event stays open')
    await tryLater(tx, event, new Date(deps.now().getTime() + pauseAfter(event.tries)))
  }
  return event
}

/** At once the first time, because most faults are short; then ever less often, because some last for ever. */
const pauseAfter = (tries: number): number => (tries === 0 ? 0 : Math.min(MINUTE * 2 ** (tries - 1), 6 * 60 * MINUTE))
const MINUTE = 60_000
