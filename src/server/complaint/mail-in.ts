import { createHash } from 'node:crypto'
import type { ParsedMail } from 'mailparser'
import { complained as en } from '../../shared/lang/en/complained'
import { complained as zh } from '../../shared/lang/zh-CN/complained'
import { act, type Audit } from '../db/act'
import { fileComplaint } from '../db/complaint'
import { hearMore } from '../db/complaint-hear'
import { holdComplaint, stateOf, type ComplaintRow } from '../db/complaint-move'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import { readMail, type RawMail } from '../lib/mail-read'
import { isDelay, kindOf, numberIn, OUR_ID, ownWords, senderOf } from './mail-kind'
import { isAddress, notTold, tellByMail } from './mail-out'
import * as rows from './mail-rows'

/** What is larger is not fetched; what is longer is cut, and says so. */
const MOST_BYTES = 10 * 1024 * 1024
const MOST_TEXT = 20_000
const MOST_A_DAY = 20
const DAY_MS = 86_400_000

/** Takes what came into the complaints' mail box into the register, each mail once: its place moves in the same transaction. */
export async function takeMail(deps: Deps): Promise<void> {
  const { db, config, log } = deps
  if (!config.MAIL_IMAP_URL) return
  const place = await rows.readPlace(db)
  try {
    await readMail(
      config.MAIL_IMAP_URL,
      { validity: place?.uidValidity ?? '', uid: place?.lastUid ?? 0 },
      MOST_BYTES,
      (mail, validity) => takeOne(deps, mail, validity),
    )
    if (place?.trouble) await db.updateTable('mailBox').set({ trouble: null, troubleSince: null }).execute()
  } catch (thrown) {
    const why = (thrown as { code?: string }).code ?? 'no answer'
    log.warn({ why }, 'the mail box cannot be read')
    await rows.setTrouble(db, why, deps.now())
  }
}

async function takeOne(deps: Deps, raw: RawMail, uidValidity: string): Promise<void> {
  // What reads mail is loaded with the first one: most processes never see any, and would start a third slower.
  const { simpleParser } = await import('mailparser')
  const mail = await simpleParser(raw.source ?? raw.headers ?? '', { skipImageLinks: true, skipTextToHtml: true })
  const now = deps.now()
  await act(deps.db, now, 'system', async (tx, audit) => {
    await sortIn({ deps, tx, audit, now }, mail, raw)
    await rows.setPlace(tx, { uidValidity, lastUid: raw.uid, readAt: now })
  })
}

interface Desk {
  deps: Deps
  tx: Tx
  audit: Audit
  now: Date
}

async function sortIn(desk: Desk, mail: ParsedMail, raw: RawMail): Promise<void> {
  const { deps, tx, now } = desk
  const messageId = idOf(mail, raw)
  if (await rows.knownIncoming(tx, messageId)) return
  const own = deps.config.MAIL_ADDRESS ?? ''
  const kind = kindOf(mail, own)
  const sender = senderOf(mail)
  const flood = (await rows.countFrom(tx, sender, new Date(now.getTime() - DAY_MS))) >= MOST_A_DAY
  if (kind === 'bounce') return bounced(desk, mail, raw, messageId)
  if (kind !== 'letter' || flood) return void (await ignored(desk, messageId, kind === 'letter' ? 'flood' : kind))
  const thread = await threadOf(tx, mail, sender)
  if (thread && stateOf(thread) !== 'closed') return added(desk, thread, mail, messageId)
  await filed(desk, mail, raw, messageId, thread?.number)
}

/** Without one of its own, its content is its name. */
const idOf = (mail: ParsedMail, raw: RawMail): string =>
  (mail.messageId ?? '').replace(/^<|>$/g, '').slice(0, 300) ||
  createHash('sha256')
    .update(raw.source ?? raw.headers ?? '')
    .digest('hex')

const ignored = ({ deps, tx, now }: Desk, messageId: string, detail: string, number: string | null = null) =>
  rows.addIncoming(tx, {
    ...{ id: deps.id(), number, kind: number ? 'bounce' : 'ignored', messageId, detail, at: now },
    ...{ peer: '', subject: '', files: [] },
  })

/** What we sent came back. Whose it was stands in what it quotes of ours. */
async function bounced(desk: Desk, mail: ParsedMail, raw: RawMail, messageId: string): Promise<void> {
  const parts = [raw.source?.toString('latin1') ?? '', ...mail.attachments.map((a) => a.content.toString('latin1'))]
  const quoted = parts.flatMap((part) => part.match(OUR_ID) ?? [])
  const ours = await rows.outgoingBy(desk.tx, [...new Set(quoted)])
  if (!ours?.number || parts.some(isDelay)) return void (await ignored(desk, messageId, ours ? 'delay' : 'bounce'))
  await ignored(desk, messageId, 'bounce', ours.number)
  await rows.settleOutgoing(desk.tx, ours.id, { state: 'bounced', detail: null, nextAt: desk.now })
  desk.audit('complaint.mailed', ours.number, { mail: ours.id, kind: ours.kind, state: 'bounced' })
  const held = await holdComplaint(desk.tx, ours.number)
  if (held) await notTold(desk.tx, held, 'bounced', desk.now)
}

/**
 * Which complaint a mail belongs to: it answers one of ours, whose id nobody can guess; or it names a number and comes from
 * the address that this complaint came from. A number alone is nobody's key.
 */
async function threadOf(tx: Tx, mail: ParsedMail, sender: string): Promise<ComplaintRow | undefined> {
  const references = [mail.inReplyTo ?? '', ...[mail.references ?? []].flat()].join(' ')
  const answered = await rows.outgoingBy(tx, [...new Set(references.match(OUR_ID) ?? [])])
  if (answered?.number) return holdComplaint(tx, answered.number)
  const number = numberIn(mail.subject ?? '')
  const named = number ? await holdComplaint(tx, number) : undefined
  return named?.contact?.toLowerCase() === sender ? named : undefined
}

async function added(desk: Desk, held: ComplaintRow, mail: ParsedMail, messageId: string): Promise<void> {
  const { tx, audit, now } = desk
  const words = (ownWords(plain(mail)) || mail.subject || '—').slice(0, MOST_TEXT)
  await note(desk, held.number, 'material', mail, messageId)
  await hearMore(tx, audit, held, { at: now, actor: 'customer', words })
}

async function filed(desk: Desk, mail: ParsedMail, raw: RawMail, messageId: string, follows?: string): Promise<void> {
  const { deps, tx, audit, now } = desk
  const sender = senderOf(mail)
  const body = raw.source ? plain(mail) : ''
  const text = `${mail.subject?.trim() ?? ''}\n\n${body || '—'}`.trim()
  const language = /[\u4e00-\u9fff]/.test(text) ? 'zh-CN' : 'en'
  const contact = isAddress(sender) ? sender : null
  const given = { handoverId: null, text: text.slice(0, MOST_TEXT), contact, language, channel: 'mail' } as const
  const number = await fileComplaint(tx, audit, now, { ...given, ...(follows ? { follows } : {}) }, null)
  await note(desk, number, 'complaint', mail, messageId, raw.source ? null : 'too_large')
  const held = await holdComplaint(tx, number)
  const lost = mail.attachments.length > 0 || !raw.source
  const words = lost ? (language === 'en' ? en : zh).mail.files : ''
  if (held && stateOf(held) === 'received')
    await tellByMail(tx, audit, { config: deps.config, id: deps.id(), at: now }, held, 'm6', words)
}

const plain = (mail: ParsedMail): string => (mail.text ?? '').replaceAll('\u0000', '').trim()

/** Attachments are hostile until shown otherwise: their names and sizes stand in the register, their contents nowhere. */
const note = (
  { deps, tx, now }: Desk,
  number: string,
  kind: 'complaint' | 'material',
  mail: ParsedMail,
  messageId: string,
  detail: string | null = null,
) =>
  rows.addIncoming(tx, {
    ...{ id: deps.id(), number, kind, messageId, detail, at: now },
    peer: senderOf(mail),
    subject: (mail.subject ?? '').replaceAll('\u0000', '').slice(0, 300),
    files: mail.attachments.slice(0, 50).map((a) => ({
      name: (a.filename ?? a.contentType).replace(/[\u0000-\u001f/\\]/g, '_').slice(0, 120),
      bytes: a.size,
    })),
  })
