import { randomBytes } from 'node:crypto'
import type { CastTagGroup } from './cast'
import { events } from './events'
import { someone } from './console'
import type { Inside } from './inside'
import type { Group } from './state'
import type { LibraryDeeds } from './world'

const byHand = { api: 'people', requestId: null }

/** What administrators change in the console besides people: tags, groups, the app itself. */
export function createLibrary(inside: Inside): LibraryDeeds {
  const { state } = inside
  const groupOf = (id: string): CastTagGroup => {
    const found = state.tagGroups.find((g) => g.groupId === id)
    if (!found) throw new Error(`No tag group ${id}.`)
    return found
  }
  const homeOf = (tagId: string): CastTagGroup => {
    const found = state.tagGroups.find((g) => g.tags.some((t) => t.id === tagId))
    if (!found) throw new Error(`No tag ${tagId}.`)
    return found
  }
  const changed = (type: 'create' | 'update' | 'delete' | 'shuffle', kind: 'tag' | 'tag_group', id: string): void => {
    // The library is read as a new one: what is derived from it is made anew.
    state.tagGroups = [...state.tagGroups]
    events.tagChanged(inside, type, kind, id)
    inside.changed()
  }
  return {
    addTagGroup(name, tags) {
      const groupId = newId()
      const createTime = inside.clock.seconds()
      const group = { groupId, groupName: name, createTime, tags: tags.map((t) => ({ id: newId(), name: t })) }
      state.tagGroups = [...state.tagGroups, group]
      changed('create', 'tag_group', groupId)
      for (const tag of group.tags) changed('create', 'tag', tag.id)
      return group
    },
    addTag(groupId, name) {
      const tag = { id: newId(), name }
      groupOf(groupId).tags.push(tag)
      changed('create', 'tag', tag.id)
      return tag
    },
    editTag(tagId, name) {
      for (const tag of homeOf(tagId).tags) if (tag.id === tagId) tag.name = name
      changed('update', 'tag', tagId)
    },
    editTagGroup(groupId, name) {
      groupOf(groupId).groupName = name
      changed('update', 'tag_group', groupId)
    },
    deleteTag(tagId) {
      const group = homeOf(tagId)
      group.tags = group.tags.filter((t) => t.id !== tagId)
      changed('delete', 'tag', tagId)
    },
    deleteTagGroup(groupId) {
      const group = groupOf(groupId)
      state.tagGroups = state.tagGroups.filter((g) => g !== group)
      changed('delete', 'tag_group', groupId)
    },
    shuffleTags(groupId) {
      if (groupId === undefined) state.tagGroups.reverse()
      else groupOf(groupId).tags.reverse()
      changed('shuffle', groupId === undefined ? 'tag_group' : 'tag', groupId ?? '')
    },
    changeGroupOwner(chatId, userid) {
      const group = chatOf(inside, chatId)
      const handover = group.owner
      group.owner = someone(inside, userid).userid
      if (!group.members.some((m) => m.userid === group.owner))
        group.members.push({ userid: group.owner, type: 1, joinTime: inside.clock.seconds() })
      inside.record({ ...byHand, kind: 'group_moved', handover, takeover: group.owner, chatId })
      events.groupOwnerChanged(inside, chatId, group.owner)
      inside.changed()
    },
    dismissGroup(chatId) {
      const { owner } = chatOf(inside, chatId)
      state.groups.delete(chatId)
      events.groupDismissed(inside, chatId, owner)
      inside.changed()
    },
    rotateSecret(which, value = randomBytes(32).toString('base64url')) {
      inside.secrets[which] = value
      return value
    },
    tokensDie(errcode = 42001) {
      for (const token of state.tokens) token.dead = errcode
    },
    appHealth: (event, effectTime) => events.appHealth(inside, event, effectTime),
  }
}

function chatOf(inside: Inside, chatId: string): Group {
  const group = inside.state.groups.get(chatId)
  if (!group) throw new Error(`No group ${chatId}.`)
  return group
}

const newId = (): string => `et${randomBytes(15).toString('hex')}`
