import { chinaDay } from '../../shared/day'
import { TELL_MS } from '../../shared/newcomer'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import { lateBy } from './rows'

/** Once a day, whoever has newcomers that have waited longer than one to be told. */
export async function newcomersJob({ db, now, id }: Deps): Promise<void> {
  const at = now()
  const late = await lateBy(db, new Date(at.getTime() - TELL_MS))
  const letters = late.map(({ memberId, customers }) => ({
    ...{ id: id(), memberId, kind: 'newcomers' as const, subject: chinaDay(at), params: { customers }, writtenAt: at },
  }))
  if (letters.length) await db.transaction().execute((tx) => writeLetters(tx, letters))
}
