import { compress } from 'hono/compress'
import type { House } from '../lib/serve'
import { answer, heard } from './answers'
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
import { recordPage } from './record'
import { looksAt } from './rows'

/** The customer's page: no login, no cookie, no script needed. Whoever holds the link may read it; only a button acts. */
export function letter(house: House): void {
  house.app.use('/n/*', compress())
  const door = doorsOf(house)
  // The first that fits answers: `/n/complaint` is no link.
  complaintDoors(house, door)
  identityDoors(house, door)
  choiceDoors(door)
  noticeDoors(door)
  objectionDoors(door)
}

function noticeDoors(door: Door): void {
  door('GET', '', async (v) => {
    look(v, 'first')
    const unseen = (!v.letter.expired && !v.letter.openedAt) || toHear(v.letter)
    const notes = choiceNotes(v.sheet, await openChoices(v))
    const seen = unseen ? `${v.base}/seen` : undefined
    return page(v.c, firstPage(v.letter, v.sheet, v.at, notes, seen), v.letter.expired ? 410 : 200)
  })
  door('GET', '/full', async (v) => {
    look(v, 'full')
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  door('GET', '/record', async (v) => {
    look(v, 'record')
    const [choices, receipts] = [await openChoices(v), await receiptsOf(v.tx, v.letter.customer)]
    const section = choicesSection(v.sheet, choices, receipts)
    return page(v.c, recordPage(v.letter, await looksAt(v.tx, v.letter.customer), v.sheet, section))
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
