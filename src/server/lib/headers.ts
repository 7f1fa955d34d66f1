import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { Failure } from '../../shared/failure'
import { chooseLanguage } from '../../shared/lang/fill'
import type { Deps } from '../deps'
import type { App } from './serve'

const MAX_BODY = 256 * 1024

/** What every request passes first: an id, a language, the security headers, a size limit, the cross-site check. */
export function useHeaders(app: App, { config, id, now }: Deps): void {
  const own = new URL(config.PUBLIC_URL)
  app.use(async (c, next) => {
    c.set('requestId', id())
    c.set('language', chooseLanguage(c.req.header('accept-language')))
    await next()
    c.header('x-request-id', c.get('requestId'))
    // The client shows countdowns by this clock, not by its device's (client/lib/now.ts).
    c.header('date', now().toUTCString())
    c.header('x-robots-tag', 'noindex')
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: [config.FRAME_ANCESTORS],
      },
      xFrameOptions: config.FRAME_ANCESTORS === "'none'" ? 'DENY' : 'SAMEORIGIN',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: own.protocol === 'https:' ? 'max-age=31536000; includeSubDomains' : false,
      crossOriginOpenerPolicy: false,
    }),
  )
  app.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: () => {
        throw new Failure('too_large')
      },
    }),
  )
  // A browser always says where a POST comes from; WeCom's callbacks are not browsers and prove themselves by signature.
  app.use(async (c, next) => {
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    // A form under `no-referrer` names no origin; the customer's page has no cookie that a foreign page could borrow.
    const letter = c.req.path.startsWith('/n/')
    const foreign = !letter && ((origin !== undefined && origin !== own.origin) || site === 'cross-site')
    if (c.req.method === 'POST' && foreign) throw new Failure('cross_site')
    if (c.req.method === 'POST' && c.req.path.startsWith('/api/') && origin === undefined && !c.req.header('x-jiebang'))
      throw new Failure('cross_site')
    await next()
  })
}
