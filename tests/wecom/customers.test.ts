import { expect, test } from 'vitest'
import { rows, simulate, type Row } from './small-cast'

test('externalcontact/list gives ids, and 84061 instead of an empty list', async () => {
  const sim = simulate()
  expect(await sim.get('externalcontact/list', { userid: 'zhang' })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    external_userid: ['wm1', 'wm2', 'wm3'],
  })
  expect(await sim.get('externalcontact/list', { userid: 'unreal' })).toMatchObject({
    errcode: 84061,
    external_userid: [],
  })
  expect((await sim.get('externalcontact/list', { userid: 'office' })).errcode).toBe(84074)
  expect((await sim.get('externalcontact/list', { userid: 'nobody' })).errcode).toBe(40003)
})

test('externalcontact/get names tags, and leaves out what a relation does not have', async () => {
  const sim = simulate()
  expect(await sim.get('externalcontact/get', { external_userid: 'wm1' })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    external_contact: { external_userid: 'wm1', name: '王磊', avatar: 'https://example.com/1', type: 1, gender: 1 },
    follow_user: [
      {
        userid: 'zhang',
        remark: '王总',
        description: '认交期',
        createtime: expect.any(Number),
        remark_corp_name: '建材公司',
        remark_mobiles: ['13800000001'],
        oper_userid: 'zhang',
        add_way: 1,
        state: 'qr1',
        tags: [
          { group_name: '城市', tag_name: '上海', tag_id: 'et1', type: 1 },
          { group_name: '等级', tag_name: 'A', tag_id: 'et2', type: 1 },
          { group_name: expect.any(String), tag_name: '爱喝茶', type: 2 },
        ],
      },
    ],
  })
  const bare = await sim.get('externalcontact/get', { external_userid: 'wm2' })
  for (const key of ['tags', 'remark_mobiles', 'remark_corp_name', 'state'])
    expect(rows(bare, 'follow_user')[0]).not.toHaveProperty(key)
})

test('company and position come from WeCom users only', async () => {
  const reply = await simulate().get('externalcontact/get', { external_userid: 'wo4' })
  expect(reply['external_contact']).toMatchObject({
    type: 2,
    corp_name: '腾讯',
    corp_full_name: '腾讯科技',
    position: '经理',
  })
})

test('a customer whose only follower left cannot be read any more; with another follower it can, without the leaver', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  expect((await sim.get('externalcontact/get', { external_userid: 'wm1' })).errcode).toBe(84061)
  expect((await sim.get('externalcontact/get', { external_userid: 'wm3' }))['follow_user']).toMatchObject([
    { userid: 'wang' },
  ])
  expect((await sim.get('externalcontact/list', { userid: 'zhang' })).errcode).toBe(84061)
})

test('switches of U2 and U3 change what is known about a departed follower', async () => {
  const sim = simulate({ switches: { departedAnswer: 60111, departedPage: 40003, showsDepartedFollower: true } })
  sim.world.removeMember('zhang')
  expect((await sim.get('externalcontact/list', { userid: 'zhang' })).errcode).toBe(60111)
  expect((await sim.post('externalcontact/batch/get_by_user', { userid_list: ['zhang', 'li'] })).errcode).toBe(40003)
  expect((await sim.get('externalcontact/get', { external_userid: 'wm3' }))['follow_user']).toMatchObject([
    { userid: 'wang' },
    { userid: 'zhang' },
  ])
})

test('batch/get_by_user pages rows of member and customer, with tag ids and without personal tags', async () => {
  const sim = simulate()
  const ask = (cursor: unknown) =>
    sim.post('externalcontact/batch/get_by_user', { userid_list: ['zhang', 'wang'], cursor, limit: 2 })
  const first = await ask('')
  const second = await ask(first['next_cursor'])
  const both = [...rows(first, 'external_contact_list'), ...rows(second, 'external_contact_list')]
  expect([both.length, second['next_cursor']]).toEqual([4, ''])
  const wm1 = both.find((r) => (r['external_contact'] as Row)['external_userid'] === 'wm1')
  expect(wm1?.['follow_info']).toMatchObject({ userid: 'zhang', tag_id: ['et1', 'et2'], remark_corp_name: '建材公司' })
  expect(wm1?.['follow_info']).not.toHaveProperty('tags')
})

test('batch/get_by_user wants an array of at most 100 ids, clamps the limit, and knows its own cursors', async () => {
  const sim = simulate()
  const ask = (body: object) => sim.post('externalcontact/batch/get_by_user', body)
  expect((await ask({ userid_list: 'zhang,wang' })).errcode).toBe(40058)
  expect((await ask({ userid_list: Array.from({ length: 101 }, () => 'li') })).errcode).toBe(40058)
  expect((await ask({ userid_list: ['li'], limit: 5000 })).errcode).toBe(0)
  const { next_cursor } = await ask({ userid_list: ['zhang'], limit: 1 })
  expect((await ask({ userid_list: ['wang'], cursor: next_cursor })).errcode).toBe(40058)
})

test('remark says remark_company where answers say remark_corp_name, and replaces mobiles as a whole', async () => {
  const sim = simulate()
  const ask = (body: object) => sim.post('externalcontact/remark', { userid: 'zhang', external_userid: 'wm1', ...body })
  expect(await ask({ remark: '新备注', remark_company: '新公司', remark_mobiles: [''] })).toEqual({
    errcode: 0,
    errmsg: 'ok',
  })
  const row = rows(await sim.get('externalcontact/get', { external_userid: 'wm1' }), 'follow_user')[0]
  expect(row).toMatchObject({ remark: '新备注', description: '认交期', remark_corp_name: '新公司' })
  expect(row).not.toHaveProperty('remark_mobiles')
  expect((await ask({})).errcode).toBe(40063)
  expect((await ask({ remark: '一'.repeat(21) })).errcode).toBe(40058)
  expect((await ask({ description: '一'.repeat(151) })).errcode).toBe(40058)
  expect((await ask({ userid: 'li', remark: 'x' })).errcode).toBe(84061)
})

test('mark_tag belongs to one pair of member and customer; unknown tags are 40068', async () => {
  const sim = simulate()
  const ask = (body: object) =>
    sim.post('externalcontact/mark_tag', { userid: 'zhang', external_userid: 'wm2', ...body })
  expect((await ask({ add_tag: ['et3'] })).errcode).toBe(0)
  expect((await ask({ add_tag: ['et1'], remove_tag: ['et3'] })).errcode).toBe(0)
  expect(sim.world.relations({ userid: 'zhang', externalUserid: 'wm2' })[0]?.tagIds).toEqual(['et1'])
  expect((await ask({ add_tag: ['et404'] })).errcode).toBe(40068)
  expect((await ask({})).errcode).toBe(40063)
  expect(sim.ledger.map((e) => e.kind)).toEqual(['tagged', 'tagged', 'untagged'])
})

test('two tag calls for one member at the same time conflict: 45035', async () => {
  const sim = simulate()
  await sim.token()
  const ask = (id: string, userid = 'zhang') =>
    sim.post('externalcontact/mark_tag', { userid, external_userid: id, add_tag: ['et1'] })
  const replies = await Promise.all([ask('wm1'), ask('wm2'), ask('wm3', 'wang')])
  expect(replies.map((r) => r.errcode).sort()).toEqual([0, 0, 45035])
})

test('too many parallel reads of stored data are 45033', async () => {
  const sim = simulate({ limits: { parallel: 2 } })
  await sim.token()
  const replies = await Promise.all([1, 2, 3].map(() => sim.get('externalcontact/list', { userid: 'li' })))
  expect(replies.map((r) => r.errcode).sort()).toEqual([0, 0, 45033])
})

test('get_corp_tag_list gives groups with their tags; a group asked for wins over tags', async () => {
  const sim = simulate()
  const all = await sim.post('externalcontact/get_corp_tag_list')
  expect(rows(all, 'tag_group').map((g) => g['group_id'])).toEqual(['etg1', 'etg2'])
  expect((await sim.post('externalcontact/get_corp_tag_list', { tag_id: ['et3'] }))['tag_group']).toMatchObject([
    { group_id: 'etg2', tag: [{ id: 'et3', name: 'B' }] },
  ])
  expect(
    (await sim.post('externalcontact/get_corp_tag_list', { tag_id: ['et3'], group_id: ['etg1'] }))['tag_group'],
  ).toMatchObject([{ group_id: 'etg1' }])
  expect((await sim.post('externalcontact/get_corp_tag_list', { tag_id: ['et404'] })).errcode).toBe(40068)
})

test('after a customer deleted the member the row still can be read; after the member deleted the customer it cannot', async () => {
  const sim = simulate()
  sim.world.customerDeletesMember('zhang', 'wm1')
  expect((await sim.get('externalcontact/get', { external_userid: 'wm1' })).errcode).toBe(0)
  sim.world.memberDeletesCustomer('zhang', 'wm2')
  expect((await sim.get('externalcontact/get', { external_userid: 'wm2' })).errcode).toBe(84061)
})
