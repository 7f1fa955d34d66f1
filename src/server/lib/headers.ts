import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { Failure } from '../../shared/failure'
import { chooseLanguage } from '../../shared/lang/fill'
import type { Deps } from '../deps'
import type { App, Ctx } from './serve'

const MAX_BODY = 256 * 1024
/** Where browsers tell what the policy stopped (lib/csp.ts). */
export const CSP_REPORTS = '/csp-reports'

/** What every request passes first: an id, a language, the security headers, a size limit, the cross-site check. */
export function useHeaders(app: App, { config, id, now }: Deps, release: () => string | undefined): void {
  const own = new URL(config.PUBLIC_URL)
  app.use(async (c, next) => {
    c.set('requestId', id())
    c.set('language', chooseLanguage(c.req.header('accept-language')))
    await next()
    c.header('x-request-id', c.get('requestId'))
    allowStyle(c)
    freeOfOpener(c)
    // The client shows countdowns by this clock, not by its device's (client/lib/now.ts).
    c.header('date', now().toUTCString())
    c.header('x-robots-tag', 'noindex')
    if (c.req.path.startsWith('/api/')) c.header('x-release', release())
    // Whatever does not say that it may be kept is not (Q52).
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
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
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: [config.FRAME_ANCESTORS],
        reportUri: CSP_REPORTS,
        reportTo: 'csp',
      },
      reportingEndpoints: [{ name: 'csp', url: `${own.origin}${CSP_REPORTS}` }],
      xFrameOptions: config.FRAME_ANCESTORS === "'none'" ? 'DENY' : 'SAMEORIGIN',
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: own.protocol === 'https:' ? 'max-age=31536000; includeSubDomains' : false,
      crossOriginOpenerPolicy: 'same-origin',
      crossOriginResourcePolicy: 'same-origin',
      // WeCom's own abilities go through its bridge; of the browser's we use one, to copy a number.
      permissionsPolicy: {
        ...Object.fromEntries(refused.map((ability) => [ability, []])),
        clipboardWrite: ['self'],
      },
    }),
  )
  app.use(async (c, next) => {
    if (!['GET', 'HEAD', 'POST'].includes(c.req.method)) throw new Failure('method_not_allowed')
    await next()
  })
  app.use(
    bodyLimit({
      maxSize: MAX_BODY,
      onError: () => {
        throw new Failure('too_large')
      },
    }),
  )
  app.use(async (c, next) => {
    if (isForeign(c, own.origin)) throw new Failure('cross_site')
    await next()
  })
}

/** A page that brings its look along (letter/style.ts) may have that one and no other. */
function allowStyle(c: Ctx): void {
  const policy = c.res.headers.get('content-security-policy')
  const hash = c.get('style')
  if (policy && hash) c.header('content-security-policy', policy.replace("style-src 'self'", `style-src ${hash}`))
}

/**
 * A page that the reader or their client opened has no opener to be kept away from, and for the policy that does it a browser
 * starts a process anew: a fifth of a second on a slow phone, before the first word. Whoever says nothing gets the policy.
 */
function freeOfOpener(c: Ctx): void {
  // 304 stands for a page, too, and its headers replace those that were kept with it.
  if (c.res.status !== 304 && !c.res.headers.get('content-type')?.startsWith('text/html')) return
  c.header('vary', 'Sec-Fetch-Site', { append: true })
  if (c.req.header('sec-fetch-site') === 'none') c.header('cross-origin-opener-policy', undefined)
}

const refused = [
  'accelerometer',
  'camera',
  'displayCapture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickeyCredentialsGet',
  'screenWakeLock',
  'usb',
  'xrSpatialTracking',
] as const

/**
 * A request that another site sent with our cookie (Q31). An endpoint that changes something asks for both: the origin, which
 * a browser adds to every POST of a script, and a header of our own, which no form can carry.
 */
function isForeign(c: Ctx, own: string): boolean {
  const { method, path } = c.req
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  if (path === CSP_REPORTS) return false
  if (path.startsWith('/api/')) {
    if (site !== undefined && site !== 'same-origin' && (site !== 'none' || method === 'POST')) return true
    return method === 'POST' && (origin !== own || c.req.header('x-jiebang') !== '1')
  }
  if (method !== 'POST') return false
  // A form under `no-referrer` names no origin; the customer's one cookie is not sent from a foreign page and is worth nothing but at its own secret link.
  const nameless = origin === 'null' && path.startsWith('/n/')
  // WeCom's callbacks are not browsers: they name nothing and prove themselves by signature.
  return site === 'cross-site' || (origin !== undefined && origin !== own && !nameless)
}
