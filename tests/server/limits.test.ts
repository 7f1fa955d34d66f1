import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf } from '../../src/server/lib/address'
import { openMirrored } from '../support/beginning'
import type { ServerHouse } from '../support/house'

let house: ServerHouse
let cookie: string
beforeAll(async () => {
  const few = { LIMIT_MEMBER: '40', LIMIT_LISTS: '10', LIMIT_STRANGER: '30' }
  house = await openMirrored({ settings: few })
})
afterAll(() => house.close())

const anew = async (userid: string) => {
  await house.simulator.clock.advance(60_000)
  cookie = await house.signIn(userid)
}
const times = (n: number, ask: () => Promise<Response>) => Promise.all(Array.from({ length: n }, ask))
const counted = (answers: Response[]) => ({
  served: answers.filter((a) => a.status === 200).length,
  limited: answers.filter((a) => a.status === 429).length,
})

describe('limits (Q58)', () => {
  it('let a member ask as often as they say, exactly, then tell for how long to wait, and then let them again', async () => {
    await anew('chenyiming')
    await house.simulator.clock.advance(20_000)
    const answers = await times(50, () => house.request('/api/me', { headers: { cookie } }))
    expect(counted(answers)).toEqual({ served: 40, limited: 10 })
    const refused = answers.find((a) => a.status === 429)!
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBe(40)
    expect(await refused.json()).toMatchObject({ code: 'limited', message: `操作太频繁，请 ${seconds} 秒后再试。` })
    await house.simulator.clock.advance(seconds * 1000)
    expect((await house.get('/api/me', cookie)).status).toBe(200)
  })

  it('count lists once more, because whoever copies customers pages through lists', async () => {
    await anew('chenyiming')
    const lists = await times(15, () => house.request('/api/inherited', { headers: { cookie } }))
    expect(counted(lists)).toEqual({ served: 10, limited: 5 })
    expect((await house.get('/api/me', cookie)).status).toBe(200)
  })

  it('of one member are not another’s', async () => {
    await anew('chenyiming')
    await times(50, () => house.request('/api/me', { headers: { cookie } }))
    expect((await house.get('/api/me', await house.signIn('zhoumin'))).status).toBe(200)
  })

  it('stop strangers who flood, wherever they say they come from', async () => {
    await house.simulator.clock.advance(60_000)
    let n = 0
    const ask = () => house.request('/api/me', { headers: { cookie: 'x=1', 'x-forwarded-for': `10.0.0.${n++}` } })
    const answers = await times(40, ask)
    expect(answers.filter((a) => a.status === 401)).toHaveLength(30)
    expect(answers.filter((a) => a.status === 429)).toHaveLength(10)
  })
})

describe('the address that is counted', () => {
  const app = new Hono()
  app.get('/:hops', (c) => c.text(addressOf(c, Number(c.req.param('hops')))))
  const at = async (hops: number, forwarded?: string) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } }
    return (await app.request(`/${hops}`, { headers }, env)).text()
  }

  it('is the other end of the connection while no proxy is trusted, whatever a header says', async () => {
    expect(await at(0)).toBe('127.0.0.1')
    expect(await at(0, '1.2.3.4')).toBe('127.0.0.1')
  })

  it('is what the outermost of our own proxies saw; what stands left of it was written by the caller', async () => {
    expect(await at(1, '6.6.6.6, 1.2.3.4')).toBe('1.2.3.4')
    expect(await at(2, '6.6.6.6, 1.2.3.4, 10.0.0.1')).toBe('1.2.3.4')
    expect(await at(2, '1.2.3.4')).toBe('127.0.0.1')
    expect(await at(1, 'not an address')).toBe('127.0.0.1')
  })

  it('of IPv6 is the household’s block, because a household has all of it', async () => {
    expect(await at(1, '2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2')
    expect(await at(1, '2001:db8:1:2:ffff::1')).toBe('2001:db8:1:2')
    expect(await at(1, '::ffff:1.2.3.4')).toBe('1.2.3.4')
  })
})
