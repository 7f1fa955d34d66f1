import type { Audit } from '../db/act'
import { addHistory } from '../db/history'
import { keyedHash } from '../db/person'
import { holdNotice, moveNotice } from '../db/notice'
import type { Tx } from '../db/open'
import type { ObjectionKind } from '../../shared/objection'
import { addObjections } from '../db/objection'
import type { Letter } from './letter'
import { openObjection, setHeard } from './rows'
import type { Sheet } from './sheet'

interface Desk {
  tx: Tx
  audit: Audit
  at: Date
  id(): string
  /** The server's, under which the hash of the customer's own words is keyed. */
  secret: string
  /** The page that was answered. */
  sheet: Pick<Sheet, 'text'>
}

/** E4 and 我知道了: acts on the notice and on nothing else. Neither is a consent to anything (DESIGN 4.3). */
export async function answer(desk: Desk, letter: Letter, event: 'open' | 'acknowledge'): Promise<void> {
  const version = desk.sheet.text?.version ?? null
  const { moved } = await moveNotice(desk.tx, desk.audit, { handoverId: letter.handover, event, at: desk.at, version })
  if (moved) await remember(desk, letter, event === 'open' ? 'notice.opened' : 'notice.acknowledged')
}

/** One open wish for another colleague a handover, however often the button is pressed. The history has no word of it. */
export async function object(
  desk: Desk,
  letter: Letter,
  wish: { text: string; share: boolean; about: ObjectionKind | null },
): Promise<void> {
  const { tx, audit, at } = desk
  await holdNotice(tx, letter.handover)
  if (await openObjection(tx, letter.handover)) return
  const id = desk.id()
  await addObjections(tx, [{ id, handoverId: letter.handover, at, origin: 'page', ...wish }])
  const text = await keyedHash(tx, desk.secret, letter.customer, wish.text)
  audit('objection.made', letter.handover, { objection: id, share: wish.share, about: wish.about, text })
  await moveNotice(tx, audit, {
    handoverId: letter.handover,
    event: 'object',
    at,
    version: desk.sheet.text?.version ?? null,
  })
  await remember(desk, letter, 'notice.objected')
}

/** The outcome of a wish was before the customer's eyes (E4). */
export async function heard({ tx, audit, at }: Desk, { objection, handover }: Letter): Promise<void> {
  if (objection && (await setHeard(tx, objection.id, at)))
    audit('objection.told', handover, { objection: objection.id })
}

const remember = (
  { tx, at, id }: Desk,
  { customer }: Letter,
  kind: 'notice.opened' | 'notice.acknowledged' | 'notice.objected',
): Promise<void> =>
  addHistory(tx, [{ id: id(), customerId: customer, at, authorId: null, source: 'customer', kind, body: {} }])
