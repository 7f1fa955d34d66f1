import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import type { Tx } from '../db/open'
import { idOf, textInUse } from '../db/text'
import { isOutage } from '../db/outage'
import type { Deps } from '../deps'
import { addressOf } from '../lib/address'
import type { Config } from '../lib/config'
import { createLimit } from '../lib/limit'
import { open, type Ctx, type House } from '../lib/serve'
import { erasedBy } from '../db/request'
import { hashToken } from '../lib/id'
import { erasedPage, plainPage } from './forms'
import { readLetter, type Letter } from './letter'
import { sheetOf, to, type Html, type Sheet } from './sheet'
import { styleHash } from './style'

/** Somebody with a link at one of its doors, in the transaction that their look or act is written in. */
export interface Visit {
  c: Ctx
  tx: Tx
  audit: Audit
  at: Date
  id(): string
  secret: string
  config: Config
  letter: Letter
  sheet: Sheet
  base: string
}

/** A door of one letter, `/n/:token` and then `path`: its looks and its effects in one transaction. */
export type Door = (method: 'GET' | 'POST', path: string, story: (visit: Visit) => Promise<Response>) => void

/** How doors are made. An unknown link answers like a dead one, and who misses too often waits. */
export function doorsOf(house: House): Door {
  const { deps } = house
  const { config } = deps
  const mayMiss = createLimit(config.LIMIT_GUESSES, deps.now)
  return (method, path, story) =>
    open(house, method, `/n/:token${path}`, 'customer-link', (c) => {
      const token = c.req.param('token') ?? ''
      const base = `/n/${token}`
      return safely(deps, c, base, (asked) =>
        act(deps.db, deps.now(), 'customer', async (tx, audit) => {
          const at = deps.now()
          const letter = await readLetter(tx, token, at)
          const erased = letter ? undefined : await erasedBy(tx, hashToken(token))
          if (erased) return page(c, erasedPage(asked, erased), 410)
          const seconds = letter ? 0 : mayMiss(addressOf(c, config.TRUSTED_PROXIES))
          if (seconds) return tooOften(c, asked, seconds)
          if (!letter) return page(c, plainPage(asked, 'unknown'), 404)
          const text = await textInUse(tx, audit, at, 'page')
          const sheet = sheetOf(c, config, base, letter.language, text)
          return story({ c, tx, audit, at, id: deps.id, secret: config.SECRET, config, letter, sheet, base })
        }),
      )
    })
}

/** Whatever breaks, the customer sees who we are and how to reach us, and never a stack. */
export async function safely(
  { config, log }: Deps,
  c: Ctx,
  base: string | null,
  story: (sheet: Sheet) => Promise<Response> | Response,
): Promise<Response> {
  const sheet = sheetOf(c, config, base, 'zh-CN')
  try {
    return await story(sheet)
  } catch (err) {
    if (err instanceof Failure) throw err
    if (isOutage(err)) {
      log.warn({ why: err.message, requestId: c.get('requestId'), path: c.req.routePath }, 'database away')
      c.header('retry-after', '5')
      return page(c, plainPage(sheet, 'broken'), 503)
    }
    log.error({ err, requestId: c.get('requestId'), path: c.req.routePath }, 'unexpected')
    return page(c, plainPage(sheet, 'broken'), 500)
  }
}

export const page = (c: Ctx, html: Html, status: 200 | 400 | 404 | 410 | 429 | 500 | 503 = 200) => {
  c.header('cache-control', 'no-store')
  c.set('style', styleHash)
  return c.html(html, status)
}

export function tooOften(c: Ctx, sheet: Sheet, seconds: number): Response | Promise<Response> {
  c.header('retry-after', String(seconds))
  return page(c, plainPage(sheet, 'limited'), 429)
}

/** After an act: back to the letter, so that a reload repeats nothing. */
export const home = (v: Visit): Response => v.c.redirect(to(v.sheet, v.base), 303)

/** Which page of which version was shown in which language: without address or device (compliance 3.5 P12). */
export const look = ({ audit, letter, sheet }: Visit, shown: string): void =>
  audit('look.letter', letter.handover, {
    page: shown,
    text: sheet.text && idOf({ name: 'page', version: sheet.text.version }),
    language: sheet.language,
  })

export async function fields(c: Ctx): Promise<Partial<Record<string, string>>> {
  const form = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')
  return form ? Object.fromEntries(new URLSearchParams(await c.req.text())) : {}
}
