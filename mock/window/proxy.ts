import { acceptLanguage, isCustomerPage, WECHAT_AGENT, wecomAgent } from './agents'
import { jarOf, tell, type Desk } from './desk'
import { cookieHeader, keep, type Cookie, type Jar } from './jar'
import { letFrame, withBridge } from './page'
import { pass, type Passed } from './upstream'

const hop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect']

/**
 * Passes a request to the real app as the simulated client or the customer's WeChat would send it, and the answer back.
 * Cookies never reach the browser: they stay in the desk's jar of the member who asked. `now` is virtual, in ms, as the
 * app's own clock is.
 */
export async function proxy(request: Request, appUrl: string, desk: Desk | undefined, now: number): Promise<Response> {
  const url = new URL(request.url)
  const customer = isCustomerPage(url.pathname)
  const jar: Jar = desk ? jarOf(desk, customer) : new Map<string, Cookie>()
  const headers = new Headers(request.headers)
  for (const name of [...hop, 'cookie', 'content-length']) headers.delete(name)
  const cookie = cookieHeader(jar, now)
  if (cookie) headers.set('cookie', cookie)
  headers.set('host', url.host)
  headers.set('x-forwarded-host', url.host)
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1))
  // A page gets a script put in, so it may not arrive packed; everything else stays as the app sends it.
  if (headers.get('accept')?.includes('text/html')) headers.set('accept-encoding', 'identity')
  if (desk) headers.set('accept-language', acceptLanguage[desk.language])
  if (customer) headers.set('user-agent', WECHAT_AGENT)
  else if (desk) headers.set('user-agent', wecomAgent(desk.version, desk.language))
  const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.arrayBuffer()
  let answer: Passed
  try {
    const { method, signal } = request
    answer = await pass(appUrl + url.pathname + url.search, { method, headers, body, signal })
  } catch {
    return silent()
  }
  if (desk && answer.status < 400) watch(desk, request.method, url.pathname)
  const out = new Headers(answer.headers)
  for (const name of [...hop, 'set-cookie']) out.delete(name)
  keep(jar, answer.headers.getSetCookie(), now)
  letFrame(out)
  const html = /^text\/html\b/.test(out.get('content-type') ?? '') && !out.has('content-encoding')
  if (!html || customer || !answer.body) return new Response(answer.body, { status: answer.status, headers: out })
  out.delete('content-length')
  out.delete('etag')
  return new Response(withBridge(await new Response(answer.body).text()), { status: answer.status, headers: out })
}

const silent = (): Response =>
  new Response(
    '<!doctype html><meta charset="utf-8"><title>无法连接</title><p>应用没有响应。请稍后重新打开此页。</p>',
    {
      status: 502,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    },
  )

/** The guide wants to know how far the visitor has come; it sees requests pass, as anyone at the wire would. */
function watch(desk: Desk, method: string, path: string): void {
  const step =
    method === 'POST' && /^\/api\/plans\/[^/]+\/submit$/.test(path)
      ? 'submitted'
      : isCustomerPage(path)
        ? method === 'POST' && path.endsWith('/acknowledge')
          ? 'acknowledged'
          : 'opened'
        : null
  if (!step || desk.seen.has(step)) return
  desk.seen.add(step)
  tell(desk)
}
