import type { ErrorKind } from '../../shared/wecom'

/** Until when WeCom (or our own pace) wants no call, in ms, and how long that was when it was said. */
export interface Pause {
  until: number
  ms: number
}

/** WeCom answered, and the answer is no. `errmsg` is for the log only: never parsed, never shown. */
export class WeComError extends Error {
  constructor(
    readonly errcode: number,
    readonly kind: ErrorKind,
    readonly path: string,
    readonly pause: Pause | null = null,
  ) {
    super(`${path}: errcode ${errcode}`)
    this.name = 'WeComError'
  }
  /** With `retry`: before this (ms) it is not worth asking again, and no call is made; null when nobody knows. */
  get until(): number | null {
    return this.pause?.until ?? null
  }
}

/** No usable answer: refused connection, time-out, reset, HTML, wrong shape. After an effect it may have happened. */
export class AnswerLost extends Error {
  constructor(
    readonly path: string,
    readonly why: string,
    /** The request surely never left this machine (connection refused). */
    readonly notSent: boolean,
  ) {
    super(`${path}: ${why}`)
    this.name = 'AnswerLost'
  }
}
