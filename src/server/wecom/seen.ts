import type { AnswerOf } from './client'
import type { contactGet, contactsByUser, WeComContact } from './apis'

/** One relation as WeCom shows it now, whichever API it was read by. */
export interface Seen {
  externalUserid: string
  name: string
  kind: 'wechat' | 'wecom' | 'unknown'
  company: string | null
  title: string | null
  userid: string
  remark: string
  description: string
  /** The company the member noted down, which is not the company WeCom knows (facts gotcha 13). */
  noted: string | null
  mobiles: string[]
  tagIds: string[]
  /** A member's own tags, by name: they have no id (facts 3.2). Null: this way of reading does not tell them. */
  personalTags: string[] | null
  addWay: number
  since: Date | null
}

const person = (c: WeComContact) => ({
  externalUserid: c.external_userid,
  name: c.name,
  kind: c.type === 1 ? ('wechat' as const) : c.type === 2 ? ('wecom' as const) : ('unknown' as const),
  company: c.corp_name || null,
  title: c.position || null,
})

type Follow = Omit<AnswerOf<typeof contactGet>['follow_user'][number], 'tags'>

const followed = (
  f: Follow,
  tagIds: readonly string[],
): Omit<Seen, keyof ReturnType<typeof person> | 'personalTags'> => ({
  userid: f.userid,
  remark: f.remark,
  description: f.description,
  noted: f.remark_corp_name || null,
  mobiles: f.remark_mobiles.filter(Boolean).sort(),
  tagIds: [...new Set(tagIds.filter(Boolean))].sort(),
  addWay: f.add_way,
  since: f.createtime,
})

export const seenInBatch = (row: AnswerOf<typeof contactsByUser>['external_contact_list'][number]): Seen => ({
  ...person(row.external_contact),
  ...followed(row.follow_info, row.follow_info.tag_id),
  personalTags: null,
})

const PERSONAL = 2

/** Personal tags stay apart from the corp's, so that both ways of reading say the same of those. */
export const seenInContact = (answer: AnswerOf<typeof contactGet>): Seen[] =>
  answer.follow_user.map((f) => ({
    ...person(answer.external_contact),
    ...followed(
      f,
      f.tags.map((t) => t.tag_id),
    ),
    personalTags: [...new Set(f.tags.filter((t) => t.type === PERSONAL && t.tag_name).map((t) => t.tag_name))].sort(),
  }))
