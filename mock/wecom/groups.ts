import { createHash } from 'node:crypto'
import type { Call, Family } from './api'
import { pageFrom, skipping } from './cursor'
import { Refusal } from './envelope'
import { departedOf, inRange, memberOf, ownerLeft, visibleMembers, type Inside } from './inside'
import { moveOnJob, moveResigned } from './groupmoves'
import { integer, text, texts } from './params'
import type { Group } from './state'

/** groupchat/list [D:92120], get [D:92122], transfer [D:92127], onjob_transfer [D:95703]. */
export const groups: Family = {
  'externalcontact/groupchat/list': {
    method: 'POST',
    access: 'customer contact',
    empty: { group_chat_list: [], next_cursor: '' },
    stored: true,
    answer: list,
  },
  'externalcontact/groupchat/get': {
    method: 'POST',
    access: 'customer contact',
    empty: { group_chat: {} },
    stored: true,
    answer: one,
  },
  'externalcontact/groupchat/transfer': {
    method: 'POST',
    access: 'customer contact',
    empty: { failed_chat_list: [] },
    alone: ({ body }) => `groups ${String(body['new_owner']).toLowerCase()}`,
    answer: moveResigned,
  },
  'externalcontact/groupchat/onjob_transfer': {
    method: 'POST',
    access: 'customer contact',
    empty: { failed_chat_list: [] },
    alone: ({ body }) => `groups ${String(body['new_owner']).toLowerCase()}`,
    answer: moveOnJob,
  },
}

function list(inside: Inside, { body }: Call): Record<string, unknown> {
  const status = integer(body['status_filter'], 'status_filter', { min: 0, max: 3, otherwise: 0 })
  const limit = integer(body['limit'], 'limit', { min: 1, max: 1000 })
  const owners = ownersOf(inside, body['owner_filter'])
  const asked = { cursor: body['cursor'], limit, question: [status, owners] }
  const { rows, next } = pageFrom((position) => skipping(found(inside, status, owners), position), asked)
  return { group_chat_list: rows.map((g) => ({ chat_id: g.chatId, status: g.status })), next_cursor: next }
}

function* found(inside: Inside, status: number, owners: string[]): Generator<Group> {
  for (const group of inside.state.groups.values())
    if ((status === 0 || group.status === status) && inRange(inside, group.owner) && chosen(inside, group, owners))
      yield group
}

function ownersOf(inside: Inside, filter: unknown): string[] {
  const list = typeof filter === 'object' && filter !== null && 'userid_list' in filter ? filter.userid_list : undefined
  const owners = list === undefined ? [] : texts(list, 'userid_list', 100)
  if (owners.length === 0 && visibleMembers(inside).length > 1000) throw new Refusal(81017)
  for (const userid of owners) {
    const gone = !memberOf(inside, userid)
    if (gone && (!departedOf(inside, userid) || inside.switches.departedOwnerFilter === 40003)) throw new Refusal(40003)
  }
  return owners.map((o) => o.toLowerCase())
}

/** U6. As documented, a departed owner's groups come only when he is asked for; as reported, only when nobody is. */
function chosen(inside: Inside, group: Group, owners: string[]): boolean {
  if (owners.length) return owners.includes(group.owner.toLowerCase())
  return !ownerLeft(inside, group) || inside.switches.departedOwnerFilter === 40003
}

function one(inside: Inside, { body }: Call): Record<string, unknown> {
  const group = inside.state.groups.get(text(body['chat_id'], 'chat_id'))
  const named = integer(body['need_name'], 'need_name', { min: 0, max: 1, otherwise: 0 }) === 1
  if (!group) throw new Refusal(40050)
  if (!inRange(inside, group.owner)) throw new Refusal(60011)
  if (ownerLeft(inside, group) && !inside.switches.departedOwnerGroup) throw new Refusal(84061)
  return {
    group_chat: {
      chat_id: group.chatId,
      name: group.name,
      owner: group.owner,
      create_time: group.createTime,
      notice: group.notice,
      member_list: group.members.map((m) => ({
        userid: m.userid,
        type: m.type,
        join_time: m.joinTime,
        join_scene: 1,
        ...(m.userid === group.owner ? {} : { invitor: { userid: group.owner } }),
        group_nickname: '',
        ...(named ? { name: nameOf(inside, m.userid, m.type) } : {}),
      })),
      admin_list: [],
      member_version: createHash('md5').update(JSON.stringify(group.members)).digest('hex'),
    },
  }
}

const nameOf = (inside: Inside, id: string, type: 1 | 2): string =>
  (type === 1 ? (memberOf(inside, id) ?? departedOf(inside, id)) : inside.state.customers.get(id))?.name ?? ''
