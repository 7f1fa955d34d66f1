import { setupServer } from 'msw/node'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { door } from '../../mock/doors'
import { createSimulator } from '../../mock/wecom/simulator'
import { settings } from '../../src/server/lib/config'
import { followUserList } from '../../src/server/wecom/apis'
import { createWeCom } from '../../src/server/wecom/client'
import { smallCorp } from '../support/small-corp'

const cast = smallCorp()
const simulator = createSimulator(cast)
const asked: string[] = []
const wire = setupServer(
  door('https://qyapi.weixin.qq.com', (request) => (asked.push(request.url), simulator.fetch(request))),
)
beforeAll(() => wire.listen({ onUnhandledRequest: 'error' }))
afterAll(() => wire.close())

it('as it is in production, with its own fetch, the client asks WeCom’s own host over https and nobody else', async () => {
  const wecom = createWeCom({
    apiUrl: settings.shape.WECOM_API_URL.parse(undefined),
    corpId: cast.corp.id,
    secret: cast.app.secret,
    now: () => simulator.clock.now(),
    log: pino({ level: 'silent' }),
  })
  const { follow_user } = await wecom.ask(followUserList, {})
  expect(follow_user).toContain('chenyiming')
  expect(asked.map((url) => url.split('?')[0])).toEqual([
    'https://qyapi.weixin.qq.com/cgi-bin/gettoken',
    'https://qyapi.weixin.qq.com/cgi-bin/externalcontact/get_follow_user_list',
  ])
})
