import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { fieldClasses, letterLists, type FieldClass, type Standpoint } from '../../shared/access'
import { canonical, type Json } from '../../shared/canonical'
import { askable } from '../../shared/consent'
import { fill, type Language } from '../../shared/lang/fill'
import { whoSees } from '../../shared/letter'
import { builtIn, letterWith, releaseClass } from '../../shared/textbuiltin'
import type { ChangeClass, Parts, TextName, Words } from '../../shared/text'
import { timeId } from '../lib/id'
import type { Audit } from './act'
import { supersede } from './consent'
import type { Db, Tx } from './open'

/** What the access table says at the time, as far as the letter prints it: part of a version of the page (T-59). */
export interface Lists {
  visible: FieldClass[]
  hidden: FieldClass[]
  seen: Record<FieldClass, Standpoint[]>
}
export const listsNow = (): Lists => ({
  ...letterLists(),
  seen: Object.fromEntries(fieldClasses.map((c) => [c, whoSees(c)])) as Lists['seen'],
})

/** One version of a text, as it was or is said. */
export interface Text {
  name: TextName
  version: number
  words: Words
  /** Of the page only. */
  lists: Lists | null
  digest: string
  since: Date
}

/** How the log and the rows name a version. */
export const idOf = ({ name, version }: Pick<Text, 'name' | 'version'>): string => `${name}@${version}`

export const digestOf = (words: Words, lists: Lists | null): string =>
  createHash('sha256')
    .update(canonical({ words, lists } as unknown as Json))
    .digest('hex')

/**
 * The version in use. Where none is written down yet, or the release brings other words, another sentence or another access
 * table, that is the next version, written down before it is said for the first time: no customer reads what has no number.
 */
export async function textInUse(tx: Tx, audit: Audit, at: Date, name: TextName): Promise<Text> {
  const latest = await latestVersion(tx, name)
  const next = nextByRelease(name, latest)
  if (!next) return textOf(name, latest!)
  await publish(tx, audit, { name, at, written: null, ...next }, latest?.version ?? 0)
  return textOf(name, (await latestVersion(tx, name))!)
}

type Row = NonNullable<Awaited<ReturnType<typeof latestVersion>>>

const textOf = (name: TextName, row: Pick<Row, 'version' | 'words' | 'lists' | 'digest' | 'publishedAt'>): Text => ({
  name,
  version: row.version,
  words: row.words as unknown as Words,
  lists: row.lists as unknown as Lists | null,
  digest: row.digest,
  since: row.publishedAt,
})

interface Change {
  words: Words
  lists: Lists | null
  class: ChangeClass
  reason: string
  changed: Words | Record<'zh-CN' | 'en', string> | null
}

/** Own words stay as they were written; what they do not have yet comes from the release, and so does the access table. */
function nextByRelease(name: TextName, latest: Row | undefined): Change | null {
  const release = builtIn(name)
  const lists = name === 'page' ? listsNow() : null
  const said = latest?.authored ? (latest.words as unknown as Words) : release
  const words = { 'zh-CN': onTop(release['zh-CN'], said['zh-CN']), en: onTop(release.en, said.en) }
  if (latest?.digest === digestOf(words, lists)) return null
  const before = latest?.lists as unknown as Lists | null | undefined
  const change = { words, lists, reason: 'release', changed: null }
  if (!latest) return { ...change, class: 'editorial' }
  if (!lists || canonical(before as unknown as Json) === canonical(lists as unknown as Json))
    return { ...change, class: releaseClass[name] ?? 'editorial' }
  const grown = lists.visible.some((c) => !before?.visible.includes(c))
  return { ...change, class: grown ? 'consent_material' : 'notice_material', changed: toldOf(lists, words) }
}

const onTop = (release: Parts, own: Parts): Parts =>
  Object.fromEntries(Object.entries(release).map(([part, sentence]) => [part, own[part] ?? sentence]))

function toldOf({ visible }: Lists, words: Words): Record<'zh-CN' | 'en', string> {
  const of = (language: 'zh-CN' | 'en') => {
    const letter = letterWith(language, words[language])
    return fill(letter.lists_changed, { visible: visible.map((c) => letter.fields[c].name).join(letter.listed) })
  }
  return { 'zh-CN': of('zh-CN'), en: of('en') }
}

/**
 * The next version, in use from this transaction on. What a notice-material change asks for is found from the versions
 * themselves (`notice/again.ts`); two at once cannot both be the next.
 */
export async function publish(
  tx: Tx,
  audit: Audit,
  change: Change & { name: TextName; at: Date; written: { by: string; confirmedBy: string } | null },
  after: number,
): Promise<number | null> {
  const { name, words, lists, at, written } = change
  const digest = digestOf(words, lists)
  const added = await tx
    .insertInto('textVersion')
    .values({
      ...{ text: name, version: after + 1, digest, class: change.class, reason: change.reason, publishedAt: at },
      words: json(words),
      lists: lists && json(lists),
      changed: change.changed && json(change.changed),
      ...{ writtenBy: written?.by ?? null, confirmedBy: written?.confirmedBy ?? null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst()
  if (!added) return null
  const id = idOf({ name, version: added.version })
  audit('text.published', id, { class: change.class, digest, written_by: written?.by ?? null })
  // What somebody agreed to is not what would be asked now: it ends at once (compliance 4.4).
  if (change.class === 'consent_material')
    for (const purpose of askable)
      await supersede(tx, audit, purpose, {
        ...{ at, reason: id, id: () => timeId(at.getTime()) },
        ...(written ? { member: written.confirmedBy } : {}),
      })
  return added.version
}

const json = (value: object) => sql<string>`${JSON.stringify(value)}::jsonb`

const latestVersion = (db: Db, name: TextName) =>
  db
    .selectFrom('textVersion')
    .select(['version', 'words', 'lists', 'digest', 'publishedAt'])
    .select(
      sql<boolean>`exists (select 1 from text_version own where own.text = ${name} and own.written_by is not null)`.as(
        'authored',
      ),
    )
    .where('text', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/** An earlier one, word for word. */
export async function textAt(db: Db, name: TextName, version: number): Promise<Text | null> {
  const row = await db
    .selectFrom('textVersion')
    .select(['version', 'words', 'lists', 'digest', 'publishedAt'])
    .where('text', '=', name)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ? textOf(name, row) : null
}

/** What customers who were told with an older page must be told of, oldest first. */
export const materialChanges = async (db: Db, after: number) =>
  (
    await db
      .selectFrom('textVersion')
      .select(['version', 'publishedAt as at', 'changed'])
      .where('text', '=', 'page')
      .where('version', '>', after)
      .where('class', '!=', 'editorial')
      .orderBy('version')
      .execute()
  ).flatMap(({ version, at, changed }) =>
    changed ? [{ version, at, changed: changed as Record<Language, string> }] : [],
  )

export type TextVersionRow = Awaited<ReturnType<typeof versionsOf>>[number]

/** Newest first. */
export const versionsOf = (db: Db, name: TextName) =>
  db
    .selectFrom('textVersion')
    .leftJoin('member as writer', 'writer.id', 'textVersion.writtenBy')
    .leftJoin('member as confirmer', 'confirmer.id', 'textVersion.confirmedBy')
    .select(['version', 'publishedAt', 'class', 'reason', 'changed', 'digest'])
    .select(['writer.name as by', 'confirmer.name as confirmedBy'])
    .where('text', '=', name)
    .orderBy('version', 'desc')
    .execute()
