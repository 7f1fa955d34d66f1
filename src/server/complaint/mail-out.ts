import { endOfChinaDay, printDay } from '../../shared/day'
import { fill } from '../../shared/lang/fill'
import { complained as en } from '../../shared/lang/en/complained'
import { complained as zh } from '../../shared/lang/zh-CN/complained'
import { clocks } from '../../shared/complaint'
import { addWorkingDays } from '../../shared/calendar'
import { act, type Audit } from '../db/act'
import { calendarOf } from '../db/calendar'
import { informed } from '../db/complaint-hear'
import { pathOfComplaint } from '../db/complaint-link'
import {
  changeComplaint,
  holdComplaint,
  moveComplaint,
  stateOf,
  tellEvent,
  type ComplaintRow,
} from '../db/complaint-move'
import type { Tx } from '../db/open'
import type { Deps } from '../deps'
import type { Config } from '../lib/config'
import { secretToken } from '../lib/id'
import { sendMail, type Sending } from '../lib/mail-send'
import { complaintMessage, languageOf } from './message'
import * as rows from './mail-rows'

type Kind = rows.OutgoingRow['kind']
const MINUTE_MS = 60_000
const TRIES = 8

export const isAddress = (contact: string | null): contact is string =>
  contact !== null && /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/.test(contact)

/** Writes down a mail to the customer, in the transaction of what it tells of; the job sends it. Where there is no address, nothing. */
export async function tellByMail(
  tx: Tx,
  audit: Audit,
  { config, id, at }: { config: Config; id: string; at: Date },
  row: ComplaintRow,
  kind: Kind,
  words: string,
): Promise<void> {
  if (!config.MAIL_ADDRESS || !isAddress(row.contact)) return
  const said = languageOf(row) === 'en' ? en.mail : zh.mail
  const text = await (kind === 'ask'
    ? question(tx, config, row, words, at)
    : complaintMessage({ tx, audit, at, config }, row, kind, words))
  const more = kind === 'm6' && words ? `\n\n${words}` : ''
  const sign = fill(said.sign, {
    company: config.COMPANY_FULL_NAME,
    department: config.COMPLAINT_DEPARTMENT,
    tel: config.HOTLINE,
  })
  await rows.addOutgoing(tx, {
    ...{ id, number: row.number, kind, at },
    messageId: `jb.${secretToken()}.${kind}@${config.MAIL_ADDRESS.split('@')[1]}`,
    peer: row.contact,
    subject: fill(said[kind], { number: row.number }),
    text: `${text}${more}\n\n--\n${sign}\n`,
  })
  audit('complaint.mailed', row.number, { mail: id, kind, state: 'queued' })
}

async function question(tx: Tx, config: Config, row: ComplaintRow, words: string, at: Date): Promise<string> {
  const language = languageOf(row)
  const by = addWorkingDays(at, clocks.answer, await calendarOf(tx)).day
  return fill((language === 'en' ? en : zh).mail.question, {
    no: row.number,
    text: words,
    url: `${config.PUBLIC_URL}${pathOfComplaint(config.SECRET, row)}`,
    date: printDay(endOfChinaDay(by), language),
  })
}

/** Sends what is due. Each is written down as being sent before it leaves, and is never sent twice by itself. */
export async function sendDue(deps: Deps): Promise<void> {
  const { db, config } = deps
  if (!config.MAIL_SMTP_URL) return
  for (const { id } of await rows.lostOutgoing(db, new Date(deps.now().getTime() - 10 * MINUTE_MS)))
    await settle(deps, id, { outcome: 'unknown', why: 'no answer' })
  for (const { id } of await rows.dueOutgoing(db, deps.now())) {
    const mail = await act(db, deps.now(), 'system', (tx) => rows.takeOutgoing(tx, id, deps.now()))
    if (!mail?.number || !config.MAIL_ADDRESS) continue
    const before = await rows.lastIncoming(db, mail.number)
    const sending = await sendMail(config.MAIL_SMTP_URL, {
      from: { name: config.COMPANY_NAME, address: config.MAIL_ADDRESS },
      to: mail.peer,
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.messageId}>`,
      ...(before ? { inReplyTo: `<${before.messageId}>` } : {}),
      auto: mail.kind === 'm6' ? 'auto-replied' : 'auto-generated',
    })
    await settle(deps, id, sending)
    // Nothing was heard of the server: the others need not try now.
    if (sending.outcome === 'later' && !sending.why.startsWith('SMTP')) return
  }
}

const settle = (deps: Deps, id: string, sending: Sending): Promise<void> =>
  act(deps.db, deps.now(), 'system', async (tx, audit) => {
    const now = deps.now()
    const mail = await tx.selectFrom('complaintMail').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (mail?.state !== 'sending' || !mail.number) return
    const again = sending.outcome === 'later' && mail.tries < TRIES
    const state = again ? 'queued' : stateAfter(sending)
    const nextAt = again ? new Date(now.getTime() + 2 ** mail.tries * MINUTE_MS) : now
    await rows.settleOutgoing(tx, id, { state, detail: 'why' in sending ? sending.why : null, nextAt })
    if (again) return
    audit('complaint.mailed', mail.number, { mail: id, kind: mail.kind, state })
    const held = await holdComplaint(tx, mail.number)
    if (!held) return
    if (state === 'sent') await told(tx, audit, held, mail.kind as Kind, now)
    else await notTold(tx, held, state, now)
  })

const stateAfter = ({ outcome }: Sending): 'sent' | 'failed' | 'unknown' =>
  outcome === 'sent' ? 'sent' : outcome === 'unknown' ? 'unknown' : 'failed'

/** The other mail server took it (E3): the customer was told. */
async function told(tx: Tx, audit: Audit, held: ComplaintRow, kind: Kind, at: Date): Promise<void> {
  if (kind === 'm6' && stateOf(held) === 'received')
    await moveComplaint(tx, audit, held, 'acknowledge', {
      ...{ at, actor: 'system', set: { acknowledgedAt: at }, detail: { how: 'mail' } },
    })
  if (kind === 'm7') await informed(tx, audit, held, { at, actor: 'system', by: 'mail' })
}

/** Somebody must know: the customer has to be told another way. */
export async function notTold(tx: Tx, held: ComplaintRow, how: string, at: Date): Promise<void> {
  await changeComplaint(tx, held, { toldOfAt: null })
  await tellEvent(tx, held.number, { at, actor: 'system', what: `mail_${how}` })
}
