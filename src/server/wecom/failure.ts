import { Failure } from '../../shared/failure'
import { AnswerLost, WeComError } from './client'
import type { ErrorKind } from '../../shared/wecom'

const codes = {
  retry: 'wecom_unreachable',
  refresh: 'wecom_config',
  config: 'wecom_config',
  permission: 'wecom_permission',
  person: 'wecom_refused',
  final: 'wecom_refused',
} as const satisfies Record<ErrorKind, string>

/** What a person is told when WeCom says no or nothing. Any other error stays what it is. */
export function failureOf(error: unknown): Error {
  if (error instanceof AnswerLost) return new Failure('wecom_unreachable')
  if (error instanceof WeComError && error.pause)
    return new Failure('wecom_limited', { minutes: Math.max(1, Math.ceil(error.pause.ms / 60_000)) })
  if (error instanceof WeComError) return new Failure(codes[error.kind], { errcode: error.errcode })
  return error instanceof Error ? error : new Failure('internal')
}
