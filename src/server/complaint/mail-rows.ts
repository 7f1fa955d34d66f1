import { sql } from 'kysely'
import type { Db, Tx } from '../db/open'

const BOX = 'complaints'

export const readPlace = (db: Db) => db.selectFrom('mailBox').selectAll().where('name', '=', BOX).executeTakeFirst()

export const setPlace = (tx: Tx, place: { uidValidity: string; lastUid: number; readAt: Date }) => {
  const row = { ...place, trouble: null, troubleSince: null }
  return tx
    .insertInto('mailBox')
    .values({ name: BOX, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
}

/** Since when the mail box cannot be read, and why, in a word. */
export const setTrouble = (db: Db, why: string, at: Date) =>
  db
    .insertInto('mailBox')
    .values({ name: BOX, uidValidity: '', lastUid: 0, trouble: why, troubleSince: at })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        trouble: why,
        troubleSince: sql<Date>`coalesce(mail_box.trouble_since, ${at})`,
      }),
    )
    .execute()

interface IncomingRow {
  id: string
  number: string | null
  kind: 'complaint' | 'material' | 'bounce' | 'ignored'
  messageId: string
  peer: string
  subject: string
  files: { name: string; bytes: number }[]
  detail: string | null
  at: Date
}
export const addIncoming = (tx: Tx, { files, ...mail }: IncomingRow) =>
  tx
    .insertInto('complaintMail')
    .values({
      ...mail,
      files: JSON.stringify(files),
      direction: 'in',
      state: 'taken',
      nextAt: mail.at,
      settledAt: mail.at,
    })
    .execute()

export const knownIncoming = (db: Db, messageId: string) =>
  db
    .selectFrom('complaintMail')
    .select('id')
    .where('direction', '=', 'in')
    .where('messageId', '=', messageId)
    .executeTakeFirst()

/** How many mails of one sender became something since then. */
export const countFrom = async (db: Db, peer: string, since: Date): Promise<number> =>
  Number(
    (
      await db
        .selectFrom('complaintMail')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('direction', '=', 'in')
        .where('peer', '=', peer)
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
    ).n,
  )

export interface OutgoingRow {
  id: string
  number: string
  kind: 'm6' | 'ask' | 'm7'
  messageId: string
  peer: string
  subject: string
  text: string
  at: Date
}
export const addOutgoing = (tx: Tx, mail: OutgoingRow) =>
  tx
    .insertInto('complaintMail')
    .values({ ...mail, direction: 'out', state: 'queued', nextAt: mail.at })
    .execute()

export const outgoingBy = (db: Db, messageIds: readonly string[]) =>
  db
    .selectFrom('complaintMail')
    .selectAll()
    .where('direction', '=', 'out')
    .where('messageId', 'in', messageIds.length ? [...messageIds] : [''])
    .limit(1)
    .executeTakeFirst()

export const dueOutgoing = (db: Db, now: Date) =>
  db
    .selectFrom('complaintMail')
    .select('id')
    .where('direction', '=', 'out')
    .where('state', '=', 'queued')
    .where('nextAt', '<=', now)
    .orderBy('at')
    .limit(50)
    .execute()

/** Whoever marks it as being sent sends it; nothing comes back when somebody else has. */
export const takeOutgoing = (tx: Tx, id: string, at: Date) =>
  tx
    .updateTable('complaintMail')
    .set({ state: 'sending', nextAt: at, tries: sql<number>`tries + 1` })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst()

export const settleOutgoing = (
  tx: Tx,
  id: string,
  to: { state: 'queued' | 'sent' | 'failed' | 'unknown' | 'bounced'; detail: string | null; nextAt: Date },
) =>
  tx
    .updateTable('complaintMail')
    .set({ ...to, settledAt: to.state === 'queued' ? null : to.nextAt })
    .where('id', '=', id)
    .execute()

/** Of whoever died between sending and writing that it was sent: nobody knows, and nobody sends it again by itself. */
export const lostOutgoing = (db: Db, before: Date) =>
  db
    .selectFrom('complaintMail')
    .select(['id', 'number'])
    .where('state', '=', 'sending')
    .where('nextAt', '<', before)
    .execute()

export const lastIncoming = (db: Db, number: string) =>
  db
    .selectFrom('complaintMail')
    .select('messageId')
    .where('number', '=', number)
    .where('direction', '=', 'in')
    .where('kind', 'in', ['complaint', 'material'])
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()

export const forgetIgnored = (db: Db, before: Date) =>
  db.deleteFrom('complaintMail').where('number', 'is', null).where('at', '<', before).execute()
