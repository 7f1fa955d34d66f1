import type { Deps } from '../deps'
import { draftUnasked } from './automatic'
import { sendCards, updateCards } from './cards'
import { remindDuty, replaceDuty } from './duty'
import { settleRounds } from './rounds'

/** What becomes of plans without anybody asking: drafted, asked for, run out; and what approvers see of it in WeCom. */
export async function approvalsJob(deps: Deps): Promise<void> {
  await draftUnasked(deps)
  await replaceDuty(deps)
  await remindDuty(deps)
  await settleRounds(deps)
  await sendCards(deps)
  await updateCards(deps)
}
