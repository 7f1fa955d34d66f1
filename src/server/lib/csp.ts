import * as z from 'zod/mini'
import { Failure } from '../../shared/failure'
import { CSP_REPORTS } from './headers'
import { createLimit } from './limit'
import { open, type House } from './serve'

/** All browsers together, a minute: reports are for finding our mistakes, not for counting them. */
const PER_MINUTE = 60
const MAX_BODY = 16 * 1024

const kind = z.string().check(z.regex(/^[a-z-]{1,40}$/))
const blocked = z.string().check(z.maxLength(2000))
/** The old form (`report-uri`) and the new one (`report-to`); of each only which rule stopped what kind of thing. */
const oldReport = z.object({
  'csp-report': z.object({ 'effective-directive': z.optional(kind), 'blocked-uri': z.optional(blocked) }),
})
const newReports = z
  .array(z.object({ body: z.object({ effectiveDirective: z.optional(kind), blockedURL: z.optional(blocked) }) }))
  .check(z.maxLength(20))

/**
 * What the policy stopped in somebody's browser. Addresses may hold a customer's link or a search, so that of what was
 * blocked only the origin is written down, and of the page nothing (Q49, Q48).
 */
export function cspReports(house: House): void {
  const { log, now } = house.deps
  const tooMany = createLimit(PER_MINUTE, now)
  open(house, 'POST', CSP_REPORTS, 'anyone', async (c) => {
    const seconds = tooMany('all')
    if (seconds) throw new Failure('limited', { seconds })
    if (Number(c.req.header('content-length') ?? Infinity) > MAX_BODY) throw new Failure('too_large')
    const text = await c.req.text()
    if (text.length > MAX_BODY) throw new Failure('too_large')
    for (const report of readReports(text)) log.warn(report, 'content security policy')
    return c.body(null, 204)
  })
}

interface Report {
  rule: string
  blocked: string
}

function readReports(text: string): Report[] {
  const given = parsed(text)
  const old = z.safeParse(oldReport, given)
  if (old.success) {
    const report = old.data['csp-report']
    return [{ rule: report['effective-directive'] ?? 'unknown', blocked: originOf(report['blocked-uri']) }]
  }
  const reports = z.safeParse(newReports, given)
  if (!reports.success) return []
  return reports.data.map(({ body }) => ({
    rule: body.effectiveDirective ?? 'unknown',
    blocked: originOf(body.blockedURL),
  }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** `inline`, `eval` and the like as they are; of an address scheme and host. */
function originOf(blocked = ''): string {
  if (/^[a-z-]{1,30}$/.test(blocked)) return blocked
  if (!URL.canParse(blocked)) return 'other'
  const { protocol, host } = new URL(blocked)
  return host ? `${protocol}//${host}` : protocol
}
