import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { addNote, listNotes, withdrawNote, type Note } from '../../shared/note'
import { act } from '../db/act'
import { addHistory } from '../db/history'
import { look } from '../db/look'
import { undoUntil, writeNote } from '../db/note'
import { inheritedCustomer, inheritedHandover, sightOfRow } from '../db/standing'
import { servingRow } from '../db/serving'
import { seenBy } from '../lib/cut'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

/** What the successor writes down, reads and puts right; once the customer is told, like all that is service history (F2). */
export function note(house: House): void {
  const { deps } = house

  serve(house, listNotes, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = servingRow(await inheritedCustomer(tx, caller.id, input.customer), now)
      const sight = sightOfRow(row, now)
      const after = readPlace(input.after, instant, word)
      look(audit, 'look.notes', row.customer, { sight, door: listNotes, handover: row.handover, only: ['F2'] })
      return pageOf(
        await rows.notesOf(tx, row.customer, after, input.limit),
        input.limit,
        (n) => placeOf(n.writtenAt.toISOString(), n.id),
        (n) => seenBy(sight, shown(n, caller.id, now)),
      )
    })
  })

  serve(house, addNote, ({ input, caller, c }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = servingRow(await inheritedHandover(tx, caller.id, input.handover), now)
      const { text, once, sure, corrects } = input
      const { id, writtenAt } = await writeNote(tx, audit, deps, {
        ...{ kind: 'note', customer: row.customer, by: caller.id, text, once, sure, corrects },
        ...{ language: c.get('language'), said: { handover: row.handover } },
      })
      return { id, undoUntil: undoUntil(writtenAt).toISOString() }
    })
  })

  serve(house, withdrawNote, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const found = await rows.ownNote(tx, input.note, caller.id)
      if (!found) throw new Failure('not_found')
      if (found.withdrawnAt) return OK
      if (now >= undoUntil(found.writtenAt)) throw new Failure('note_late')
      await rows.withdrawNote(tx, found.id, now)
      const entry = { id: deps.id(), customerId: found.customerId, at: now, authorId: caller.id }
      await addHistory(tx, [{ ...entry, source: 'member', kind: 'note.withdrawn', body: {} }])
      audit('note.withdrawn', found.id, { kind: found.kind })
      return OK
    })
  })
}

type Row = Awaited<ReturnType<typeof rows.notesOf>>[number]

function shown(row: Row, reader: string, now: Date): Note {
  const mine = row.authorId === reader
  const until = undoUntil(row.writtenAt)
  return {
    ...{ id: row.id, kind: row.kind as Note['kind'], at: row.writtenAt.toISOString(), author: row.author, mine },
    ...{ text: row.text, corrected: row.corrected },
    corrects: row.oldAuthor && row.oldAt ? { author: row.oldAuthor, at: row.oldAt.toISOString() } : null,
    undoUntil: mine && !row.withdrawnAt && now < until ? until.toISOString() : null,
  }
}
