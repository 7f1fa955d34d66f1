interface OutgoingMail {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  messageId: string
  inReplyTo?: string
  /** An answer by itself must not be answered by itself (RFC 3834). */
  auto: 'auto-replied' | 'auto-generated'
}

/** `later`: surely not sent, perhaps next time; `refused`: surely not, and never; `unknown`: the answer was lost. */
export type Sending = { outcome: 'sent' } | { outcome: 'later' | 'refused' | 'unknown'; why: string }

const NOT_BEFORE_DATA = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'API', 'MAIL FROM', 'RCPT TO']

export const loopback = (host: string): boolean => ['127.0.0.1', '[::1]', '::1'].includes(host)

/** Plain text to one address. TLS always, but on this very machine. */
export async function sendMail(url: string, mail: OutgoingMail): Promise<Sending> {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const { default: nodemailer } = await import('nodemailer')
  const transport = nodemailer.createTransport({
    host: hostname,
    port: Number(port || (secure ? 465 : 587)),
    secure,
    ...(secure ? {} : loopback(hostname) ? { ignoreTLS: true } : { requireTLS: true }),
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const { auto, inReplyTo, ...rest } = mail
  try {
    await transport.sendMail({
      ...rest,
      ...(inReplyTo ? { inReplyTo, references: inReplyTo } : {}),
      headers: { 'Auto-Submitted': auto, 'X-Auto-Response-Suppress': 'All' },
    })
    return { outcome: 'sent' }
  } catch (thrown) {
    return outcomeOf(thrown as { code?: string; command?: string; responseCode?: number })
  } finally {
    transport.close()
  }
}

function outcomeOf({
  code = '',
  command = '',
  responseCode,
}: {
  code?: string
  command?: string
  responseCode?: number
}) {
  const why = responseCode ? `SMTP ${responseCode}` : code || 'no answer'
  // A mail server says what is for ever with a 5, unless it was ourselves it did not let in.
  if (responseCode && responseCode >= 500 && command !== 'AUTH' && code !== 'EAUTH')
    return { outcome: 'refused', why } as const
  const surelyNot = responseCode !== undefined || NOT_BEFORE_DATA.includes(command) || ['EDNS', 'EAUTH'].includes(code)
  return { outcome: surelyNot ? 'later' : 'unknown', why } as const
}
