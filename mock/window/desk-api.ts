import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod'
import { onBridge } from './act'
import { bridgeCall } from './bridge/answer'
import { changeDesk, deskChange } from './change'
import { tell } from './desk'
import { happen, happening } from './happen'
import { look } from './look'
import { deskOf, sit, type Room } from './room'
import { rawCall } from './wire'

/** Between two looks of one page, in ms. */
const PAUSE = 100

/** What the window's page, the bridge in the app's pages, and tests without a page ask of a desk. */
export function deskApi(app: Hono, room: Room): void {
  const { simulator, talk, desks } = room
  app.use('/__window/*', async (c, next) => {
    const origin = c.req.header('origin')
    if (c.req.method === 'POST' && origin !== undefined && new URL(origin).host !== new URL(c.req.url).host)
      return c.json({ message: 'Not from this page.' }, 403)
    await next()
    c.header('x-robots-tag', 'noindex')
  })
  app.get('/__window/desk', (c) => {
    c.header('cache-control', 'no-store')
    return c.json(look(room, sit(room, c)))
  })
  app.get('/__window/wire/:id', (c) => {
    const raw = rawCall(simulator, sit(room, c), c.req.param('id'))
    c.header('cache-control', 'no-store')
    return raw === undefined ? c.json({ message: 'This call is forgotten.' }, 404) : c.json(raw)
  })
  app.get('/__window/events', (c) => events(room, c))
  app.post('/__window/desk', async (c) => {
    const desk = sit(room, c)
    const given = await body(c, deskChange)
    if ('message' in given) return c.json(given, 400)
    const message = changeDesk(simulator, desk, new URL(c.req.url).origin, given.good)
    if (message) return c.json({ message }, 409)
    tell(desk)
    return c.json({ ok: true })
  })
  app.post('/__window/confirm', async (c) => {
    const desk = deskOf(room, c)
    const given = await body(c, z.strictObject({ id: z.string(), answer: z.enum(['send', 'cancel', 'fail']) }))
    if ('message' in given) return c.json(given, 400)
    if (!desk?.asking || desk.asking.id !== given.good.id)
      return c.json({ message: 'Nothing waits for this answer.' }, 409)
    desk.asking.answer(given.good.answer)
    return c.json({ ok: true })
  })
  app.post('/__window/world', async (c) => {
    const desk = sit(room, c)
    const given = await body(c, happening)
    if ('message' in given) return c.json(given, 400)
    try {
      await happen(room, desk, given.good)
    } catch (error) {
      return c.json({ message: error instanceof Error ? error.message : String(error) }, 409)
    }
    desks.each(tell)
    return c.json({ ok: true })
  })
  app.post('/__window/bridge', async (c) => {
    const desk = deskOf(room, c)
    const call = await body(c, bridgeCall)
    if ('message' in call) return c.json(call, 400)
    if (!desk) return c.json({ err_msg: `${call.good.name}:fail` })
    return c.json(await onBridge(simulator, talk, desk, call.good, c.req.raw.signal))
  })
}

/** Many changes in a row, as while the app reads the whole corp, are one look of the page. */
function events(room: Room, c: Context): Response {
  const desk = sit(room, c)
  return streamSSE(c, async (stream) => {
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
}

async function body<T extends z.ZodType>(c: Context, shape: T): Promise<{ good: z.output<T> } | { message: string }> {
  const parsed = shape.safeParse(await c.req.json().catch(() => undefined))
  return parsed.success ? { good: parsed.data } : { message: z.prettifyError(parsed.error) }
}
