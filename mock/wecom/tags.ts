import type { Call, Family } from './api'
import { Refusal } from './envelope'
import { memberOf, type Inside } from './inside'
import { known } from './members'
import { tagIndex } from './tagindex'
import { atMost, optionalText, text, texts } from './params'
import type { Relation } from './state'

/** get_corp_tag_list [D:92117], mark_tag [D:92118], remark [D:92115]. Done by API, they raise no event [D:92130]. */
export const tags: Family = {
  'externalcontact/get_corp_tag_list': {
    method: 'POST',
    access: 'customer contact',
    empty: { tag_group: [] },
    answer: library,
  },
  'externalcontact/mark_tag': { method: 'POST', access: 'customer contact', alone: ownMember, answer: markTag },
  'externalcontact/remark': { method: 'POST', access: 'customer contact', answer: remark },
}

function ownMember({ body }: Call): string {
  return `mark ${String(body['userid']).toLowerCase()}`
}

/** A group's id wins over tag ids (facts 3.5). */
function library({ state }: Inside, { body }: Call): Record<string, unknown> {
  const groupIds = body['group_id'] === undefined ? [] : texts(body['group_id'], 'group_id', 100)
  const tagIds = body['tag_id'] === undefined ? [] : texts(body['tag_id'], 'tag_id', 100)
  const shown = state.tagGroups
    .filter((g) => !g.strategy)
    .filter((g) => groupIds.length === 0 || groupIds.includes(g.groupId))
    .map((g) => ({
      ...g,
      tags: g.tags.filter((t) => groupIds.length > 0 || tagIds.length === 0 || tagIds.includes(t.id)),
    }))
    .filter((g) => g.tags.length > 0)
  if (groupIds.length + tagIds.length > 0 && shown.length === 0) throw new Refusal(40068)
  return {
    tag_group: shown.map((g) => ({
      group_id: g.groupId,
      group_name: g.groupName,
      create_time: g.createTime,
      order: 0,
      tag: g.tags.map((t) => ({ id: t.id, name: t.name, create_time: g.createTime, order: 0 })),
    })),
  }
}

function markTag(inside: Inside, { id, path, body }: Call): Record<string, unknown> {
  const relation = relationOf(inside, body)
  const add = body['add_tag'] === undefined ? [] : texts(body['add_tag'], 'add_tag', 3000)
  const remove = body['remove_tag'] === undefined ? [] : texts(body['remove_tag'], 'remove_tag', 3000)
  if (add.length + remove.length === 0) throw new Refusal(40063)
  const known = tagIndex(inside.state.tagGroups)
  if ([...add, ...remove].some((t) => known.get(t)?.group.strategy !== false)) throw new Refusal(40068)
  const after = [...new Set([...relation.tagIds.filter((t) => !remove.includes(t)), ...add])]
  if (after.length > 3000) throw new Refusal(40058, "field 'add_tag' exceed max length 3000")
  relation.tagIds = after
  const pair = { api: path, requestId: id, userid: relation.userid, externalUserid: relation.externalUserid }
  if (add.length) inside.record({ ...pair, kind: 'tagged', tagIds: add })
  if (remove.length) inside.record({ ...pair, kind: 'untagged', tagIds: remove })
  inside.changed()
  return {}
}

function remark(inside: Inside, { id, path, body }: Call): Record<string, unknown> {
  const relation = relationOf(inside, body)
  const fields = ['remark', 'description', 'remark_company', 'remark_mobiles', 'remark_pic_mediaid']
  if (!fields.some((f) => body[f] !== undefined)) throw new Refusal(40063)
  const change: Partial<Relation> = {}
  const given = (name: string, characters: number) => atMost(optionalText(body[name], name), name, characters)
  if (body['remark'] !== undefined) change.remark = given('remark', 20)
  if (body['description'] !== undefined) change.description = given('description', 150)
  if (body['remark_company'] !== undefined) {
    // Only WeChat customers carry a remarked company (facts 3.4).
    if (inside.state.customers.get(relation.externalUserid)?.type !== 1)
      throw new Refusal(40058, "invalid field 'remark_company'")
    change.remarkCorpName = given('remark_company', 20)
  }
  if (body['remark_mobiles'] !== undefined) {
    // The list replaces the old one; one empty text empties it (facts 3.4).
    const mobiles = texts(body['remark_mobiles'], 'remark_mobiles', 10)
    if (mobiles.length) change.remarkMobiles = mobiles.filter((m) => m !== '')
  }
  Object.assign(relation, change)
  inside.record({
    api: path,
    requestId: id,
    kind: 'remarked',
    userid: relation.userid,
    externalUserid: relation.externalUserid,
  })
  inside.changed()
  return {}
}

/** The member must follow the customer and be in the app's range. */
function relationOf(inside: Inside, body: Record<string, unknown>): Relation {
  const userid = text(body['userid'], 'userid', 41009)
  const externalUserid = text(body['external_userid'], 'external_userid', 41035)
  known(inside, userid)
  if (!inside.state.customers.has(externalUserid)) throw new Refusal(40096)
  const relation = memberOf(inside, userid)?.relations.get(externalUserid)
  if (!relation) throw new Refusal(84061)
  return relation
}
