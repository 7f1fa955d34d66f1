import type { ParsedMail } from 'mailparser'

/** What a mail is, before anybody's words are looked at. */
type MailKind = 'letter' | 'bounce' | 'auto' | 'loop'

const header = (mail: ParsedMail, name: string): string => {
  const value = mail.headers.get(name)
  if (typeof value === 'string') return value.toLowerCase()
  const inner = typeof value === 'object' && 'value' in value ? value.value : null
  return typeof inner === 'string' ? inner.toLowerCase() : ''
}

export const senderOf = (mail: ParsedMail): string => (mail.from?.value[0]?.address ?? '').toLowerCase()

/** Our own message ids, wherever they are quoted: replies, and the returned headers of a bounce. */
export const OUR_ID = /jb\.[\w-]{22,40}\.(?:m6|ask|m7)@[\w.-]+/g

/** What nobody wrote must not become a complaint, and must not be answered: two machines would write for ever (RFC 3834). */
export function kindOf(mail: ParsedMail, own: string): MailKind {
  const sender = senderOf(mail)
  const type = mail.headers.get('content-type') as { value?: string; params?: Record<string, string> } | undefined
  const report = type?.value === 'multipart/report' || /^mailer-daemon@|^postmaster@/.test(sender)
  if (report && type?.params?.['report-type'] !== 'disposition-notification') return 'bounce'
  if (sender === own.toLowerCase()) return 'loop'
  const auto = header(mail, 'auto-submitted')
  if (auto && auto !== 'no') return 'auto'
  if (/bulk|list|junk|auto_reply/.test(header(mail, 'precedence'))) return 'auto'
  // The parser gathers List-Id and its kin under one name.
  const marks = ['list', 'x-autoreply', 'x-autorespond', 'x-auto-response-suppress', 'feedback-id']
  if (report || marks.some((name) => mail.headers.has(name))) return 'auto'
  return 'letter'
}

/** A delay is not a failure: the other side still tries. */
export const isDelay = (source: string): boolean => /^action:\s*(delayed|relayed|expanded|delivered)\b/im.test(source)

export const numberIn = (subject: string): string | null => /TS-\d{8}-\d{4,6}/i.exec(subject)?.[0].toUpperCase() ?? null

/** What a reply quotes is what we wrote; their own words stand before it. */
export function ownWords(text: string): string {
  const lines = text.split(/\r?\n/)
  const cut = lines.findIndex(
    (line, i) =>
      i > 0 &&
      (/^-{2,}\s*(original message|原始邮件|转发邮件)/i.test(line.trim()) ||
        /^(on .{4,200} wrote:|在.{4,200}写道[:：])$/i.test(line.trim())),
  )
  return (cut < 0 ? lines : lines.slice(0, cut))
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .trim()
}
