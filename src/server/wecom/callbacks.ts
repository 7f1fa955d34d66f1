import { open, type Ctx, type House } from '../lib/serve'
import { BadCallback, openEnvelope, type Receiver } from './crypto'
import { digestOf, isLeaving, keepEvent, readXml, textsOf, type EventSource } from './events'

const MAX_BODY = 64 * 1024
const SOURCES: readonly EventSource[] = ['app', 'contacts']

/**
 * What WeCom calls: the address check (GET), events (POST), and the file that proves whose domain this is. An event is
 * kept and answered at once; a job works it off, because WeCom waits five seconds and then calls again (facts 5.1).
 */
export function callbacks(house: House): void {
  const { deps } = house
  const { WECOM_VERIFY_FILE: file } = deps.config
  if (file) open(house, 'GET', `/${file}.txt`, 'anyone', (c) => c.text(file.slice('WW_verify_'.length)))

  for (const source of SOURCES) {
    const receiver = receiverOf(house, source)

    open(house, 'GET', `/wecom/callback/${source}`, 'wecom', (c) =>
      quietly(c, () => Promise.resolve(c.text(unseal(house, receiver, c, c.req.query('echostr'))))),
    )

    open(house, 'POST', `/wecom/callback/${source}`, 'wecom', (c) =>
      quietly(c, async () => {
        const outer = readXml(await bodyOf(c))
        const message = unseal(house, receiver, c, outer?.['Encrypt'])
        const body = textsOf(readXml(message) ?? {})
        await keepEvent(deps.db, {
          digest: digestOf(message),
          source,
          receivedAt: deps.now(),
          event: body['Event'] ?? body['MsgType'] ?? 'unreadable',
          change: body['ChangeType'] ?? '',
          body,
        })
        // Whoever may have left has nothing from now on, however long the line of other events is.
        if (isLeaving(body['Event'])) deps.wake('revocations')
        deps.wake('events')
        return c.body('')
      }),
    )
  }
}

function receiverOf({ deps: { config } }: House, source: EventSource): Receiver | null {
  const [token, aesKey] =
    source === 'app'
      ? [config.WECOM_APP_TOKEN, config.WECOM_APP_AES_KEY]
      : [config.WECOM_CONTACTS_TOKEN, config.WECOM_CONTACTS_AES_KEY]
  return token && aesKey ? { token, aesKey, receiverId: config.WECOM_CORP_ID } : null
}

function unseal({ deps }: House, receiver: Receiver | null, c: Ctx, encrypted: unknown): string {
  const [signature, timestamp, nonce] = ['msg_signature', 'timestamp', 'nonce'].map((name) => c.req.query(name))
  if (!receiver || !signature || !timestamp || !nonce || typeof encrypted !== 'string') throw new BadCallback()
  return openEnvelope(receiver, { signature, timestamp, nonce, encrypted }, deps.now())
}

async function bodyOf(c: Ctx): Promise<string> {
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength > MAX_BODY) throw new BadCallback()
  return Buffer.from(bytes).toString('utf8')
}

/** Whoever is not WeCom learns nothing, not even what was wrong. */
async function quietly(c: Ctx, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BadCallback) return c.body(null, 403)
    throw error
  }
}
