import { createHmac } from 'node:crypto'
import * as z from 'zod/mini'
import { complaintForm, LETTER_VERSION, objectionForm } from '../../shared/letter'
import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import { fileComplaint } from '../db/complaint'
import type { Tx } from '../db/open'
import { isOutage } from '../db/outage'
import { addressOf } from '../lib/address'
import { createLimit } from '../lib/limit'
import { open, type Ctx, type House } from '../lib/serve'
import { answer, object } from './answers'
import { firstPage } from './first'
import { complaintPage, objectionPage, plainPage, receiptPage, type Wrong } from './forms'
import { fullPage } from './full'
import { readLetter, type Letter } from './letter'
import { recordPage } from './record'
import { looksAt } from './rows'
import { sheetOf, to, type Html, type Sheet } from './sheet'

const COMPLAINTS_A_MINUTE = 20

interface Visit {
  c: Ctx
  tx: Tx
  audit: Audit
  at: Date
  id(): string
  secret: string
  letter: Letter
  sheet: Sheet
  base: string
}

/** The customer's page: no login, no cookie, no script needed. Whoever holds the link may read it; only a button acts. */
export function letter(house: House): void {
  const { deps } = house
  const { config } = deps
  const mayMiss = createLimit(config.LIMIT_GUESSES, deps.now)
  const mayComplain = createLimit(COMPLAINTS_A_MINUTE, deps.now)
  const proofOf = (number: string): string => createHmac('sha256', config.SECRET).update(number).digest('base64url')

  open(house, 'GET', '/n/complaint', 'anyone', (c) =>
    safely(c, null, (sheet) => {
      const number = c.req.query('number')
      const known = number && c.req.query('proof') === proofOf(number)
      return page(c, known ? receiptPage(sheet, number) : complaintPage(sheet, '/n/complaint', null))
    }),
  )

  open(house, 'POST', '/n/complaint', 'anyone', (c) =>
    safely(c, null, async (sheet) => {
      const seconds = mayComplain(addressOf(c, config.TRUSTED_PROXIES))
      if (seconds) return tooOften(c, sheet, seconds)
      const form = await readComplaint(c, sheet)
      if ('why' in form) return page(c, complaintPage(sheet, '/n/complaint', null, form), 400)
      const now = deps.now()
      const number = await act(deps.db, now, 'customer', (tx, audit) =>
        fileComplaint(tx, audit, now, { handoverId: null, ...form }, null),
      )
      return c.redirect(to(sheet, '/n/complaint', { number, proof: proofOf(number) }), 303)
    }),
  )

  door('GET', '', async (v) => {
    look(v, 'first')
    const unseen = !v.letter.expired && !v.letter.openedAt
    return page(v.c, firstPage(v.letter, v.sheet, unseen ? `${v.base}/seen` : undefined), v.letter.expired ? 410 : 200)
  })
  door('GET', '/full', async (v) => {
    look(v, 'full')
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  door('GET', '/record', async (v) => {
    look(v, 'record')
    return page(v.c, recordPage(v.letter, await looksAt(v.tx, v.letter.customer), v.sheet))
  })
  door('GET', '/objection', async (v) => {
    if (!v.letter.may.object) return home(v)
    look(v, 'objection')
    return page(v.c, objectionPage(v.letter, v.sheet))
  })
  door('GET', '/complaint', async (v) => {
    look(v, 'complaint')
    const given = v.letter.complaints.find((one) => one.number === v.c.req.query('number'))
    const { words } = v.sheet
    const about = v.letter.names.new || words.colleague
    return page(v.c, given ? receiptPage(v.sheet, given.number) : complaintPage(v.sheet, `${v.base}/complaint`, about))
  })

  door('POST', '/seen', async (v) => {
    if (!v.letter.expired) await answer(v, v.letter, 'open')
    return v.c.body(null, 204)
  })
  door('POST', '/acknowledge', async (v) => {
    if (v.letter.may.acknowledge) await answer(v, v.letter, 'acknowledge')
    return home(v)
  })
  door('POST', '/objection', async (v) => {
    if (!v.letter.may.object) return home(v)
    const form = z.safeParse(objectionForm, await fields(v.c))
    if (!form.success) return page(v.c, objectionPage(v.letter, v.sheet, v.sheet.words.complaint.long), 400)
    await object(v, v.letter, { text: form.data.text, share: form.data.share === 'yes' })
    return home(v)
  })
  door('POST', '/complaint', async (v) => {
    const seconds = mayComplain(v.letter.handover)
    if (seconds) return tooOften(v.c, v.sheet, seconds)
    const form = await readComplaint(v.c, v.sheet)
    const about = v.letter.names.new || v.sheet.words.colleague
    if ('why' in form) return page(v.c, complaintPage(v.sheet, `${v.base}/complaint`, about, form), 400)
    const number = await fileComplaint(
      v.tx,
      v.audit,
      v.at,
      { handoverId: v.letter.handover, ...form },
      { customer: v.letter.customer, secret: v.secret },
    )
    return v.c.redirect(to(v.sheet, `${v.base}/complaint`, { number }), 303)
  })

  /** A door of one letter: its looks and its effects in one transaction; an unknown link answers like a dead one. */
  function door(method: 'GET' | 'POST', path: string, story: (visit: Visit) => Promise<Response>): void {
    open(house, method, `/n/:token${path}`, 'customer-link', (c) => {
      const token = c.req.param('token') ?? ''
      const base = `/n/${token}`
      return safely(c, base, (asked) =>
        act(deps.db, deps.now(), 'customer', async (tx, audit) => {
          const at = deps.now()
          const letter = await readLetter(tx, token, at)
          const seconds = letter ? 0 : mayMiss(addressOf(c, config.TRUSTED_PROXIES))
          if (seconds) return tooOften(c, asked, seconds)
          if (!letter) return page(c, plainPage(asked, 'unknown'), 404)
          const sheet = sheetOf(c, config, base, letter.language)
          return story({ c, tx, audit, at, id: deps.id, secret: config.SECRET, letter, sheet, base })
        }),
      )
    })
  }

  /** Whatever breaks, the customer sees who we are and how to reach us, and never a stack. */
  async function safely(
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
        deps.log.warn({ why: err.message, requestId: c.get('requestId'), path: c.req.routePath }, 'database away')
        c.header('retry-after', '5')
        return page(c, plainPage(sheet, 'broken'), 503)
      }
      deps.log.error({ err, requestId: c.get('requestId'), path: c.req.routePath }, 'unexpected')
      return page(c, plainPage(sheet, 'broken'), 500)
    }
  }
}

const page = (c: Ctx, html: Html, status: 200 | 400 | 404 | 410 | 429 | 500 | 503 = 200) => {
  c.header('cache-control', 'no-store')
  return c.html(html, status)
}

function tooOften(c: Ctx, sheet: Sheet, seconds: number): Response | Promise<Response> {
  c.header('retry-after', String(seconds))
  return page(c, plainPage(sheet, 'limited'), 429)
}

const home = (v: Visit): Response => v.c.redirect(to(v.sheet, v.base), 303)

/** Which page of which version was shown in which language: without address or device (compliance 3.5 P12). */
const look = ({ audit, letter, sheet }: Visit, shown: string): void =>
  audit('look.letter', letter.handover, { page: shown, version: LETTER_VERSION, language: sheet.language })

async function fields(c: Ctx): Promise<Partial<Record<string, string>>> {
  const form = /^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')
  return form ? Object.fromEntries(new URLSearchParams(await c.req.text())) : {}
}

async function readComplaint(c: Ctx, sheet: Sheet): Promise<{ text: string; contact: string | null } | Wrong> {
  const given = await fields(c)
  const form = z.safeParse(complaintForm, given)
  if (form.success) return { text: form.data.text, contact: form.data.contact || null }
  const text = given['text'] ?? ''
  const { empty, long } = sheet.words.complaint
  return { why: text.trim() ? long : empty, text, contact: given['contact'] ?? '' }
}
