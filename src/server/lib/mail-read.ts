import { loopback } from './mail-send'

export interface RawMail {
  uid: number
  bytes: number
  /** null: larger than what is fetched. */
  source: Buffer | null
  /** The first lines of one that is too large. */
  headers: Buffer | null
}

const NO_ANSWER_MS = 30_000

/**
 * Reads what came into the mail box after a place, oldest first, one at a time: `take` has written the one before it gets the
 * next. Answers the box's validity; where that changed, the numbers mean nothing and everything is read anew.
 */
export async function readMail(
  url: string,
  from: { validity: string; uid: number },
  mostBytes: number,
  take: (mail: RawMail, validity: string) => Promise<void>,
): Promise<{ validity: string }> {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'imaps:'
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow({
    host: hostname,
    port: Number(port || (secure ? 993 : 143)),
    secure,
    // Without TLS only on this very machine.
    ...(secure ? {} : { doSTARTTLS: !loopback(hostname) }),
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    logger: false,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: NO_ANSWER_MS,
  })
  // A connection that dies speaks here, too; whoever waits for its answer hears it as well.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const box = await client.mailboxOpen('INBOX', { readOnly: true })
    const validity = String(box.uidValidity)
    const after = validity === from.validity ? from.uid : 0
    const found: { uid: number; bytes: number }[] = []
    if (box.exists)
      for await (const { uid, size } of client.fetch(`${after + 1}:*`, { uid: true, size: true }, { uid: true }))
        // The last one is named by `*` even where it is an old one.
        if (uid > after) found.push({ uid, bytes: size ?? 0 })
    for (const { uid, bytes } of found.sort((a, b) => a.uid - b.uid)) {
      const fits = bytes <= mostBytes
      const one = await client.fetchOne(String(uid), fits ? { source: true } : { headers: true }, { uid: true })
      if (one) await take({ uid, bytes, source: one.source ?? null, headers: one.headers ?? null }, validity)
    }
    return { validity }
  } finally {
    await client.logout().catch(() => client.close())
  }
}
