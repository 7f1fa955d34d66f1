import { MOST_TAKES, MOST_TRIES, TAKING_MS, takeExport, type Format } from '../../shared/export'
import { Failure } from '../../shared/failure'
import type { Language } from '../../shared/lang/fill'
import { act } from '../db/act'
import type { Deps } from '../deps'
import { serveRaw, type Caller, type House } from '../lib/serve'
import { sealer } from '../lib/seal'
import { heldOwn, move, numberOf, requireMay } from './request'
import * as rows from './rows'
import { disposition, fileName } from './sheet'
import { hashCode } from './tell'

const TYPES: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const CHUNK = 16 * 1024

const fileSealer = (secret: string) => sealer(secret, 'jiebang export file')
/** As the file lies in the database. */
export const deliverable = (secret: string, exportId: string, file: Buffer): string =>
  fileSealer(secret).seal(file.toString('base64'), exportId)

/**
 * The one download. It counts when its last byte has been handed to the network; one that breaks off before may be begun
 * again, three times in all, since somebody could break off on purpose just before the end.
 */
export function deliver(house: House): void {
  serveRaw(house, takeExport, async ({ input, caller, deps }) => {
    const taken = await take(deps, caller, input)
    if ('failure' in taken) throw taken.failure
    const [name, ascii] = fileName(numberOf(input.export), taken.madeAt, taken.language, taken.format)
    return new Response(stream(deps, caller.id, input.export, taken.bytes), {
      headers: {
        'content-type': TYPES[taken.format],
        'content-length': String(taken.bytes.length),
        'content-disposition': disposition(name, ascii),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

type Taken = { bytes: Buffer; madeAt: Date; language: Language; format: Format }

/** Under the row's lock: of many who ask at once one gets it. A wrong code is counted although the request fails. */
const take = (
  deps: Deps,
  caller: Caller,
  input: { export: string; code: string },
): Promise<Taken | { failure: Failure }> =>
  act(deps.db, deps.now(), caller.id, async (tx, audit) => {
    const at = deps.now()
    const held = await heldOwn(tx, input.export, caller)
    await requireMay(tx, caller)
    if (held.state !== 'ready' || !held.expiresAt || held.expiresAt <= at) throw new Failure('stale')
    if (held.takingAt && at.getTime() - held.takingAt.getTime() < TAKING_MS) throw new Failure('export_taking')
    if (held.codeHash !== hashCode(input.code, held.id)) {
      const tries = held.codeTries + 1
      audit('export.code_wrong', held.id, { tries })
      await rows.setRequest(tx, held.id, { codeTries: tries })
      if (tries >= MOST_TRIES) await move(tx, audit, held, 'stop', {}, at)
      return { failure: new Failure('export_code', { left: MOST_TRIES - tries }) }
    }
    if (held.takes >= MOST_TAKES) {
      await move(tx, audit, held, 'stop', {}, at)
      return { failure: new Failure('stale') }
    }
    const file = await rows.sealedFile(tx, held.id)
    const text = file && fileSealer(deps.config.SECRET).unseal(file.sealed, held.id)
    if (!text || !held.madeAt) throw new Failure('stale')
    await rows.setRequest(tx, held.id, { takingAt: at, takes: held.takes + 1 })
    audit('export.opened', held.id, { time: held.takes + 1 })
    const { madeAt, format, language } = held
    return { bytes: Buffer.from(text, 'base64'), madeAt, format: format as Format, language: language as Language }
  })

/** Asks for the next piece only when the one before has been taken, so that its end is the end of the answer. */
function stream(deps: Deps, by: string, exportId: string, bytes: Buffer): ReadableStream<Uint8Array> {
  let sent = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (sent < bytes.length) {
          controller.enqueue(new Uint8Array(bytes.subarray(sent, (sent += CHUNK))))
          return
        }
        await end(deps, by, exportId, null)
        controller.close()
      },
      cancel: () => end(deps, by, exportId, Math.min(sent, bytes.length)),
    },
    { highWaterMark: 0 },
  )
}

/** `brokenAt`: after so many bytes; null: whole. */
async function end(deps: Deps, by: string, exportId: string, brokenAt: number | null): Promise<void> {
  const at = deps.now()
  await act(deps.db, at, by, async (tx, audit) => {
    const held = await rows.holdRequest(tx, exportId)
    // Ended meanwhile: expired, or its requester revoked while the answer was being written.
    if (held?.state !== 'ready') return
    if (brokenAt !== null) {
      audit('export.broken_off', exportId, { bytes: brokenAt })
      return void (await rows.setRequest(tx, exportId, { takingAt: null }))
    }
    const { sha256, rows: count, fields, purpose } = held
    audit('export.downloaded', exportId, { sha256, rows: count, fields, purpose })
    await move(tx, audit, held, 'take', { takingAt: null }, at)
  })
}
