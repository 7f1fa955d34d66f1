import { expect, test } from 'vitest'
import { DAY, HOUR_MS, rows, simulate, START, type Row, type Sim } from './small-cast'

const heard = async (sim: Sim): Promise<Row[]> => {
  await sim.callbacks.idle()
  return sim.callbacks.deliveries.map(({ source, xml }) => ({
    source,
    ...Object.fromEntries(
      [
        ...xml.matchAll(
          /<(Event|ChangeType|TagType|Id|ChatId|UpdateDetail|EffectTime|UserID|Department)>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?<\//g,
        ),
      ].map(([, name, value]) => [name, value]),
    ),
  }))
}
const tagsOfWm1 = async (sim: Sim) =>
  (rows(await sim.get('externalcontact/get', { external_userid: 'wm1' }), 'follow_user')[0]?.['tags'] ?? []) as Row[]

test('a tag made, renamed or deleted in the console is told as change_external_tag and read at once', async () => {
  const sim = simulate()
  const tag = sim.world.addTag('etg1', '北京')
  sim.world.editTag('et1', '上海市')
  sim.world.deleteTag('et2')
  expect(await heard(sim)).toEqual([
    { source: 'app', Event: 'change_external_tag', Id: tag.id, TagType: 'tag', ChangeType: 'create' },
    { source: 'app', Event: 'change_external_tag', Id: 'et1', TagType: 'tag', ChangeType: 'update' },
    { source: 'app', Event: 'change_external_tag', Id: 'et2', TagType: 'tag', ChangeType: 'delete' },
  ])
  expect((await tagsOfWm1(sim)).map((t) => t['tag_name'])).toEqual(['上海市', '爱喝茶'])
  const page = await sim.post('externalcontact/batch/get_by_user', { userid_list: ['zhang'] })
  expect(rows(page, 'external_contact_list')[0]).toMatchObject({ follow_info: { tag_id: ['et1'] } })
  const mark = { userid: 'zhang', external_userid: 'wm1', add_tag: ['et2'] }
  expect((await sim.post('externalcontact/mark_tag', mark)).errcode).toBe(40068)
})

test('deleting a tag group is one event for the group and none for its tags; everything shuffled names nothing (facts 5.5)', async () => {
  const sim = simulate()
  sim.world.deleteTagGroup('etg2')
  sim.world.shuffleTags()
  sim.world.shuffleTags('etg1')
  sim.world.editTagGroup('etg1', '所在城市')
  const group = sim.world.addTagGroup('意向', ['高', '低'])
  expect((await heard(sim)).map((e) => [e['TagType'], e['ChangeType'], e['Id']])).toEqual([
    ['tag_group', 'delete', 'etg2'],
    ['tag_group', 'shuffle', ''],
    ['tag', 'shuffle', 'etg1'],
    ['tag_group', 'update', 'etg1'],
    ['tag_group', 'create', group.groupId],
    ['tag', 'create', group.tags[0]?.id],
    ['tag', 'create', group.tags[1]?.id],
  ])
  const library = rows(await sim.post('externalcontact/get_corp_tag_list'), 'tag_group')
  expect(library.map((g) => g['group_name'])).toEqual(['所在城市', '意向'])
})

test('tags of a strategy group stand at the customer as type 3, and are neither listed nor marked by another app', async () => {
  const sim = simulate({
    change: (cast) => {
      cast.tagGroups.push({
        groupId: 'stg1',
        groupName: '规则',
        createTime: 1,
        strategy: true,
        tags: [{ id: 'st1', name: '大客户' }],
      })
      cast.relations[0]?.tagIds.push('st1')
    },
  })
  expect((await tagsOfWm1(sim)).map((t) => [t['tag_id'], t['type']])).toEqual([
    ['et1', 1],
    ['et2', 1],
    ['st1', 3],
    [undefined, 2],
  ])
  expect(rows(await sim.post('externalcontact/get_corp_tag_list'), 'tag_group')).toHaveLength(2)
  const mark = { userid: 'zhang', external_userid: 'wm1' }
  expect((await sim.post('externalcontact/mark_tag', { ...mark, remove_tag: ['st1'] })).errcode).toBe(40068)
  expect((await sim.post('externalcontact/mark_tag', { ...mark, add_tag: ['爱喝茶'] })).errcode).toBe(40068)
})

test('what is done by API raises no event: tags and remarks', async () => {
  const sim = simulate()
  const pair = { userid: 'zhang', external_userid: 'wm1' }
  expect((await sim.post('externalcontact/mark_tag', { ...pair, add_tag: ['et3'] })).errcode).toBe(0)
  expect((await sim.post('externalcontact/remark', { ...pair, remark: '王' })).errcode).toBe(0)
  expect(await heard(sim)).toEqual([])
})

test('two calls at once for the tags of one member are 45035; for two members they are not', async () => {
  const sim = simulate()
  const mark = (userid: string, id: string) =>
    sim.post('externalcontact/mark_tag', { userid, external_userid: id, add_tag: ['et3'] })
  await sim.token()
  const same = await Promise.all([mark('zhang', 'wm1'), mark('zhang', 'wm2')])
  expect(same.map((r) => r.errcode).sort((a, b) => a - b)).toEqual([0, 45035])
  const two = await Promise.all([mark('zhang', 'wm1'), mark('li', 'wo4')])
  expect(two.map((r) => r.errcode)).toEqual([0, 0])
})

test('remarks are at most 20 and descriptions 150 characters; mobiles replace the old ones, one empty text clears them', async () => {
  const sim = simulate()
  const remark = async (more: object) =>
    (await sim.post('externalcontact/remark', { userid: 'zhang', external_userid: 'wm1', ...more })).errcode
  expect(await remark({ remark: '好'.repeat(20), description: '长'.repeat(150) })).toBe(0)
  expect([await remark({ remark: '好'.repeat(21) }), await remark({ description: '长'.repeat(151) })]).toEqual([
    40058, 40058,
  ])
  const mobiles = () => sim.world.relations({ userid: 'zhang', externalUserid: 'wm1' })[0]?.remarkMobiles
  await remark({ remark_mobiles: ['1', '2'] })
  expect(mobiles()).toEqual(['1', '2'])
  await remark({ remark_mobiles: [''] })
  expect([mobiles(), await remark({})]).toEqual([[], 40063])
})

test('a customer with more than 500 followers is read in pages', async () => {
  const sim = simulate({
    change: (cast) => {
      const pattern = cast.relations[0]
      const member = cast.members[0]
      for (let i = 0; pattern && member && i < 620; i++) {
        cast.members.push({ ...member, userid: `m${i}` })
        cast.relations.push({ ...pattern, userid: `m${i}`, externalUserid: 'wm2' })
      }
    },
  })
  const first = await sim.get('externalcontact/get', { external_userid: 'wm2' })
  const cursor = String(first['next_cursor'])
  const second = await sim.get('externalcontact/get', { external_userid: 'wm2', cursor })
  expect([rows(first, 'follow_user').length, rows(second, 'follow_user').length]).toEqual([500, 121])
  expect(second).not.toHaveProperty('next_cursor')
})

test('a member who moves to another department is update_user to the contact book’s address', async () => {
  const sim = simulate()
  sim.world.moveMember('li', [1, 2])
  expect(await heard(sim)).toEqual([{ source: 'contacts', Event: 'change_contact', ChangeType: 'update_user', UserID: 'li', Department: '1,2' }]) // prettier-ignore
  expect(await sim.get('user/get', { userid: 'li' })).toMatchObject({ department: [1, 2] })
})

test('WeCom warns an app that is hardly used', async () => {
  const sim = simulate()
  sim.world.appHealth('inactive_alert', START / 1000 + 7 * DAY)
  sim.world.appHealth('close_inactive_agent')
  expect(await heard(sim)).toEqual([
    { source: 'app', Event: 'inactive_alert', EffectTime: String(START / 1000 + 7 * DAY) },
    { source: 'app', Event: 'close_inactive_agent' },
  ])
})

test('a group gets another owner by hand, or is dismissed: told, and read at once', async () => {
  const sim = simulate()
  sim.world.changeGroupOwner('wr2', 'li')
  sim.world.dismissGroup('wr1')
  expect(await heard(sim)).toEqual([
    { source: 'app', Event: 'change_external_chat', ChatId: 'wr2', ChangeType: 'update', UpdateDetail: 'change_owner' },
    { source: 'app', Event: 'change_external_chat', ChatId: 'wr1', ChangeType: 'dismiss' },
  ])
  expect(await sim.post('externalcontact/groupchat/get', { chat_id: 'wr2' })).toMatchObject({
    group_chat: { owner: 'li' },
  })
  expect((await sim.post('externalcontact/groupchat/get', { chat_id: 'wr1' })).errcode).toBe(40050)
})

test('a successor whose limit is lowered while the customer waits is full when the 24 hours end', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  await sim.post('externalcontact/resigned/transfer_customer', {
    handover_userid: 'zhang',
    takeover_userid: 'li',
    external_userid: ['wm1'],
  })
  sim.world.allowCustomers('li', 1)
  await sim.clock.advance(24 * HOUR_MS)
  expect(sim.ledger.at(-1)?.kind).toBe('full')
})
