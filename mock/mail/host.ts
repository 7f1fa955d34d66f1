import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { createImap, type Box, type Kept } from './imap'

/** A mail that somebody writes to the company; headers as they are on the wire. */
export interface Letter {
  from: string
  to: string
  subject?: string
  text?: string
  headers?: Record<string, string>
  /** The whole mail instead, as bytes. */
  raw?: Buffer | string
}

export interface MailHost {
  imapUrl: string
  smtpUrl: string
  address: string
  /** Somebody outside writes. Answers the message id. */
  write(letter: Letter): string
  /** What lies in a box, as text; ours or a customer's. */
  lying(address: string): string[]
  /** Every box there is. */
  owners(): string[]
  /** `down`: nobody answers SMTP; `refuse`: whoever is written to does not exist. */
  fault: { smtp: 'none' | 'refuse' | 'later' }
  /** The company's box is made anew: every number in it changes. */
  renumber(): void
  close(): Promise<void>
}

/**
 * A mail server of one company on this machine, with the rest of the world in it: whatever is sent lies in the receiver's
 * box. `nobody@…` is taken and comes back as a delivery report (RFC 3464), as real servers do it.
 */
export async function createMailHost({
  address = 'complaints@example.com',
  password = 'secret',
  now = () => Date.now(),
}: { address?: string; password?: string; now?: () => number } = {}): Promise<MailHost> {
  const boxes = new Map<string, Box>()
  const boxOf = (owner: string): Box => {
    const key = owner.toLowerCase()
    const box = boxes.get(key) ?? { password, validity: Math.floor(now() / 1000), mails: [] }
    boxes.set(key, box)
    return box
  }
  boxOf(address)
  let count = 0
  const put = (owner: string, raw: Buffer): void => {
    const box = boxOf(owner)
    const mail: Kept = { uid: (box.mails.at(-1)?.uid ?? 0) + 1, at: new Date(now()), raw }
    box.mails.push(mail)
  }
  const fault: MailHost['fault'] = { smtp: 'none' }

  const smtp = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.username === address && auth.password === password
        ? done(null, { user: address })
        : done(new Error('wrong user or password')),
    onRcptTo: (_to, _session, done) =>
      fault.smtp === 'none'
        ? done()
        : done(Object.assign(new Error('no'), { responseCode: fault.smtp === 'refuse' ? 550 : 451 })),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        for (const { address: to } of session.envelope.rcptTo)
          if (to.toLowerCase().startsWith('nobody@')) put(address, report(address, to, raw))
          else put(to, raw)
        done()
      })
    },
  })
  smtp.on('error', () => undefined)
  const imap = createImap(boxes)
  const listen = (server: { listen(port: number, host: string, done: () => void): unknown }) =>
    new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  await listen(smtp)
  await listen(imap)
  const at = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const who = `${encodeURIComponent(address)}:${encodeURIComponent(password)}`

  return {
    address,
    imapUrl: `imap://${who}@127.0.0.1:${at(imap)}`,
    smtpUrl: `smtp://${who}@127.0.0.1:${at(smtp.server)}`,
    fault,
    write({ from, to, subject = '', text = '', headers = {}, raw }) {
      const id = `<${++count}.${now()}@mail.${from.split('@')[1] ?? 'example'}>`
      put(to, Buffer.from(raw ?? compose({ from, to, subject, text, headers: { 'Message-ID': id, ...headers } })))
      return headers['Message-ID'] ?? id
    },
    lying: (owner) => boxOf(owner).mails.map((mail) => mail.raw.toString('utf8')),
    owners: () => [...boxes.keys()],
    renumber() {
      const box = boxOf(address)
      box.validity++
      box.mails.forEach((mail, i) => (mail.uid = i + 1))
    },
    close: async () => {
      await new Promise<void>((done) => smtp.close(() => done()))
      await new Promise<void>((done) => imap.close(() => done()))
    },
  }
}

const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

function compose({ from, to, subject, text, headers }: Required<Omit<Letter, 'raw'>>): string {
  const all = {
    From: from,
    To: to,
    Subject: encoded(subject),
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Transfer-Encoding': '8bit',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `${lines.join('\r\n')}\r\n\r\n${text.replace(/\r?\n/g, '\r\n')}\r\n`
}

/** What comes back when there is nobody at an address. */
function report(sender: string, to: string, raw: Buffer): Buffer {
  const headers = raw.toString('utf8').split('\r\n\r\n')[0] ?? ''
  const parts = [
    ['text/plain; charset=utf-8', `Your message to ${to} could not be delivered.`],
    [
      'message/delivery-status',
      `Reporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; ${to}\r\nAction: failed\r\nStatus: 5.1.1`,
    ],
    ['text/rfc822-headers', headers],
  ].map(([type, body]) => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`)
  return Buffer.from(
    `From: MAILER-DAEMON@mail.example\r\nTo: ${sender}\r\nSubject: Undelivered Mail\r\nMessage-ID: <dsn.${raw.length}.${Math.abs(hash(headers))}@mail.example>\r\n` +
      `Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`,
  )
}

const hash = (text: string): number => [...text].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 7)
