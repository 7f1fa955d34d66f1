import * as z from 'zod/mini'
import { TEXT_MAX } from '../../shared/letter'
import { act, type Audit } from '../db/act'
import { disagree, hearMore, informed, mayDisagree } from '../db/complaint-hear'
import { pathOfComplaint, provesComplaint } from '../db/complaint-link'
import { holdComplaint, stateOf, type ComplaintRow } from '../db/complaint-move'
import type { Tx } from '../db/open'
import { addressOf } from '../lib/address'
import { createLimit } from '../lib/limit'
import { open, type Ctx, type House } from '../lib/serve'
import { complainedPage, findPage, wordsIn, type Progress } from './complained'
import { fields, page, safely, tooOften } from './doors'
import { plainPage } from './forms'
import { questionOf, standingResult } from './rows'
import { sheetOf, to, type Sheet } from './sheet'

interface Visit {
  c: Ctx
  tx: Tx
  audit: Audit
  at: Date
  row: ComplaintRow
  sheet: Sheet
  path: string
}
const ACTS_A_MINUTE = 20

/** A complaint's own page: progress, more material, the result, and disagreeing with it. No login; its link is the key. */
export function complainedDoors(house: House): void {
  const { deps } = house
  const { config } = deps
  const mayMiss = createLimit(config.LIMIT_GUESSES, deps.now)
  const mayAct = createLimit(ACTS_A_MINUTE, deps.now)
  const shape = z.object({ text: z.string().check(z.trim(), z.minLength(1), z.maxLength(TEXT_MAX)) })

  open(house, 'GET', '/n/complaint/find', 'anyone', (c) => safely(deps, c, null, (sheet) => page(c, findPage(sheet))))

  open(house, 'POST', '/n/complaint/find', 'anyone', (c) =>
    safely(deps, c, null, async (sheet) => {
      const given = await fields(c)
      const number = (given['number'] ?? '').trim().toUpperCase().slice(0, 40)
      const contact = (given['contact'] ?? '').slice(0, 200)
      // Who guesses at one number from many addresses waits as well.
      const seconds = mayMiss(addressOf(c, config.TRUSTED_PROXIES)) || mayMiss(`number ${number}`)
      if (seconds) return tooOften(c, sheet, seconds)
      const row = await readComplaint(number)
      if (!row?.contact || !sameContact(row.contact, contact)) return page(c, findPage(sheet, { number, contact }), 404)
      return c.redirect(to(sheet, pathOfComplaint(config.SECRET, row)), 303)
    }),
  )

  door('GET', '', async (v) => {
    v.audit('look.letter', v.row.number, { page: 'complaint', language: v.sheet.language })
    const added = v.c.req.query('added') === '1'
    const seen = stateOf(v.row) === 'resolved' ? `${v.path}/seen` : undefined
    return page(v.c, complainedPage({ ...(await progressOf(v)), added }, v.sheet, v.path, v.at, seen))
  })

  // Two seconds on the screen: the customer knows the result (E4).
  door('POST', '/seen', async (v) => {
    await informed(v.tx, v.audit, v.row, { at: v.at, actor: 'customer', by: 'page' })
    return v.c.body(null, 204)
  })

  door('POST', '/more', async (v) => {
    const words = await readText(v)
    if (typeof words !== 'string') return words
    if (stateOf(v.row) !== 'closed') await hearMore(v.tx, v.audit, v.row, { at: v.at, actor: 'customer', words })
    return v.c.redirect(to(v.sheet, v.path, { added: '1' }), 303)
  })

  door('POST', '/again', async (v) => {
    const words = await readText(v)
    if (typeof words !== 'string') return words
    if (mayDisagree(v.row, v.at)) await disagree(v.tx, v.audit, v.row, { at: v.at, actor: 'customer', words })
    return v.c.redirect(to(v.sheet, v.path), 303)
  })

  /** Its row is held from the look on: a second tap of the same button finds what the first one did. */
  function door(method: 'GET' | 'POST', path: string, story: (visit: Visit) => Promise<Response>): void {
    open(house, method, `/n/complaint/:number/:proof${path}`, 'anyone', (c) =>
      safely(deps, c, null, (asked) =>
        act(deps.db, deps.now(), 'customer', async (tx, audit) => {
          const at = deps.now()
          const { number = '', proof = '' } = c.req.param() as { number?: string; proof?: string }
          const row = await (method === 'GET' ? readComplaint(number, tx) : holdComplaint(tx, number.slice(0, 40)))
          // A wrong proof counts like a number that does not exist: neither may say which of the two it is.
          if (!row || !provesComplaint(config.SECRET, row, proof)) {
            const seconds = mayMiss(addressOf(c, config.TRUSTED_PROXIES))
            return seconds ? tooOften(c, asked, seconds) : page(c, plainPage(asked, 'unknown'), 404)
          }
          const wait = method === 'POST' ? mayAct(row.number) : 0
          if (wait) return tooOften(c, asked, wait)
          const sheet = sheetOf(c, config, null, row.language)
          return story({ c, tx, audit, at, row, sheet, path: pathOfComplaint(config.SECRET, row) })
        }),
      ),
    )
  }

  const readComplaint = (number: string, db: Tx | typeof deps.db = deps.db) =>
    db.selectFrom('complaint').selectAll().where('number', '=', number.slice(0, 40)).executeTakeFirst()

  async function readText(v: Visit): Promise<string | Response> {
    const given = await fields(v.c)
    const text = (given['text'] ?? '').replaceAll('\u0000', '')
    const form = shape.safeParse({ text })
    if (form.success) return form.data.text
    const words = wordsIn(v.sheet)
    const wrong = text.trim() ? words.long : words.more_empty
    return page(v.c, complainedPage({ ...(await progressOf(v)), wrong }, v.sheet, v.path, v.at), 400)
  }
}

async function progressOf({ tx, row }: Visit): Promise<Progress> {
  const told = ['resolved', 'result_informed', 'closed'].includes(row.state)
  return {
    row,
    question: row.state === 'pending_customer' ? await questionOf(tx, row.number) : null,
    result: told ? ((await standingResult(tx, row.number)) ?? null) : null,
  }
}

/** A phone by its digits, whatever stands between them and before its last eleven; a mail address without its case. */
function sameContact(kept: string, given: string): boolean {
  const digits = (text: string) => text.replace(/\D/g, '').slice(-11)
  const plain = (text: string) => text.replace(/\s/g, '').toLowerCase()
  const phone = /^[+\d\s()（）-]+$/.test(kept.trim()) && digits(kept).length >= 7
  return phone ? digits(kept) === digits(given) : plain(kept) !== '' && plain(kept) === plain(given)
}
