import { builtIn } from '../../shared/textbuiltin'
import {
  placesFor,
  type ChangeClass,
  type TextDraft,
  type TextShown,
  type TextVersion,
  type Words,
} from '../../shared/text'
import type { Ground } from '../../shared/textcheck'
import type { Text, versionsOf } from '../db/text'
import type { draftOf } from './rows'

export const shownText = (
  { name, words, digest }: Text,
  { samples, parts }: Ground,
): Pick<TextShown, 'name' | 'places' | 'parts' | 'words' | 'digest' | 'samples'> => {
  const release = builtIn(name)
  const only = (of: Words['en'], all: Words['en']) =>
    Object.fromEntries(parts.map((part) => [part, of[part] ?? all[part] ?? '']))
  return {
    name,
    places: [...placesFor[name]],
    parts: [...parts],
    digest,
    words: { 'zh-CN': only(words['zh-CN'], release['zh-CN']), en: only(words.en, release.en) },
    samples: { 'zh-CN': pick(samples['zh-CN'], placesFor[name]), en: pick(samples.en, placesFor[name]) },
  }
}

const pick = (all: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, all[name] ?? '']))

export const shownVersion = (row: Awaited<ReturnType<typeof versionsOf>>[number]): TextVersion => ({
  version: row.version,
  since: row.publishedAt.toISOString(),
  class: row.class as ChangeClass,
  reason: row.reason,
  by: row.by,
  confirmedBy: row.confirmedBy,
})

export const shownDraft = (row: NonNullable<Awaited<ReturnType<typeof draftOf>>>, reader: string): TextDraft => ({
  state: row.state as TextDraft['state'],
  words: row.words as unknown as Words,
  digest: row.digest,
  class: row.class as ChangeClass | null,
  reason: row.reason,
  changed: row.changed as TextDraft['changed'],
  by: row.by,
  at: row.writtenAt.toISOString(),
  mine: row.writers.includes(reader),
  rejected: row.rejectedWhy === null ? null : { by: row.rejecter ?? '', reason: row.rejectedWhy },
})
