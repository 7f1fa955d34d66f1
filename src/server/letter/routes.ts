import { compress } from 'hono/compress'
import { LETTER_VERSION } from '../../shared/letter'
import type { House } from '../lib/serve'
import { answer, heard } from './answers'
import { requestDoors } from './asking'
import { complaintDoors } from './complaint'
import { doorsOf, home, look, page, type Door } from './doors'
import { firstPage } from './first'
import { fullPage } from './full'
import { objectionDoors } from './objection'
import type { Letter } from './letter'
import { recordPage } from './record'
import { requestSection } from './requests'
import { looksAt } from '../db/looked'

/** The customer's page: no login, no cookie, no script needed. Whoever holds the link may read it; only a button acts. */
export function letter(house: House): void {
  house.app.use('/n/*', compress())
  const door = doorsOf(house)
  // The first that fits answers: `/n/complaint` is no link.
  complaintDoors(house, door)
  noticeDoors(door)
  objectionDoors(door)
  requestDoors(house, door)
}

function noticeDoors(door: Door): void {
  door('GET', '', async (v) => {
    look(v, 'first')
    const unseen = (!v.letter.expired && !v.letter.openedAt) || toHear(v.letter)
    return page(
      v.c,
      firstPage(v.letter, v.sheet, v.at, unseen ? `${v.base}/seen` : undefined),
      v.letter.expired ? 410 : 200,
    )
  })
  door('GET', '/full', async (v) => {
    look(v, 'full')
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  // The rules to keep: the same page as a file.
  door('GET', '/full/file', async (v) => {
    look(v, 'full')
    v.c.header('content-disposition', `attachment; filename="notice-${LETTER_VERSION}.html"`)
    return page(v.c, fullPage(v.letter, v.sheet))
  })
  door('GET', '/record', async (v) => {
    look(v, 'record')
    const looks = await looksAt(v.tx, v.letter.customer)
    // What each room keeps of this customer, in the order a reader asks.
    const sections = [await requestSection(v.tx, v.letter, v.sheet)]
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
