import { expect, test } from 'vitest'
import { simulate } from './small-cast'

test('an error is HTTP 200 with hint, address and link, and keeps the payload keys empty', async () => {
  const sim = simulate()
  const token = await sim.token()
  const response = await sim.fetch(
    new Request(`http://wecom/cgi-bin/externalcontact/get?access_token=${token}&external_userid=wmNobody`),
  )
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/json')
  const body = (await response.json()) as { errmsg: string }
  expect(body).toMatchObject({ errcode: 40096, external_contact: {}, follow_user: [] })
  expect(body.errmsg).toMatch(
    /^invalid external userid, hint: \[\d+_\d+_[0-9a-f]+\], from ip: [\d.]+, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40096$/,
  )
})

test('an unknown path is 404 without a body, before any token, and the simulator remembers it', async () => {
  const sim = simulate()
  const response = await sim.fetch(new Request('http://wecom/cgi-bin/externalcontact/list_all'))
  expect([response.status, await response.text()]).toEqual([404, ''])
  expect(sim.unknown).toEqual(['GET externalcontact/list_all'])
  expect(sim.calls.at(-1)?.describe.en).toContain('no such API')
})

test('malformed JSON earns a warning in errmsg, besides what is missing then', async () => {
  const sim = simulate()
  const token = await sim.token()
  const url = `http://wecom/cgi-bin/externalcontact/mark_tag?access_token=${token}`
  const body = (await (await sim.fetch(new Request(url, { method: 'POST', body: '{"userid":' }))).json()) as {
    errcode: number
    errmsg: string
  }
  expect(body.errcode).toBe(41009)
  expect(body.errmsg).toContain('Warning: wrong json format.')
})

test('GET where POST is needed is 40003', async () => {
  expect((await simulate().get('externalcontact/remark', { userid: 'li' })).errcode).toBe(40003)
})

test('more than the limit in a minute blocks that API for a minute with 45009, the others go on', async () => {
  const sim = simulate({ limits: { perMinute: 3 } })
  const token = await sim.token()
  const ask = async (path: string) =>
    (
      (await (await sim.fetch(new Request(`http://wecom/cgi-bin/${path}&access_token=${token}`))).json()) as {
        errcode: number
      }
    ).errcode
  for (let i = 0; i < 3; i++) expect(await ask('user/get?userid=li')).toBe(0)
  expect(await ask('user/get?userid=li')).toBe(45009)
  expect(await ask('department/list?x=1')).toBe(0)
  await sim.clock.advance(59_000)
  expect(await ask('user/get?userid=li')).toBe(45009)
  await sim.clock.advance(1_000)
  expect(await ask('user/get?userid=li')).toBe(0)
})

test('the log of calls says what happened in two languages and keeps no secret', async () => {
  const sim = simulate()
  await sim.get('user/get', { userid: 'li' })
  const [first, second] = sim.calls
  expect(second).toMatchObject({
    method: 'GET',
    path: 'user/get',
    query: { userid: 'li' },
    status: 200,
    errcode: 0,
    fault: null,
  })
  expect(second?.describe).toEqual({ zh: '读取成员 li', en: 'Reads member li' })
  expect(JSON.stringify([first, second])).not.toContain('app-secret')
  expect(JSON.stringify([first, second])).not.toContain(await sim.token())
})
