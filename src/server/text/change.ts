import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { confirmText, discardText, proposeText, rejectText, saveText, type Words } from '../../shared/text'
import { problemsOf } from '../../shared/textcheck'
import { findingsIn } from '../../shared/textlint'
import { act } from '../db/act'
import type { Tx } from '../db/open'
import { listsNow, publish, textInUse } from '../db/text'
import { serve, type House } from '../lib/serve'
import { digestWith, groundOf, mayBePublished, nameOf, onlyParts } from './ground'
import * as rows from './rows'

/** From a draft to the next version: saved, submitted with its kind and reason, confirmed or sent back by a second person. */
export function changing(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, saveText, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      const draft = await rows.holdDraft(tx, name)
      const used = await textInUse(tx, audit, now(), name)
      if (input.on !== (draft?.digest ?? used.digest)) throw new Failure('stale')
      const words = onlyParts(name, input.words)
      const digest = digestWith(used, words)
      const writers = [...new Set([...(draft?.writers ?? []), caller.id])]
      const written = { words, digest, by: caller.id, writers, at: now() }
      if (draft) await rows.writeDraft(tx, name, written)
      else if (!(await rows.beginDraft(tx, name, written))) throw new Failure('stale')
      audit('text.saved', name, { digest })
      return { digest, problems: problemsOf(name, words, await groundOf(deps, tx, audit, name)) }
    }),
  )

  serve(house, proposeText, ({ input, caller, c }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      const draft = await held(tx, input, 'draft')
      await mayBePublished(deps, tx, audit, c, { name, words: draft.words as unknown as Words })
      const told = input.class === 'editorial' ? null : (input.changed ?? null)
      if (input.class !== 'editorial' && (!told || Object.values(told).some((one) => findingsIn(one).length)))
        throw new Failure('text_told')
      await rows.proposeDraft(tx, name, { class: input.class, reason: input.reason, changed: told })
      audit('text.proposed', name, { digest: input.digest, class: input.class })
      return OK
    }),
  )

  serve(house, confirmText, async ({ input, caller, c }) => {
    const version = await act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      const draft = await held(tx, input, 'proposed')
      if (draft.writers.includes(caller.id)) throw new Failure('own_text')
      if (draft.class !== input.class) throw new Failure('stale')
      const words = draft.words as unknown as Words
      const used = await mayBePublished(deps, tx, audit, c, { name, words })
      const said = { class: input.class, reason: draft.reason ?? '', changed: draft.changed as Told }
      const written = { by: draft.writtenBy, confirmedBy: caller.id }
      const change = { name, words, lists: used.lists && listsNow(), at: now(), written, ...said }
      const added = await publish(tx, audit, change, used.version)
      if (added === null) throw new Failure('stale')
      await rows.endDraft(tx, name)
      return added
    })
    if (input.class !== 'editorial') deps.wake('notices')
    return { version }
  })

  serve(house, rejectText, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      await held(tx, input, 'proposed')
      await rows.rejectDraft(tx, name, { by: caller.id, why: input.reason })
      audit('text.rejected', name, { digest: input.digest })
      return OK
    }),
  )

  serve(house, discardText, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { text: name } = await held(tx, input, null)
      await rows.endDraft(tx, nameOf(name))
      audit('text.discarded', name, { digest: input.digest })
      return OK
    }),
  )
}

type Told = Record<'zh-CN' | 'en', string> | null

/** What is decided on is what was seen, and nothing that was written meanwhile. */
async function held(tx: Tx, { name, digest }: { name: string; digest: string }, state: 'draft' | 'proposed' | null) {
  const draft = await rows.holdDraft(tx, nameOf(name))
  if (!draft || draft.digest !== digest || (state && draft.state !== state)) throw new Failure('stale')
  return draft
}
