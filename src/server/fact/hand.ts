import { Failure } from '../../shared/failure'
import { readFact, type FactValue } from '../../shared/fact'
import { fieldsOf, type About } from '../../shared/factfile'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import * as rows from './rows'

/** One field, as somebody wrote it; nothing takes their own earlier word away, and what stands behind it counts again. */
export async function byHand(
  tx: Tx,
  audit: Audit,
  about: About,
  { id, field, text }: { id: string; field: string; text: string | null },
  how: { by: string; at: Date },
): Promise<void> {
  if (text === null) {
    if (await rows.clear(tx, about, id, field)) audit('fact.cleared', id, { fields: [field] })
    return
  }
  const kind = fieldsOf(about)[field]!
  const said = readFact(kind, text)
  if (said === null) throw new Failure('fact_unreadable', { text: text.slice(0, 40) })
  const value = kind === 'member' || kind === 'members' ? await membersNamed(tx, said) : said
  if (value === null) throw new Failure('fact_member')
  const changed = await rows.write(tx, about, [{ id, field, value }], { source: 'hand', ...how })
  // That it was written, never what: values of a person do not stand in the log.
  if (changed) audit('fact.written', id, { fields: [field], source: 'hand' })
}

/** 账号 become ids; null when one of them is nobody's. */
async function membersNamed(tx: Tx, said: FactValue): Promise<FactValue | null> {
  const userids = [said].flat() as string[]
  const found = await rows.membersByUserid(tx, userids)
  const ids = userids.map((userid) => found.get(userid))
  if (ids.some((one) => one === undefined)) return null
  return Array.isArray(said) ? (ids as string[]) : ids[0]!
}
