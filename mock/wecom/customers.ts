import type { Call, Family } from './api'
import { page, pageFrom } from './cursor'
import { contact, follow, tagsOf } from './customershape'
import { Refusal } from './envelope'
import { departedOf, followers, inRange, memberOf, visibleMembers, type Inside } from './inside'
import { known } from './members'
import { integer, texts } from './params'
import type { Member, Relation } from './state'
import { chain, type Table } from './table'
import { tagIndex } from './tagindex'

const FOLLOWERS_A_PAGE = 500

/** get_follow_user_list [D:92571], list [D:92113], get [D:92114], batch/get_by_user [D:92994]. */
export const customers: Family = {
  'externalcontact/get_follow_user_list': {
    method: 'GET',
    access: 'customer contact',
    empty: { follow_user: [] },
    answer: (inside) => ({
      follow_user: visibleMembers(inside)
        .filter((m) => m.followsCustomers)
        .map((m) => m.userid),
    }),
  },
  'externalcontact/list': {
    method: 'GET',
    access: 'customer contact',
    empty: { external_userid: [] },
    stored: true,
    answer: (inside, { query }) => {
      const userid = query.get('userid')
      if (!userid) throw new Refusal(41009)
      const member = known(inside, userid)
      if (!memberOf(inside, userid)) throw new Refusal(inside.switches.departedAnswer)
      if (!member.followsCustomers) throw new Refusal(84074)
      // No customer at all is an error, not an empty list (facts 3.1).
      if (member.relations.size === 0) throw new Refusal(84061)
      return { external_userid: [...member.relations.keys()] }
    },
  },
  'externalcontact/get': {
    method: 'GET',
    access: 'customer contact',
    empty: { external_contact: {}, follow_user: [] },
    stored: true,
    answer: one,
  },
  'externalcontact/batch/get_by_user': {
    method: 'POST',
    access: 'customer contact',
    empty: { external_contact_list: [], next_cursor: '' },
    stored: true,
    answer: byUser,
  },
}

function one(inside: Inside, { query }: Call): Record<string, unknown> {
  const id = query.get('external_userid')
  if (!id) throw new Refusal(41035)
  const customer = inside.state.customers.get(id)
  if (!customer) throw new Refusal(40096)
  const present = followers(inside, id).filter((f) => inRange(inside, f.member.userid))
  if (present.length === 0) {
    const left = departedFollowers(inside, id)
    throw new Refusal(left.length ? inside.switches.departedAnswer : 84061)
  }
  const shown = inside.switches.showsDepartedFollower ? [...present, ...departedFollowers(inside, id)] : present
  const { rows, next } = page(shown, { cursor: query.get('cursor'), limit: FOLLOWERS_A_PAGE, question: ['get', id] })
  return {
    external_contact: contact(customer),
    follow_user: rows.map(({ relation }) => ({ ...follow(customer, relation), ...tagsOf(inside, relation) })),
    ...(next ? { next_cursor: next } : {}),
  }
}

const departedFollowers = (inside: Inside, id: string): { member: Member; relation: Relation }[] =>
  [...inside.state.departed.values()].flatMap((member) => {
    const relation = member.relations.get(id)
    return relation && inRange(inside, member.userid) ? [{ member, relation }] : []
  })

function byUser(inside: Inside, { body }: Call): Record<string, unknown> {
  const userids = texts(body['userid_list'], 'userid_list', 100)
  if (userids.length === 0) throw new Refusal(40063)
  // Larger is clamped, not refused (facts 3.3).
  const limit = Math.min(100, integer(body['limit'], 'limit', { min: 1, max: 1_000_000, otherwise: 50 }))
  const tables = userids.map((userid) => followed(inside, userid))
  const tags = tagIndex(inside.state.tagGroups)
  const asked = { cursor: body['cursor'], limit, question: ['get_by_user', userids] }
  const { rows, next } = pageFrom((position) => chain(tables, position), asked)
  return {
    external_contact_list: rows.flatMap((relation) => {
      const customer = inside.state.customers.get(relation.externalUserid)
      // Personal tags are left out, corp tags come as ids without names (facts 3.3).
      return customer
        ? [
            {
              external_contact: contact(customer),
              follow_info: { ...follow(customer, relation), tag_id: relation.tagIds.filter((t) => tags.has(t)) },
            },
          ]
        : []
    }),
    next_cursor: next,
  }
}

function followed(inside: Inside, userid: string): Table<Relation> {
  const member = memberOf(inside, userid)
  if (!member && !departedOf(inside, userid)) throw new Refusal(40003)
  const { departedPage } = inside.switches
  if (!member && departedPage !== 'empty') throw new Refusal(departedPage)
  return member && inRange(inside, userid) ? member.relations : new Map<string, Relation>()
}
