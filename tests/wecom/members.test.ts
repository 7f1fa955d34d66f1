import { expect, test } from 'vitest'
import { simulate } from './small-cast'

test('user/get gives a self-built app the name, but neither avatar nor mobile', async () => {
  const reply = await simulate().get('user/get', { userid: 'WANG' })
  expect(reply).toMatchObject({
    errcode: 0,
    userid: 'wang',
    name: 'WANG',
    department: [2],
    is_leader_in_dept: [1],
    status: 1,
    main_department: 2,
  })
  for (const key of ['avatar', 'mobile', 'email', 'gender', 'qr_code', 'address']) expect(reply).not.toHaveProperty(key)
})

test('user/get answers 60111 for who never was and for who left, and keeps its empty lists', async () => {
  const sim = simulate()
  sim.world.removeMember('zhang')
  for (const userid of ['nobody', 'zhang'])
    expect(await sim.get('user/get', { userid })).toMatchObject({
      errcode: 60111,
      department: [],
      order: [],
      is_leader_in_dept: [],
      direct_leader: [],
    })
})

test('user/get answers 60011 for a member outside the visible range', async () => {
  const sim = simulate({ change: (cast) => (cast.app.visible = ['li']) })
  expect((await sim.get('user/get', { userid: 'wang' })).errcode).toBe(60011)
  expect((await sim.get('externalcontact/get_follow_user_list'))['follow_user']).toEqual(['li'])
})

test('user/simplelist and user/list give the direct members of one department', async () => {
  const sim = simulate()
  expect((await sim.get('user/simplelist', { department_id: '2' }))['userlist']).toContainEqual({
    userid: 'li',
    name: 'LI',
    department: [2],
  })
  expect(await sim.get('user/list', { department_id: '1' })).toMatchObject({ errcode: 0, userlist: [] })
  expect(await sim.get('user/list', { department_id: '9' })).toMatchObject({ errcode: 60123, userlist: [] })
})

test('user/list_id belongs to the contact-sync secret and pages by cursor', async () => {
  const sim = simulate()
  const token = await sim.token('contacts')
  const page = async (cursor: string) => {
    const request = new Request(`http://wecom/cgi-bin/user/list_id?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ cursor, limit: 5 }),
    })
    return (await (await sim.fetch(request)).json()) as { dept_user: { userid: string }[]; next_cursor: string }
  }
  const first = await page('')
  const second = await page(first.next_cursor)
  expect([first.dept_user.length, second.dept_user.length, second.next_cursor]).toEqual([5, 3, ''])
  expect((await sim.post('user/list_id')).errcode).toBe(48001)
})

test('user/delete lets the member leave and says deleted', async () => {
  const sim = simulate()
  expect(await sim.get('user/delete', { userid: 'zhang' }, 'contacts')).toMatchObject({ errcode: 0, errmsg: 'deleted' })
  expect(sim.world.member('zhang')?.dimissionTime).toBe(sim.clock.now() / 1000)
  expect((await sim.get('user/delete', { userid: 'zhang' }, 'contacts')).errcode).toBe(60111)
})

test('a disabled member is still a member: status 2, and not resigned', async () => {
  const sim = simulate()
  sim.world.disableMember('zhang')
  expect(await sim.get('user/get', { userid: 'zhang' })).toMatchObject({ status: 2 })
  const wish = { handover_userid: 'zhang', takeover_userid: 'li', external_userid: ['wm1'] }
  expect(await sim.post('externalcontact/resigned/transfer_customer', wish)).toMatchObject({
    errcode: 40097,
    customer: [],
  })
})

test('departments come as a tree from a root, as ids only, or one by one', async () => {
  const sim = simulate()
  expect((await sim.get('department/list', { id: '2' }))['department']).toEqual([
    { id: 2, name: '销售', name_en: '', department_leader: ['wang'], parentid: 1, order: expect.any(Number) },
  ])
  expect((await sim.get('department/simplelist'))['department_id']).toHaveLength(2)
  expect((await sim.get('department/get', { id: '2' }))['department']).toMatchObject({ name: '销售' })
})

test('agent/get shows who may see the app, to its own token only', async () => {
  const sim = simulate({ change: (cast) => (cast.app.visible = ['li']) })
  expect(await sim.get('agent/get', { agentid: '1000002' })).toMatchObject({
    errcode: 0,
    allow_userinfos: { user: [{ userid: 'li' }] },
  })
  expect((await sim.get('agent/get', { agentid: '1' })).errcode).toBe(301002)
})
