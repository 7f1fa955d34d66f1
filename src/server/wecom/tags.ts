import { sql } from 'kysely'
import { act } from '../db/act'
import type { Db, Tx } from '../db/open'
import type { Deps } from '../deps'
import { tagList } from './apis'
import { WeComError } from './client'
import { BAD_TAG } from './errcodes'

interface TagRow {
  id: string
  groupName: string
  name: string
  deleted: boolean
}

type Reading = Pick<Deps, 'db' | 'wecom' | 'now'>

/**
 * Reads the corp's tags, all or one, and writes down what is new. A deleted one keeps its name here, because histories and
 * relations still mention it. Answers how many there are and how many changed.
 */
export async function readTags(deps: Reading, only?: string): Promise<{ read: number; changes: number }> {
  const listed = await listTags(deps, only)
  const known = new Map((await tagsIn(deps.db, only)).map((t) => [t.id, t]))
  const gone = [...known.values()].filter((t) => !t.deleted && !listed.has(t.id)).map((t) => ({ ...t, deleted: true }))
  const changed = [...listed.values()].filter((t) => {
    const k = known.get(t.id)
    return !k || k.groupName !== t.groupName || k.name !== t.name || k.deleted !== t.deleted
  })
  const rows = [...changed, ...gone]
  if (rows.length)
    await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
      await saveTags(tx, rows)
      audit('mirror.changed', 'tag', { tags: rows.map((t) => t.id) })
    })
  return { read: listed.size, changes: rows.length }
}

async function listTags({ wecom }: Reading, only: string | undefined): Promise<Map<string, TagRow>> {
  const { tag_group } = await wecom.ask(tagList, only ? { tag_id: [only] } : {}).catch((error: unknown) => {
    // A tag that was deleted is an invalid one (facts 1.4).
    if (only && error instanceof WeComError && error.errcode === BAD_TAG) return { tag_group: [] }
    throw error
  })
  return new Map(
    tag_group.flatMap((group) =>
      group.tag
        .filter((t) => !only || t.id === only)
        .map((t) => {
          const deleted = Boolean(group.deleted || t.deleted)
          return [t.id, { id: t.id, groupName: group.group_name, name: t.name, deleted }] as const
        }),
    ),
  )
}

const tagsIn = (db: Db, only: string | undefined) =>
  db
    .selectFrom('tag')
    .selectAll()
    .$if(only !== undefined, (q) => q.where('id', '=', only ?? ''))
    .execute()

const saveTags = (tx: Tx, rows: readonly TagRow[]) =>
  sql`
    insert into tag (id, group_name, name, deleted)
    select * from json_to_recordset(${JSON.stringify(rows)}::json)
      as t("id" text, "groupName" text, "name" text, "deleted" boolean)
    on conflict (id) do update set group_name = excluded.group_name, name = excluded.name, deleted = excluded.deleted`.execute(
    tx,
  )
