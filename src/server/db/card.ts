import { createHash } from 'node:crypto'
import type { Deps } from '../deps'
import { sealer } from '../lib/seal'
import { act } from './act'
import type { Db } from './open'

/** The codes that change a card at WeCom are sealed under a key of their own. */
export const CARD_SEAL = 'jiebang card'

/** The only thing that can be said on a card itself; its other buttons open a page. */
export const PASS = 'pass'

/** What WeCom tells of a button: which card, by whom, and a code that changes what that one sees. */
interface Press {
  card: string
  userid: string
  key: string
  code: string
  at: Date
}

/**
 * Somebody pressed a button of a card. It decides nothing, whatever the button was called: a decision needs the page, a
 * fresh login and the digest. Said twice it is one press; of a card that is not theirs, or of none, it is only written down.
 */
export async function pressCard(deps: Deps, press: Press): Promise<void> {
  const { db, now, config } = deps
  const found = await cardOf(db, press).executeTakeFirst()
  await act(db, now(), found?.memberId ?? 'wecom', async (tx, audit) => {
    const card = await cardOf(tx, press).forUpdate('planCard').executeTakeFirst()
    if (!card) return audit('plan.card_pressed', 'unknown', { known: false })
    const seen = createHash('sha256').update(`${press.code} ${press.at.toISOString()}`).digest('hex')
    if (card.press === seen) return
    const known = press.key === PASS || card.outcome !== null
    const passes = press.key === PASS && card.outcome === null && card.passedAt === null
    const sealed = press.code ? sealer(config.SECRET, CARD_SEAL).seal(press.code, card.id) : null
    await tx
      .updateTable('planCard')
      .set({ press: seen, pressedAt: now(), sealedPress: sealed, nextTryAt: null, tries: 0 })
      .set(passes ? { passedAt: now() } : {})
      // Whatever it shows, it is told again: the press made WeCom wait for an answer.
      .set(known ? { face: 'pressed' } : {})
      .where('id', '=', card.id)
      .execute()
    audit('plan.card_pressed', card.planId, { card: card.id, passes, known, late: card.outcome !== null })
  })
}

const cardOf = (db: Db, { card, userid }: Press) =>
  db
    .selectFrom('planCard')
    .innerJoin('member', 'member.id', 'planCard.memberId')
    .innerJoin('approval', 'approval.id', 'planCard.approvalId')
    .select(['planCard.id', 'planCard.memberId', 'planCard.press', 'planCard.passedAt'])
    .select(['approval.planId', 'approval.outcome'])
    .where('planCard.id', '=', card)
    .where('member.userid', '=', userid)
