import type { Tx } from '../db/open'

/** Nothing comes back when somebody else has taken it. */
export const takeLetter = (tx: Tx, id: string, at: Date) =>
  tx
    .updateTable('letterToMember')
    .set({ sentAt: at })
    .where('id', '=', id)
    .where('sentAt', 'is', null)
    .where('errcode', 'is', null)
    .returning('params')
    .executeTakeFirst()

export const setOutcome = (tx: Tx, id: string, outcome: { errcode: number | null; sentAt: Date | null }) =>
  tx.updateTable('letterToMember').set(outcome).where('id', '=', id).execute()
