import { sentence } from './sentences'
import type { Answer } from './envelope'

/** One call as it went over the wire, without token and secret. */
export interface CallRecord {
  id: string
  /** Virtual ms. */
  at: number
  method: string
  /** Below /cgi-bin/. */
  path: string
  query: Record<string, string>
  body: unknown
  /** HTTP status; 0 when the connection broke. */
  status: number
  /** What WeCom answered, even when a fault kept it from arriving; null when nothing happened at all. */
  answer: unknown
  errcode: number | null
  /** What a fault did to this call, in one word. */
  fault: string | null
  describe: { zh: string; en: string }
}

interface Happened {
  id: string
  at: number
  request: Request
  path: string
  query: URLSearchParams
  body: unknown
  status: number
  answer: Answer | null
  fault: string | null
}

export function recordOf({ id, at, request, path, query, body, status, answer, fault }: Happened): CallRecord {
  const shown = Object.fromEntries([...query].filter(([name]) => !SECRETS.includes(name)))
  // A secret travels in the answer, too: the log is shown in a window.
  const hidden =
    answer && Object.fromEntries(Object.entries(answer).map(([k, v]) => [k, SECRETS.includes(k) ? '…' : v]))
  const errcode = answer?.errcode ?? null
  const describe = sentence({
    path,
    query: shown,
    body: isObject(body) ? body : {},
    answer: hidden ?? {},
    errcode,
    status,
    fault,
  })
  return { id, at, method: request.method, path, query: shown, body, status, answer: hidden, errcode, fault, describe }
}

const SECRETS = ['access_token', 'corpsecret', 'ticket', 'user_ticket', 'code']

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
