import { chinaDay } from '../../shared/day'
import { SILENCE_MS, UNSENT_MS, type NoticeEvent, type UnreachableReason } from '../../shared/notice'
import type { Deps } from '../deps'
import { act } from '../db/act'
import { moveNotice } from '../db/notice'
import { writeLetters } from '../db/told'
import { textInUse } from '../db/text'
import { sendMass } from './mass-send'
import { lastMaterial, silentSince, toldBefore, unsentSince, untoldBy } from './rows'
import { endWaivers } from './waiver'

const BATCH = 200
const DAY_MS = 86_400_000

/**
 * What time and new texts bring. A week without an answer is "no response": told, and served as before; silence is never an
 * agreement (DESIGN 4.3). Three days untold is "not reached": another channel. What changed materially since somebody was
 * told is to be told again, and only that (PIPL 17).
 */
export async function noticesJob(deps: Deps): Promise<void> {
  const { db, now } = deps
  await endWaivers(deps)
  const ago = (ms: number) => new Date(now().getTime() - ms)
  await moveAll(deps, () => silentSince(db, ago(SILENCE_MS), BATCH), 'silence')
  await moveAll(deps, () => unsentSince(db, ago(UNSENT_MS), BATCH), 'fail', 'not_sent')
  await remind(deps, ago(DAY_MS))
  // A release may have brought a new one that nobody has read yet.
  await act(db, now(), 'system', (tx, audit) => textInUse(tx, audit, now(), 'page'))
  const material = await lastMaterial(db)
  if (material) await moveAll(deps, () => toldBefore(db, material, BATCH), 'change')
}

/** Mass messages wait for WeCom and for members; both are asked often (facts 8.1). */
export const massJob = (deps: Deps): Promise<void> => sendMass(deps)

/** The successor, once a day, while customers wait longer than one. */
async function remind({ db, now, id }: Deps, before: Date): Promise<void> {
  const waiting = await untoldBy(db, before)
  const at = now()
  const letters = waiting.map(({ memberId, customers }) => ({
    ...{ id: id(), memberId, kind: 'untold' as const, subject: chinaDay(at), params: { customers }, writtenAt: at },
  }))
  if (letters.length) await db.transaction().execute((tx) => writeLetters(tx, letters))
}

async function moveAll(
  { db, now }: Deps,
  find: () => Promise<{ handoverId: string }[]>,
  event: NoticeEvent,
  why?: UnreachableReason,
): Promise<void> {
  for (;;) {
    const found = await find()
    let moved = 0
    if (found.length)
      await act(db, now(), 'system', async (tx, audit) => {
        for (const { handoverId } of found) {
          const move = { handoverId, event, at: now(), ...(why ? { why } : {}) }
          if ((await moveNotice(tx, audit, move)).moved) moved++
        }
      })
    // Whoever moved meanwhile by another event is not found again; nothing moved means nothing would.
    if (found.length < BATCH || !moved) return
  }
}
