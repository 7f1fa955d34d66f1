import { Failure } from '../../shared/failure'
import { checkText, getText, getTextVersion, listTexts, textNames, type Words } from '../../shared/text'
import { problemsOf } from '../../shared/textcheck'
import { act } from '../db/act'
import { textAt, textInUse, versionsOf } from '../db/text'
import { serve, type House } from '../lib/serve'
import { changing } from './change'
import { groundOf, nameOf, onlyParts } from './ground'
import * as rows from './rows'
import { shownDraft, shownText, shownVersion } from './shown'

/** Texts to customers: written by one of compliance, confirmed by another, and never changed once they are in use. */
export function text(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, listTexts, ({ caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const written = new Map((await rows.drafts(tx)).map((draft) => [draft.text, draft]))
      const items = []
      for (const name of textNames) {
        const { version, since } = await textInUse(tx, audit, now(), name)
        const draft = written.get(name)
        const state = draft?.state === 'proposed' ? ('proposed' as const) : ('draft' as const)
        const of = draft ? { state, by: draft.by, mine: draft.writers.includes(caller.id) } : null
        items.push({ name, version, since: since.toISOString(), draft: of })
      }
      return { items }
    }),
  )

  serve(house, getText, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      const used = await textInUse(tx, audit, now(), name)
      const ground = await groundOf(deps, tx, audit, name)
      const draft = await rows.draftOf(tx, name)
      const words = (draft?.words as unknown as Words | undefined) ?? used.words
      return {
        ...shownText(used, ground),
        versions: (await versionsOf(tx, name)).map(shownVersion),
        draft: draft ? shownDraft(draft, caller.id) : null,
        problems: problemsOf(name, words, ground),
      }
    }),
  )

  serve(house, getTextVersion, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      await textInUse(tx, audit, now(), name)
      const found = await textAt(tx, name, input.version)
      const story = (await versionsOf(tx, name)).find(({ version }) => version === input.version)
      if (!found || !story) throw new Failure('not_found')
      return { version: shownVersion(story), words: found.words, digest: found.digest }
    }),
  )

  serve(house, checkText, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const name = nameOf(input.name)
      return { problems: problemsOf(name, onlyParts(name, input.words), await groundOf(deps, tx, audit, name)) }
    }),
  )

  changing(house)
}
