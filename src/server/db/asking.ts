import type { AskablePurpose, ConsentState } from '../../shared/consent'
import type { Language } from '../../shared/lang/fill'
import type { Audit } from './act'
import { holdConsent, moveConsent, type Proof } from './consent'
import type { Db, Tx } from './open'

/** A question as it was written down, with the name of whom it is about. */
export interface AskedRecord {
  id: string
  customerId: string
  handoverId: string
  purpose: AskablePurpose
  language: Language
  subjectId: string
  subject: string
  guardian: boolean
  until: Date
}

export const recordById = async (db: Db, id: string): Promise<AskedRecord | undefined> =>
  (await db
    .selectFrom('consentRecord as record')
    .innerJoin('member as subject', 'subject.id', 'record.subjectId')
    .select(['record.id', 'record.customerId', 'record.handoverId', 'record.purpose', 'record.language'])
    .select(['record.subjectId', 'record.guardian', 'record.until', 'subject.name as subject'])
    .where('record.id', '=', id)
    .executeTakeFirst()) as AskedRecord | undefined

/** What another colleague's question ends. A no it does not touch. */
const open: readonly ConsentState[] = ['requested', 'unanswered', 'given']

interface Put {
  at: Date
  proof: Proof
  id(): string
}

/**
 * The question reached the customer: it was sent, read aloud, or is open before them. The first time it is asked; a reminder is
 * the same question again. What was asked meanwhile, or answered, is not asked over.
 */
export async function putQuestion(tx: Tx, audit: Audit, record: AskedRecord, { at, proof, id }: Put): Promise<void> {
  const { customerId, purpose } = record
  const before = await holdConsent(tx, customerId, purpose, at)
  const move = (event: 'need' | 'ask' | 'supersede', recordId = record.id) =>
    moveConsent(tx, audit, { customerId, purpose, event, recordId, at, proof, id })
  if (before.recordId && before.recordId >= record.id) return
  if (before.state === 'not_needed') await move('need')
  // A consent names its colleague: for another one it is another question, and the old one ends.
  else if (before.recordId && before.subjectId !== record.subjectId && open.includes(before.state))
    await move('supersede', before.recordId)
  await move('ask')
}

/** What WeCom's client said of a message that asks: sent is asked, and a second time it is the reminder. */
export async function questionSent(
  tx: Tx,
  audit: Audit,
  sent: { recordId: string; by: string; at: Date; id(): string },
): Promise<void> {
  const record = await recordById(tx, sent.recordId)
  if (!record) return
  const proof: Proof = { entity: 'staff', memberId: sent.by, channel: 'wecom_message' }
  const { customerId, purpose } = record
  const before = await holdConsent(tx, customerId, purpose, sent.at)
  if (before.recordId !== record.id) return putQuestion(tx, audit, record, { ...sent, proof })
  if (before.remindedAt) return
  await moveConsent(tx, audit, { ...sent, customerId, purpose, event: 'remind', recordId: record.id, proof })
}
