import { compress } from 'hono/compress'
import { textAt, versionsOf } from '../db/text'
import type { House } from '../lib/serve'
import { answer, heard } from './answers'
import { requestDoors } from './asking'
import { choiceNotes, choicesSection } from './choice-pages'
import { receiptsOf } from './choice-rows'
import { choiceDoors, openChoices } from './choices'
import { complaintDoors } from './complaint'
import { doorsOf, home, look, page, type Door } from './doors'
import { firstPage } from './first'
import { fullPage } from './full'
import { identityDoors } from './identity'
import { objectionDoors } from './objection'
import type { Letter } from './letter'
import { preview } from './preview'
import { recordPage } from './record'
import { requestSection } from './requests'
import { rulesDoor } from './rules'
import { looksAt } from '../db/looked'
import { sheetOf, to } from './sheet'
import { oldPage, versionsPage } from './versions'

/** The customer's page: no login and no script needed, a cookie only for who decides something (identity.ts). Whoever holds the link may read it; only a button acts. */
export function letter(house: House): void {
  house.app.use('/n/*', compress())
  const door = doorsOf(house)
  // The first that fits answers: `/n/complaint` is no link.
  rulesDoor(house)
  complaintDoors(house, door)
  identityDoors(house, door)
  choiceDoors(door)
  noticeDoors(door)
  preview(house)
  objectionDoors(door)
  requestDoors(house, door)
}

function noticeDoors(door: Door): void {
  door('GET', '', async (v) => {
    look(v, 'first')
    const fresh = !v.letter.openedAt || v.letter.notice === 'changed'
    const unseen = (!v.letter.expired && fresh) || toHear(v.letter)
    const notes = choiceNotes(v.sheet, await openChoices(v))
    const seen = unseen ? `${v.base}/seen` : undefined
    return page(v.c, firstPage(v.letter, v.sheet, v.at, notes, seen), v.letter.expired ? 410 : 200)
  })
  door('GET', '/full', async (v) => {
    look(v, 'full')
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  // The rules to keep: the same page as a file.
  door('GET', '/full/file', async (v) => {
    look(v, 'full')
    v.c.header('content-disposition', 'attachment; filename="notice.html"')
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  door('GET', '/versions', async (v) => {
    look(v, 'versions')
    return page(v.c, versionsPage(v.letter, await versionsOf(v.tx, 'page'), v.sheet))
  })
  door('GET', '/versions/:version', async (v) => {
    const number = /^[1-9]\d{0,5}$/.test(v.c.req.param('version') ?? '') ? Number(v.c.req.param('version')) : 0
    const old = await textAt(v.tx, 'page', number)
    if (!old) return v.c.redirect(to(v.sheet, `${v.base}/versions`), 303)
    const sheet = sheetOf(v.c, v.config, v.base, v.letter.language, old)
    look({ ...v, sheet }, 'version')
    return page(v.c, oldPage(v.letter, sheet))
  })
  door('GET', '/record', async (v) => {
    look(v, 'record')
    const [choices, receipts] = [await openChoices(v), await receiptsOf(v.tx, v.letter.customer)]
    const looks = await looksAt(v.tx, v.letter.customer)
    // What each room keeps of this customer, in the order a reader asks.
    const sections = [choicesSection(v.sheet, choices, receipts), await requestSection(v.tx, v.letter, v.sheet)]
    return page(v.c, recordPage(v.letter, looks, v.sheet, sections))
  })
  door('POST', '/seen', async (v) => {
    if (!v.letter.expired) await answer(v, v.letter, 'open')
    if (toHear(v.letter)) await heard(v, v.letter)
    return v.c.body(null, 204)
  })
  door('POST', '/acknowledge', async (v) => {
    if (v.letter.may.acknowledge) await answer(v, v.letter, 'acknowledge')
    return home(v)
  })
}

/** An answer that the customer has not had before their eyes. */
const toHear = ({ objection }: Letter): boolean => Boolean(objection && !objection.open && !objection.toldAt)
