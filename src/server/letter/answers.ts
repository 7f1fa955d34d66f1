import type { Audit } from '../db/act'
import { addHistory } from '../db/history'
import { keyedHash } from '../db/person'
import { holdNotice, moveNotice } from '../db/notice'
import type { Tx } from '../db/open'
import type { Letter } from './letter'
import { addObjection, openObjection } from './rows'

interface Desk {
  tx: Tx
  audit: Audit
  at: Date
  id(): string
  /** The server's, under which the hash of the customer's own words is keyed. */
  secret: string
}

/** E4 and 我知道了: acts on the notice and on nothing else. Neither is a consent to anything (DESIGN 4.3). */
export async function answer(desk: Desk, letter: Letter, event: 'open' | 'acknowledge'): Promise<void> {
  const { moved } = await moveNotice(desk.tx, desk.audit, { handoverId: letter.handover, event, at: desk.at })
  if (moved) await remember(desk, letter, event === 'open' ? 'notice.opened' : 'notice.acknowledged')
}

/** One open wish for another colleague a handover, however often the button is pressed. The history has no word of it. */
export async function object(desk: Desk, letter: Letter, wish: { text: string; share: boolean }): Promise<void> {
  const { tx, audit, at } = desk
  await holdNotice(tx, letter.handover)
  if (await openObjection(tx, letter.handover)) return
  const id = desk.id()
  await addObjection(tx, { id, handoverId: letter.handover, at, ...wish })
  const text = await keyedHash(tx, desk.secret, letter.customer, wish.text)
  audit('objection.made', letter.handover, { objection: id, share: wish.share, text })
  await moveNotice(tx, audit, { handoverId: letter.handover, event: 'object', at })
  await remember(desk, letter, 'notice.objected')
}

const remember = (
  { tx, at, id }: Desk,
  { customer }: Letter,
  kind: 'notice.opened' | 'notice.acknowledged' | 'notice.objected',
): Promise<void> =>
  addHistory(tx, [{ id: id(), customerId: customer, at, authorId: null, source: 'customer', kind, body: {} }])
