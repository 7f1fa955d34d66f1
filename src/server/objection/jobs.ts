import { act } from '../db/act'
import { decidersOf } from '../db/managers'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import * as rows from './rows'

/** Once the last day has begun. */
const DUE_SOON_MS = 24 * 3600_000

/** Those who manage hear of a wish when it comes, on its last day, and when it is late: each once, without a name. */
export async function wishesJob({ db, now, id, config, wake }: Deps): Promise<void> {
  const at = now()
  const told = await act(db, at, 'system', async (tx, audit) => {
    const open = await rows.toTell(tx, at, new Date(at.getTime() + DUE_SOON_MS))
    for (const { id: objection, step, departments, successor, leaver } of open) {
      const managers = (await decidersOf(tx, departments, config.MANAGERS, at)).filter(
        (m) => m.id !== successor && m.id !== leaver,
      )
      const letter = {
        kind: 'wish' as const,
        subject: `${objection} ${step}`,
        params: { objection, step },
        writtenAt: at,
      }
      await writeLetters(
        tx,
        managers.map((m) => ({ ...letter, id: id(), memberId: m.id })),
      )
      await rows.setStep(tx, objection, step)
      audit('objection.reminded', objection, { step, managers: managers.length })
    }
    return open.length > 0
  })
  if (told) wake('letters')
}
