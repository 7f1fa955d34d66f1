import { Hono } from 'hono'
import type { Simulator } from '../wecom/simulator'
import { isCustomerPage, NEWEST, wecomAgent } from './agents'
import { assets } from './assets'
import { deskApi } from './desk-api'
import { proxy } from './proxy'
import { deskCookie, deskOf, openRoom, sit } from './room'

/**
 * The simulated WeCom client and the customer's phone, on an origin of its own: the app's public origin. What is below
 * /__window/ is the window; everything else is the real app at `appUrl`, as it looks from inside those clients. `files`
 * is where `vite build --config mock/window/vite.config.ts` put the window's page.
 */
export function createWindow(options: { simulator: Simulator; appUrl: string; files: string }): {
  fetch(request: Request): Promise<Response>
} {
  const { simulator, files } = options
  const appUrl = options.appUrl.replace(/\/+$/, '')
  const room = openRoom(simulator)
  const app = new Hono()
  deskApi(app, room)
  app.get('/', (c) => c.redirect('/__window/'))
  app.get('/__window', (c) => c.redirect('/__window/'))
  app.get('/__window/bridge.js', async (c) => {
    const desk = deskOf(room, c)
    const settings = {
      mode: desk?.bridge ?? 'normal',
      agent: wecomAgent(desk?.version ?? NEWEST, desk?.language),
      language: desk?.language === 'en' ? 'en-US' : 'zh-CN',
    }
    const script = await assets(files, 'bridge.js')
    if (!script) return c.text('The window is not built: vite build --config mock/window/vite.config.ts', 503)
    return c.body(`window.__windowClient=${JSON.stringify(settings)};\n${await script.text()}`, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'no-store',
    })
  })
  app.get('/__window/*', async (c) => {
    const name = c.req.path.slice('/__window/'.length) || 'index.html'
    if (name === 'index.html') sit(room, c)
    const file = await assets(files, name)
    return file ? c.body(await file.arrayBuffer(), 200, Object.fromEntries(file.headers)) : c.text('Not found', 404)
  })
  app.get('/connect/oauth2/authorize', (c) => {
    const desk = sit(room, c)
    const who = phoneAsks(c.req.query('redirect_uri'))
      ? { externalUserid: desk.customer }
      : atTheClient(simulator, desk.member)
    const answer = simulator.oauth.authorize(new URL(c.req.url), who)
    if ('error' in answer) return c.html(refusal(answer.error), 400)
    // A new, empty fragment replaces #wechat_redirect, which the browser would carry on otherwise.
    return c.redirect(answer.redirect + (desk.fragment === 'keep' ? '' : '#'))
  })
  app.all('*', async (c) => {
    const visits = /text\/html/.test(c.req.header('accept') ?? '')
    const desk = deskOf(room, c) ?? (visits && !isCustomerPage(c.req.path) ? room.desks.open() : undefined)
    const answer = await proxy(c.req.raw, appUrl, desk, simulator.clock.now())
    if (desk) answer.headers.append('set-cookie', deskCookie(desk))
    return answer
  })
  return { fetch: async (request) => app.fetch(request) }
}

/** A page of the customer's asks in their WeChat, where nobody of the corp is logged in. */
const phoneAsks = (to = ''): boolean => URL.canParse(to) && isCustomerPage(new URL(to).pathname)

/** Who left has no client that could sign in any more. */
function atTheClient({ world }: Simulator, userid: string): { userid: string } | null {
  const member = world.member(userid)
  return member && member.dimissionTime === null && member.status === 1 ? { userid } : null
}

const refusal = (words: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>企业微信</title><p style="margin:30vh auto 0;text-align:center;font:17px sans-serif">${words.replace(/[&<>"]/g, '')}</p></html>`
