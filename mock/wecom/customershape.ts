import type { CastCustomer } from './cast'
import type { Inside } from './inside'
import type { Relation } from './state'

// The objects inside the answers of get and get_by_user.

/** Company and position only of WeCom users; what is not known is absent (facts 3.2). */
export const contact = (c: CastCustomer): Record<string, unknown> => ({
  external_userid: c.externalUserid,
  name: c.name,
  ...(c.type === 2 && c.position ? { position: c.position } : {}),
  avatar: c.avatar,
  ...(c.type === 2 && c.corpName ? { corp_name: c.corpName } : {}),
  ...(c.type === 2 && c.corpFullName ? { corp_full_name: c.corpFullName } : {}),
  type: c.type,
  gender: c.gender,
})

export const follow = (customer: CastCustomer, r: Relation): Record<string, unknown> => ({
  userid: r.userid,
  remark: r.remark,
  description: r.description,
  createtime: r.createtime,
  ...(customer.type === 1 && r.remarkCorpName ? { remark_corp_name: r.remarkCorpName } : {}),
  ...(r.remarkMobiles.length ? { remark_mobiles: r.remarkMobiles } : {}),
  oper_userid: r.operUserid,
  add_way: r.addWay,
  ...(r.state ? { state: r.state } : {}),
})

/** Type 1 with an id, type 2 without one, and the key itself only when there is something. */
export function tagsOf({ state }: Inside, relation: Relation): Record<string, unknown> {
  const corp = relation.tagIds.flatMap((id) => {
    const group = state.tagGroups.find((g) => g.tags.some((t) => t.id === id))
    const tag = group?.tags.find((t) => t.id === id)
    return group && tag ? [{ group_name: group.groupName, tag_name: tag.name, tag_id: id, type: 1 }] : []
  })
  const personal = relation.personalTags.map((tag_name) => ({ group_name: '个人标签', tag_name, type: 2 }))
  return corp.length + personal.length ? { tags: [...corp, ...personal] } : {}
}
