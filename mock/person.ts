import type { Simulator } from './wecom/simulator'

/** Somebody at a browser: signs in through the app's own login and calls it over HTTP, as the app's pages do. */
export interface Person {
  ask<T = unknown>(method: 'GET' | 'POST', path: string, body?: object): Promise<T>
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')

/** Goes through /auth/login, WeCom's authorize page and /auth/callback. `appUrl` is where the app listens. */
export async function signIn(simulator: Simulator, appUrl: string, userid: string): Promise<Person> {
  const start = await fetch(`${appUrl}/auth/login?to=/workbench`, { redirect: 'manual' })
  const answer = simulator.oauth.authorize(new URL(start.headers.get('location') ?? ''), { userid })
  if (!('redirect' in answer)) throw new Error(`${userid} cannot sign in: ${answer.error}`)
  const back = new URL(answer.redirect)
  // What a browser adds by itself, and what the app's own pages add.
  const ours = { origin: back.origin, 'x-jiebang': '1' }
  const end = await fetch(`${appUrl}${back.pathname}${back.search}`, {
    redirect: 'manual',
    headers: { cookie: cookiesOf(start) },
  })
  const cookie = cookiesOf(end)
  if (end.headers.get('location') !== '/workbench') throw new Error(`${userid} was not let in`)
  return {
    async ask<T>(method: 'GET' | 'POST', path: string, body: object = {}): Promise<T> {
      const response = await fetch(appUrl + path, {
        method,
        headers: { cookie, ...(method === 'POST' ? { ...ours, 'content-type': 'application/json' } : {}) },
        ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      })
      if (!response.ok) throw new Error(`${userid} ${method} ${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
  }
}
