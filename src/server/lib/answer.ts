import { Failure, type FailureAnswer } from '../../shared/failure'
import { fill } from '../../shared/lang/fill'
import { failure as zh } from '../../shared/lang/zh-CN/failure'
import { failure as en } from '../../shared/lang/en/failure'
import type { Deps } from '../deps'
import { InvalidInput, type Ctx } from './serve'

/** The one place where an error becomes an answer. What we did not expect is logged whole and answered without detail. */
export function answerFailure(deps: Deps, error: unknown, c: Ctx): Response {
  const requestId = c.get('requestId')
  const failed = error instanceof Failure ? error : new Failure('internal')
  if (failed.code === 'internal') deps.log.error({ err: error, requestId, path: c.req.routePath }, 'unexpected')
  const sentences = c.get('language') === 'en' ? en : zh
  const body: FailureAnswer = {
    code: failed.code,
    message: fill(sentences[failed.code], failed.params),
    requestId,
    ...(failed instanceof InvalidInput ? { fields: failed.fields } : {}),
  }
  c.header('cache-control', 'no-store')
  if (failed.code === 'limited') c.header('retry-after', String(failed.params['seconds'] ?? 60))
  return c.json(body, failed.status as 400)
}
