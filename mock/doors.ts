import { http, type HttpHandler } from 'msw'

/** A door: what is asked of `origin` goes to `fetch`, the app's or the simulator's. It holds no answers of its own. */
export const door = (origin: string, fetch: (request: Request) => Promise<Response>): HttpHandler =>
  http.all(`${origin}/*`, ({ request }) => fetch(request))
