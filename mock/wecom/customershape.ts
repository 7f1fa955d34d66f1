import type { CastCustomer } from './cast'
import type { Inside } from './inside'
import type { Relation } from './state'
import { tagIndex } from './tagindex'

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

/** Corp tags are type 1, those of strategy groups 3, both with an id; personal ones are type 2 without. And the key itself only when there is something. */
export function tagsOf({ state }: Inside, relation: Relation): Record<string, unknown> {
  const corp = relation.tagIds.flatMap((id) => {
    const tag = tagIndex(state.tagGroups).get(id)
    const type = tag?.group.strategy ? 3 : 1
    return tag ? [{ group_name: tag.group.groupName, tag_name: tag.name, tag_id: id, type }] : []
  })
  const personal = relation.personalTags.map((tag_name) => ({ group_name: '个人标签', tag_name, type: 2 }))
  return corp.length + personal.length ? { tags: [...corp, ...personal] } : {}
}
