import * as z from 'zod/mini'
import { complaintForm } from '../../shared/letter'
import { act } from '../db/act'
import { fileComplaint } from '../db/complaint'
import { pathOfComplaint } from '../db/complaint-link'
import type { Tx } from '../db/open'
import { addressOf } from '../lib/address'
import { createLimit } from '../lib/limit'
import { open, type Ctx, type House } from '../lib/serve'
import { complainedDoors } from './complained-doors'
import { fields, look, page, safely, tooOften, type Door } from './doors'
import { complaintPage, type Wrong } from './forms'
import { linkOfComplaint } from './rows'
import { to, type Sheet } from './sheet'

const COMPLAINTS_A_MINUTE = 20

/** To complain needs no login and no living link: from a letter, and from the page of a link that nobody knows (T-31). */
export function complaintDoors(house: House, door: Door): void {
  const { deps } = house
  const { config } = deps
  const mayComplain = createLimit(COMPLAINTS_A_MINUTE, deps.now)
  const ownPage = async (tx: Tx, sheet: Sheet, number: string) =>
    to(sheet, pathOfComplaint(config.SECRET, (await linkOfComplaint(tx, number))!))
  complainedDoors(house)

  open(house, 'GET', '/n/complaint', 'anyone', (c) =>
    safely(deps, c, null, (sheet) => page(c, complaintPage(sheet, '/n/complaint', null))),
  )

  open(house, 'POST', '/n/complaint', 'anyone', (c) =>
    safely(deps, c, null, async (sheet) => {
      const seconds = mayComplain(addressOf(c, config.TRUSTED_PROXIES))
      if (seconds) return tooOften(c, sheet, seconds)
      const form = await readComplaint(c, sheet)
      if ('why' in form) return page(c, complaintPage(sheet, '/n/complaint', null, form), 400)
      const now = deps.now()
      const given = { handoverId: null, ...form, language: sheet.language }
      const path = await act(deps.db, now, 'customer', async (tx, audit) =>
        ownPage(tx, sheet, await fileComplaint(tx, audit, now, given, null)),
      )
      deps.wake('complaints')
      return c.redirect(path, 303)
    }),
  )

  door('GET', '/complaint', async (v) => {
    look(v, 'complaint')
    const given = v.letter.complaints.find((one) => one.number === v.c.req.query('number'))
    if (given) return v.c.redirect(await ownPage(v.tx, v.sheet, given.number), 303)
    const about = v.letter.names.new || v.sheet.words.colleague
    return page(v.c, complaintPage(v.sheet, `${v.base}/complaint`, about, undefined, v.letter.complaints))
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
      { handoverId: v.letter.handover, ...form, language: v.sheet.language },
      { customer: v.letter.customer, secret: v.secret },
    )
    deps.wake('complaints')
    return v.c.redirect(await ownPage(v.tx, v.sheet, number), 303)
  })
}

async function readComplaint(c: Ctx, sheet: Sheet): Promise<{ text: string; contact: string | null } | Wrong> {
  const given = await fields(c)
  const form = z.safeParse(complaintForm, given)
  if (form.success) return { text: form.data.text, contact: form.data.contact || null }
  const text = given['text'] ?? ''
  const { empty, long } = sheet.words.complaint
  return { why: text.trim() ? long : empty, text, contact: given['contact'] ?? '' }
}
