import { Failure, type FailureAnswer } from '../../shared/failure'
import { fill } from '../../shared/lang/fill'
import { failure as zh } from '../../shared/lang/zh-CN/failure'
import { failure as en } from '../../shared/lang/en/failure'
import { isOutage } from '../db/outage'
import type { Deps } from '../deps'
import { InvalidInput } from './invalid'
import type { Ctx } from './serve'

/** The one place where an error becomes an answer. What we did not expect is logged whole and answered without detail. */
export function answerFailure(deps: Deps, error: unknown, c: Ctx): Response {
  const requestId = c.get('requestId')
  const away = isOutage(error)
  const failed = error instanceof Failure ? error : new Failure(away ? 'busy' : 'internal')
  if (failed.code === 'internal') deps.log.error({ err: error, requestId, path: c.req.routePath }, 'unexpected')
  // Its detail may hold the row that could not be written.
  if (away) deps.log.warn({ why: error.message, requestId, path: c.req.routePath }, 'database away')
  const sentences = c.get('language') === 'en' ? en : zh
  const body: FailureAnswer = {
    code: failed.code,
    message: fill(sentences[failed.code], failed.params),
    requestId,
    ...(failed instanceof InvalidInput ? { fields: failed.fields } : {}),
  }
  c.header('cache-control', 'no-store')
  if (failed.code === 'method_not_allowed') c.header('allow', String(failed.params['allow'] ?? 'GET, HEAD, POST'))
  if (failed.code === 'limited') c.header('retry-after', String(failed.params['seconds'] ?? 60))
  if (failed.code === 'busy') c.header('retry-after', '5')
  return c.json(body, failed.status as 400)
}
