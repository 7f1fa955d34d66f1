import { printDay } from '../../shared/day'
import type { Language } from '../../shared/lang/fill'
import type { NoticeState } from '../../shared/notice'
import type { TextName } from '../../shared/text'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import { fillText, type Message } from '../db/filled'
import { materialChanges, textInUse, type Text } from '../db/text'
import type { Deps } from '../deps'
import { hashToken, secretToken, sha256 } from '../lib/id'
import { addAttempt, replacePrepared } from './rows'

/** Of whom and by whom the customer is told. */
export interface Telling {
  handover: string
  state: NoticeState
  /** The page the customer was told with before. */
  toldWith: number | null
  old: string
  new: string
  effective: Date
  by: string
  /** Who says it: the successor, or the leaver while still here (M1). */
  as: 'successor' | 'leaver'
}

export interface Attempt extends Message {
  id: string
  link: string
  page: Text
}

/**
 * Writes down an intent to tell, before anybody can: the exact text of the version in use, with a fresh link; what was
 * prepared before and never sent loses its link. Where a notice changed, the text says the change and only that.
 */
export async function writeAttempt(
  deps: Deps,
  tx: Tx,
  audit: Audit,
  telling: Telling,
  language: Language,
): Promise<Attempt> {
  const { config } = deps
  const now = deps.now()
  const page = await textInUse(tx, audit, now, 'page')
  const changes = telling.state === 'changed' ? await materialChanges(tx, telling.toldWith ?? 1) : []
  const name: TextName = changes.length ? 'M2c' : telling.as === 'leaver' ? 'M1' : 'M2'
  const token = secretToken()
  const link = linkTo(config.PUBLIC_URL, token)
  const filled = fillText(await textInUse(tx, audit, now, name), language, {
    company: config.COMPANY_NAME,
    new: telling.new,
    old: telling.old,
    date: printDay(telling.effective, language),
    url: link,
    tel: config.HOTLINE,
    changed: changes.map(({ changed }) => changed[language]).join(language === 'en' ? '; ' : '；'),
  })
  const id = deps.id()
  const textSha256 = sha256(filled.text)
  await replacePrepared(tx, telling.handover, now)
  await addAttempt(tx, {
    id,
    handoverId: telling.handover,
    preparedBy: telling.by,
    preparedAt: now,
    language,
    template: filled.template,
    pageVersion: page.version,
    text: filled.text.replace(token, '…'),
    textSha256,
    tokenHash: hashToken(token),
  })
  const said = { attempt: id, template: filled.template, page: `page@${page.version}`, text_sha256: textSha256 }
  audit('notice.prepared', telling.handover, said)
  return { ...filled, id, link, page }
}

export const linkTo = (publicUrl: string, token: string): string => `${publicUrl}/n/${token}`
