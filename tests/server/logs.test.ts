import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../../src/server/lib/log'
import { characters, sendable } from '../support/hostile'
import { openHouse, type ServerHouse } from '../support/house'

let house: ServerHouse
beforeAll(async () => {
  house = await openHouse({ logLevel: 'trace' })
  await house.runJobs('mirror')
})
afterAll(() => house.close())

const lines = () => house.logged.flatMap((text) => text.split('\n')).filter(Boolean)

describe('the log', () => {
  it('is one JSON object a line, whatever is in what people send (Q48)', async () => {
    const cookie = await house.signIn('chenyiming')
    for (const text of characters) {
      await house.post('/api/brief', { contact: text }, cookie)
      await house.request(`/n/${encodeURIComponent(sendable(text)).slice(0, 2000)}`)
      await house.request('/n/complaint', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ text: sendable(text) }).toString(),
      })
    }
    expect(lines().length).toBeGreaterThan(characters.length * 3)
    for (const line of lines()) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) })
    expect(lines().join('\n')).not.toMatch(/forged|\u001b|\u202e|etc\/passwd/)
  })

  it('has an entry for every attempt that was turned away, with the number the person can read out (Q48)', async () => {
    const cookie = await house.signIn('machao')
    const before = lines().length
    const attempts = [
      await house.request('/api/me'),
      await house.request('/api/departures', { headers: { cookie } }),
      await house.request('/api/customers/nobody/history', { headers: { cookie } }),
      await house.request('/api/logout', { method: 'POST', headers: { cookie, origin: 'https://evil.example' } }),
      await house.request('/n/nobody'),
    ]
    const told = lines()
      .slice(before)
      .map((line) => JSON.parse(line) as { msg: string; requestId: string; status: number })
    for (const attempt of attempts)
      expect(told).toContainEqual(
        expect.objectContaining({
          msg: 'refused',
          status: attempt.status,
          requestId: attempt.headers.get('x-request-id'),
        }),
      )
  })

  it('holds nobody’s data through a whole handover, at its most talkative: names, numbers, words, links, secrets (Q33 part)', async () => {
    house.simulator.world.removeMember('linxiao')
    await house.settle()
    await house.runJobs('departures', 'mirror', 'transfers', 'groups', 'letters', 'restore', 'notices')
    const everything = lines().join('\n')
    const names = await house.db.selectFrom('member').select(['name', 'userid']).execute()
    const customers = await house.db.selectFrom('customer').select('name').execute()
    const contacts = await house.db.selectFrom('wecomContact').select('externalUserid').execute()
    const relations = await house.db.selectFrom('relation').select(['remark', 'description', 'mobiles']).execute()
    const { WECOM_APP_SECRET, WECOM_APP_TOKEN, WECOM_APP_AES_KEY, SECRET } = house.deps.config
    const canaries = [
      ...names.flatMap(({ name, userid }) => [name, userid]),
      ...customers.map(({ name }) => name),
      ...contacts.map(({ externalUserid }) => externalUserid),
      ...relations.flatMap(({ remark, description, mobiles }) => [remark, description, ...mobiles]),
      ...[WECOM_APP_SECRET, WECOM_APP_TOKEN, WECOM_APP_AES_KEY, SECRET],
    ].filter((canary) => canary.length > 1)
    expect(canaries.length).toBeGreaterThan(40)
    expect(canaries.filter((canary) => everything.includes(canary))).toEqual([])
    expect(everything).toContain('"api"')
  })

  it('tells of an error what it is and where, not the row or the text it happened to', () => {
    const said: string[] = []
    const log = createLog('info', { write: (line) => void said.push(line) })
    const row = Object.assign(new Error('value "王建国" violates'), {
      code: '23505',
      constraint: 'member_userid_key',
      detail: 'Key (userid)=(wangjianguo) already exists.',
      where: 'COPY member, line 1: 王建国',
    })
    log.error({ err: row }, 'unexpected')
    const parse = (() => {
      try {
        return JSON.parse('{"phone":13812345678,王}') as unknown
      } catch (error) {
        return error
      }
    })()
    log.error({ err: parse }, 'unexpected')
    log.error({ err: new Error('no answer', { cause: new TypeError('of 13812345678') }) }, 'unexpected')
    expect(said.join()).not.toMatch(/王|wangjianguo|138123/)
    expect(JSON.parse(said[0]!)).toMatchObject({ err: { code: '23505', constraint: 'member_userid_key' } })
    expect(said[0]).toContain('logs.test.ts')
    expect(JSON.parse(said[1]!)).toMatchObject({ err: { type: 'SyntaxError' } })
    expect(JSON.parse(said[2]!)).toMatchObject({ err: { message: 'no answer', cause: { type: 'TypeError' } } })
  })
})
