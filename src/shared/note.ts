import * as z from 'zod/mini'
import { done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'

/**
 * What a member writes down about a customer: an entry of the history, which is never changed. A wrong one is put right by a
 * new entry that names it; a mistaken one may be taken back by its author for so long, and stays in the log without its words.
 */
export const UNDO_MS = 10 * 60_000
export const NOTE_MAX = 500

/** `memo`: written for whoever comes after, by somebody who will leave. */
export const noteKinds = ['note', 'memo'] as const

export const note = personal({
  F2: {
    id,
    kind: z.enum(noteKinds),
    at: instant,
    author: z.string(),
    /** The reader's own. */
    mine: z.boolean(),
    /** null: its author took it back. */
    text: z.nullable(as('text', z.string())),
    /** The note that this one puts right. */
    corrects: z.nullable(z.object({ author: z.string(), at: instant })),
    /** A later note puts this one right. */
    corrected: z.boolean(),
    /** Until when the reader may take it back. */
    undoUntil: z.nullable(instant),
  },
})
export type Note = z.output<typeof note>

/** Newest first. */
export const listNotes = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/notes',
  access: ['rep'],
  input: z.object({ customer: id, ...pageInput }),
  output: page(note),
})

/** `once`: the page's own name for this writing; `sure`: the member was told that it holds something sensitive, and means it. */
export const written = {
  text: words(NOTE_MAX),
  once: id,
  sure: z._default(z.boolean(), false),
}

export const addNote = endpoint({
  method: 'POST',
  path: '/api/handovers/:handover/notes',
  access: ['rep'],
  input: z.object({ handover: id, corrects: z.optional(id), ...written }),
  output: house({ id, undoUntil: instant }),
})

export const withdrawNote = endpoint({
  method: 'POST',
  path: '/api/notes/:note/withdraw',
  access: ['rep'],
  input: z.object({ note: id }),
  output: done,
})
