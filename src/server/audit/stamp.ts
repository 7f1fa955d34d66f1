import { randomBytes } from 'node:crypto'
import { act } from '../db/act'
import type { Deps } from '../deps'
import { headText } from '../lib/head'
import { certificatesOf, NoStamp, readStamp, sha256, stampRequest } from '../lib/tsp'
import * as rows from './rows'

const PATIENCE_MS = 5000
const LARGEST = 64 * 1024

/** Why a head has no stamp yet, as the page says it. */
type Trouble = NoStamp['why'] | 'unreachable'

/**
 * Has the heads stamped that have no stamp yet, the newest first. An authority that is down, slow, or answers anything but
 * a stamp on this head costs nothing but time: the head stays unstamped, is tried again later and later, and the page says so.
 */
export async function stampHeads(deps: Deps): Promise<void> {
  const { TSA_URL, TSA_CA } = deps.config
  if (!TSA_URL || !TSA_CA) return
  for (const head of await rows.headsToStamp(deps.db, deps.now(), 20)) {
    const text = headText({ size: head.size, root: head.root, time: head.at.toISOString(), key: head.key })
    const why = await stamp(deps, { size: head.size, hash: sha256(text) }, TSA_URL, TSA_CA)
    if (!why) continue
    deps.log.warn({ size: head.size, why }, 'a head of the audit log is not stamped')
    await postpone(deps, head.size, why, (head.tries ?? 0) + 1)
    // The others would wait for the same authority.
    return
  }
}

async function stamp(
  deps: Deps,
  head: { size: number; hash: Buffer },
  url: string,
  ca: string,
): Promise<Trouble | null> {
  const nonce = randomBytes(8)
  const response = await ask(deps, url, stampRequest(head.hash, nonce))
  if (!response) return 'unreachable'
  try {
    const { at } = readStamp(response, { hash: head.hash, nonce }, certificatesOf(ca))
    await act(deps.db, deps.now(), 'system', (tx) =>
      rows.addStamp(tx, { size: head.size, at, response: response.toString('base64') }),
    )
    return null
  } catch (error) {
    if (error instanceof NoStamp) return error.why
    throw error
  }
}

/** Null: no answer, or one that is no time stamp by its length or status. */
async function ask(deps: Deps, url: string, request: Buffer): Promise<Buffer | null> {
  const send = deps.outside ?? fetch
  try {
    const answer = await send(
      new Request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query' },
        body: new Uint8Array(request),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    )
    const body = Buffer.from(await answer.arrayBuffer())
    return answer.ok && body.length <= LARGEST ? body : null
  } catch {
    return null
  }
}

const postpone = (deps: Deps, size: number, why: Trouble, tries: number) => {
  const [triedAt, minutes] = [deps.now(), Math.min(5 * 2 ** (tries - 1), 360)]
  const nextAt = new Date(triedAt.getTime() + minutes * 60_000)
  return act(deps.db, triedAt, 'system', (tx) => rows.addTry(tx, { size, why, tries, triedAt, nextAt }))
}
