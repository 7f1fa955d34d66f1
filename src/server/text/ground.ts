import { Failure } from '../../shared/failure'
import { builtIn } from '../../shared/textbuiltin'
import { textNamed, type TextName, type Words } from '../../shared/text'
import { problemsOf, refusalOf, type Ground } from '../../shared/textcheck'
import type { Audit } from '../db/act'
import type { Tx } from '../db/open'
import { digestOf, listsNow, textInUse, type Text } from '../db/text'
import type { Deps } from '../deps'
import type { Ctx } from '../lib/serve'
import { failureOf } from './refused'
import { longestNames } from './rows'
import { samplesFor } from './samples'

/** What a text is looked at with: its parts, the longest real values, the access table of now. */
export async function groundOf({ config, now }: Deps, tx: Tx, audit: Audit, name: TextName): Promise<Ground> {
  const page = await textInUse(tx, audit, now(), 'page')
  return {
    parts: Object.keys(builtIn(name)['zh-CN']),
    samples: samplesFor(config, await longestNames(tx), page.words),
    showsSensitive: listsNow().visible.includes('F5'),
  }
}

export function nameOf(given: string): TextName {
  const name = textNamed(given)
  if (!name) throw new Failure('not_found')
  return name
}

/** Every part of the text and nothing else; what was not sent is empty, and said to be so. */
export function onlyParts(name: TextName, given: Words): Words {
  const names = Object.keys(builtIn(name)['zh-CN'])
  const of = (parts: Words['en']) => Object.fromEntries(names.map((part) => [part, (parts[part] ?? '').trim()]))
  return { 'zh-CN': of(given['zh-CN']), en: of(given.en) }
}

export const digestWith = (used: Text, words: Words): string => digestOf(words, used.lists && listsNow())

/** Refused with the name of what is missing, or with what is said and must not be. Answers the version in use. */
export async function mayBePublished(
  deps: Deps,
  tx: Tx,
  audit: Audit,
  c: Ctx,
  { name, words }: { name: TextName; words: Words },
): Promise<Text> {
  const used = await textInUse(tx, audit, deps.now(), name)
  if (used.digest === digestWith(used, words)) throw new Failure('text_same')
  const refusal = refusalOf(problemsOf(name, words, await groundOf(deps, tx, audit, name)))
  if (refusal) throw failureOf(refusal, c.get('language'))
  return used
}
