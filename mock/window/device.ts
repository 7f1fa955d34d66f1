import { Hono, type Context } from 'hono'
import { generateCookie, getCookie, setCookie } from 'hono/cookie'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod'
import { STORY } from '../people'
import type { Simulator } from '../wecom/simulator'
import { onBridge } from './act'
import { isCustomerPage, NEWEST, wecomAgent } from './agents'
import { assets } from './assets'
import { bridgeCall } from './bridge/answer'
import { changeDesk, deskChange } from './change'
import { createDesks, tell, type Desk } from './desk'
import type { FaultMenu } from './faults'
import { happen, happening } from './happen'
import { look, type Wills } from './look'
import { proxy } from './proxy'
import { createGroupTalk } from './talk'
import { rawCall } from './wire'

/** Between two looks of one page, in ms. */
const PAUSE = 100
const COOKIE = 'window_desk'
const cookie = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 86_400 } as const

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
  const talk = createGroupTalk(simulator)
  const menu: FaultMenu = new Map()
  const wills: Wills = new Map()
  const desks = createDesks(() => seat(simulator), NEWEST)
  simulator.onChange(() => desks.each(tell))

  const app = new Hono()
  const deskOf = (c: Context): Desk | undefined => desks.find(getCookie(c, COOKIE))
  const sit = (c: Context): Desk => {
    const desk = deskOf(c) ?? desks.open()
    setCookie(c, COOKIE, desk.id, cookie)
    return desk
  }

  app.use('/__window/*', async (c, next) => {
    const origin = c.req.header('origin')
    if (c.req.method === 'POST' && origin !== undefined && new URL(origin).host !== new URL(c.req.url).host)
      return c.json({ message: 'Not from this page.' }, 403)
    await next()
    c.header('x-robots-tag', 'noindex')
  })
  app.get('/', (c) => c.redirect('/__window/'))
  app.get('/__window', (c) => c.redirect('/__window/'))
  app.get('/__window/desk', (c) => {
    c.header('cache-control', 'no-store')
    return c.json(look(simulator, talk, menu, wills, sit(c)))
  })
  app.get('/__window/wire/:id', (c) => {
    const raw = rawCall(simulator, sit(c), c.req.param('id'))
    c.header('cache-control', 'no-store')
    return raw === undefined ? c.json({ message: 'This call is forgotten.' }, 404) : c.json(raw)
  })
  app.post('/__window/desk', async (c) => {
    const desk = sit(c)
    const change = await body(c, deskChange)
    if ('message' in change) return c.json(change, 400)
    const message = changeDesk(simulator, desk, new URL(c.req.url).origin, change.good)
    if (message) return c.json({ message }, 409)
    tell(desk)
    return c.json({ ok: true })
  })
  app.post('/__window/confirm', async (c) => {
    const desk = deskOf(c)
    const given = await body(c, z.strictObject({ id: z.string(), answer: z.enum(['send', 'cancel', 'fail']) }))
    if ('message' in given) return c.json(given, 400)
    if (!desk?.asking || desk.asking.id !== given.good.id)
      return c.json({ message: 'Nothing waits for this answer.' }, 409)
    desk.asking.answer(given.good.answer)
    return c.json({ ok: true })
  })
  app.post('/__window/world', async (c) => {
    const desk = sit(c)
    const given = await body(c, happening)
    if ('message' in given) return c.json(given, 400)
    try {
      await happen(simulator, talk, menu, wills, desk, given.good)
    } catch (error) {
      return c.json({ message: error instanceof Error ? error.message : String(error) }, 409)
    }
    desks.each(tell)
    return c.json({ ok: true })
  })
  app.get('/__window/events', (c) => {
    const desk = sit(c)
    return streamSSE(c, async (stream) => {
      // Many changes in a row, as while the app reads the whole corp, are one look of the page.
      let due: ReturnType<typeof setTimeout> | undefined
      const listener = () => {
        due ??= setTimeout(() => {
          due = undefined
          void stream.writeSSE({ data: 'changed' })
        }, PAUSE)
      }
      desk.listeners.add(listener)
      stream.onAbort(() => void desk.listeners.delete(listener))
      await stream.writeSSE({ data: 'hello' })
      while (!stream.aborted) {
        await stream.sleep(15_000)
        await stream.write(': still here\n\n')
      }
    })
  })
  app.post('/__window/bridge', async (c) => {
    const desk = deskOf(c)
    const call = await body(c, bridgeCall)
    if ('message' in call) return c.json(call, 400)
    if (!desk) return c.json({ err_msg: `${call.good.name}:fail` })
    return c.json(await onBridge(simulator, talk, desk, call.good, c.req.raw.signal))
  })
  app.get('/__window/bridge.js', async (c) => {
    const desk = deskOf(c)
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
    if (name === 'index.html') sit(c)
    const file = await assets(files, name)
    return file ? c.body(await file.arrayBuffer(), 200, Object.fromEntries(file.headers)) : c.text('Not found', 404)
  })
  app.get('/connect/oauth2/authorize', (c) => {
    const desk = sit(c)
    const member = simulator.world.member(desk.member)
    // Who left has no client that could sign in any more.
    const who = member && member.dimissionTime === null && member.status === 1 ? { userid: desk.member } : null
    const answer = simulator.oauth.authorize(new URL(c.req.url), who)
    if ('redirect' in answer) return c.redirect(answer.redirect + (desk.fragment === 'keep' ? '' : '#'))
    return c.html(refusal(answer.error), 400)
  })
  app.all('*', async (c) => {
    const visits = /text\/html/.test(c.req.header('accept') ?? '')
    const desk = deskOf(c) ?? (visits && !isCustomerPage(c.req.path) ? desks.open() : undefined)
    const answer = await proxy(c.req.raw, appUrl, desk, simulator.clock.now())
    if (desk) answer.headers.append('set-cookie', generateCookie(COOKIE, desk.id, cookie))
    return answer
  })
  return { fetch: async (request) => app.fetch(request) }
}

/** The first member with customers, beside the story's customer where there is one. */
function seat(simulator: Simulator): Pick<Desk, 'member' | 'entry' | 'customer' | 'chat'> {
  const { world } = simulator
  const present = world.members().filter((m) => m.followsCustomers)
  const member =
    (present.find((m) => m.userid === STORY.leaver) ?? present[0])?.userid ?? world.members()[0]?.userid ?? ''
  const mine = world.relations({ userid: member })
  const customer = (mine.find((r) => r.externalUserid === STORY.customer) ?? mine[0])?.externalUserid ?? ''
  return { member, entry: customer ? 'sidebar' : 'workbench', customer, chat: '' }
}

async function body<T extends z.ZodType>(c: Context, shape: T): Promise<{ good: z.output<T> } | { message: string }> {
  const parsed = shape.safeParse(await c.req.json().catch(() => undefined))
  return parsed.success ? { good: parsed.data } : { message: z.prettifyError(parsed.error) }
}

const refusal = (words: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>企业微信</title><p style="margin:30vh auto 0;text-align:center;font:17px sans-serif">${words.replace(/[&<>"]/g, '')}</p></html>`
