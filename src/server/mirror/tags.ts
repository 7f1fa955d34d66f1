import { act } from '../db/act'
import type { Deps } from '../deps'
import { tagList } from '../wecom/apis'
import { chunksOf } from '../wecom/pages'
import type { Run } from './run'
import { allTags, saveTags } from './rows'

/** The corp's tags. A deleted one keeps its name here, because histories and relations still mention it. */
export async function readTags(deps: Deps, run: Run): Promise<void> {
  const { tag_group } = await deps.wecom.ask(tagList, {})
  const listed = new Map(
    tag_group.flatMap((group) =>
      group.tag.map((t) => {
        const deleted = Boolean(group.deleted || t.deleted)
        return [t.id, { id: t.id, groupName: group.group_name, name: t.name, deleted }] as const
      }),
    ),
  )
  const known = new Map((await allTags(deps.db)).map((t) => [t.id, t]))
  const gone = [...known.values()].filter((t) => !t.deleted && !listed.has(t.id)).map((t) => ({ ...t, deleted: true }))
  const changed = [...listed.values()].filter((t) => {
    const k = known.get(t.id)
    return !k || k.groupName !== t.groupName || k.name !== t.name || k.deleted !== t.deleted
  })
  const rows = [...changed, ...gone]
  run.read.tags = listed.size
  run.changes += rows.length
  if (!rows.length) return
  await act(deps.db, deps.now(), 'wecom', async (tx, audit) => {
    for (const part of chunksOf(rows, 1000)) await saveTags(tx, part)
    audit('mirror.changed', 'tag', { tags: rows.map((t) => t.id) })
  })
}
