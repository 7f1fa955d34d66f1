import { maySee } from '../../shared/access'
import { inheritedBy, stageOfRow } from '../db/standing'
import type { Deps } from '../deps'
import { markTag, writeRemark } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import { externalUseridsOf } from '../wecom/contacts'
import { BAD_TAG } from '../wecom/errcodes'
import { readContact, recordRelations } from '../wecom/relations'
import type { Seen } from '../wecom/seen'
import { planRestore } from './merge'
import { leftOf, seenNow } from './offer'
import * as rows from './rows'
import { fail, intend, postpone, refusedTags, settle, writing } from './settle'

/** "Nobody in range follows this customer": said by WeCom, or seen by its answer. */
const NO_RELATION = 84061

/**
 * One customer: reads how the relation stands now, decides each field anew, writes what is still missing, looks again.
 * What a dead process or a lost answer left as `sent` needs no other way: what is there is done, what is not there is
 * decided like everything else. Must have the successor's turn. False: WeCom cannot be asked at present.
 */
export async function restoreHandover(deps: Deps, refused: Set<string>, handoverId: string): Promise<boolean> {
  const open = (await rows.restoresOf(deps.db, handoverId)).filter((r) => r.state === 'asked' || r.state === 'sent')
  const ground = await rows.groundOf(deps.db, handoverId)
  const parts = open.map((r) => r.part)
  try {
    const may = await mayStill(deps, ground)
    if (may === 'never') return await fail(deps, ground, parts, null)
    if (may === 'later') return !(await postpone(deps, open, null))
    const external = (await externalUseridsOf(deps.db, [ground.customerId])).get(ground.customerId)
    const seen = external ? await readContact(deps, external) : []
    const now = ownOf(seen, ground)
    if (!external || !now) return await fail(deps, ground, parts, NO_RELATION)
    for (const row of open) if (!(await restorePart(deps, refused, { ground, row, external, now }))) return false
    await look(deps, external)
    return true
  } catch (error) {
    // Nothing was sent, or it stands as `sent`: either way the next look begins with a reading.
    if (error instanceof AnswerLost || error instanceof WeComError)
      await postpone(deps, open, error instanceof WeComError ? error.errcode : null)
    else {
      deps.log.error({ err: error, handover: handoverId }, 'restore')
      await postpone(deps, open, null)
    }
    return false
  }
}

const ownOf = (seen: readonly Seen[], ground: rows.Ground) => seen.find((s) => s.userid === ground.userid)

/** An objection closes the customer's record while it is open; a handover that went on to somebody else, for good. */
async function mayStill({ db, now }: Deps, ground: rows.Ground): Promise<'yes' | 'later' | 'never'> {
  const row = await inheritedBy(db, ground.successorId).where('handover.id', '=', ground.handover).executeTakeFirst()
  if (!row) return 'never'
  if (row.restrictedAt) return 'later'
  const stage = stageOfRow(row, now())
  return maySee('successor', stage, 'F2') ? 'yes' : stage === 'VO' ? 'later' : 'never'
}

interface Place {
  ground: rows.Ground
  row: rows.RestoreRow
  external: string
  now: Seen
}

/** True: this part is decided. A tag that cannot be set is left out, and the others go on without it. */
async function restorePart(deps: Deps, refused: Set<string>, { ground, row, external, now }: Place): Promise<boolean> {
  for (let tried = 0; ; tried++) {
    const plans = planRestore(leftOf(ground, refused), seenNow(now), row.fields)
    const write = writing(plans)
    if (!write) return settle(deps, ground, row, plans, now)
    await intend(deps, row, write)
    try {
      await deps.wecom.ask(row.part === 'tags' ? markTag : writeRemark, {
        userid: ground.userid,
        external_userid: external,
        ...write.params,
      })
      return await settle(deps, ground, row, plans, now)
    } catch (error) {
      if (error instanceof AnswerLost) return postpone(deps, [row], null, error.notSent ? 'asked' : 'sent')
      if (!(error instanceof WeComError)) throw error
      if (waits.includes(error.kind)) return postpone(deps, [row], error.errcode, 'asked')
      const gone = error.errcode === BAD_TAG && tried === 0 ? await refusedTags(deps, write) : []
      if (!gone.length) return fail(deps, ground, [row.part], error.errcode)
      gone.forEach((id) => refused.add(id))
    }
  }
}

/** What passes by itself or waits for an administrator; every other code is final. */
const waits: readonly string[] = ['retry', 'refresh', 'config', 'permission']

/** A call of ours raises no event (facts gotcha 18), so our copy is brought up to date now; the nightly mirror would, too. */
async function look(deps: Deps, external: string): Promise<void> {
  try {
    await recordRelations(deps, await readContact(deps, external))
  } catch (error) {
    if (!(error instanceof AnswerLost || error instanceof WeComError)) throw error
    deps.log.warn({ path: error.path }, 'restored, not read again')
  }
}
