import { alike, table, type Errcode } from './errcodes'

/**
 * What speaks against repeating a call, and what helps. `retry`: may be asked again later. `refresh`: with a new token, once.
 * `permission`, `config`: nothing helps until an administrator acts. `person`: somebody must do something in WeCom, then it
 * works. `final`: this is WeCom's answer.
 */
export type ErrorKind = 'retry' | 'refresh' | 'config' | 'permission' | 'person' | 'final'

/** Whose turn it is: nobody's (it heals, or is done), the manager who plans, a member, an administrator, who maintains us. */
export type Whose = 'nobody' | 'manager' | 'member' | 'admin' | 'maintainer'

/** What to do next; the sentences stand in `lang/…/wecom.ts`. */
export type Step =
  | 'wait'
  | 'none'
  | 'running'
  | 'report'
  | 'reopen'
  | 'secret'
  | 'ids'
  | 'domain'
  | 'address'
  | 'callback'
  | 'enable'
  | 'verify'
  | 'callable'
  | 'grant'
  | 'range'
  | 'contacts'
  | 'archive'
  | 'refresh_list'
  | 'refresh_tags'
  | 'fewer_tags'
  | 'offboard'
  | 'real_name'
  | 'sign_in'
  | 'follow_app'
  | 'another'
  | 'on_the_job'
  | 'resigned'
  | 'later_add'
  | 'by_hand'
  | 'shorten'
  | 'reword'
  | 'recipients'
  | 'tomorrow'
  | 'look_up'

export type Row = readonly [ErrorKind, Whose, Step]

export type { Errcode }

const isListed = (errcode: number): errcode is Errcode => Object.hasOwn(table, errcode)

export interface Meaning {
  /** The row that speaks for it, its own or its family's; null for a code that nobody has documented. */
  code: Errcode | null
  kind: ErrorKind
  whose: Whose
  step: Step
}

const like = (errcode: number): Errcode | null =>
  Number.isInteger(errcode) ? (alike.find(([from, to]) => from <= errcode && errcode <= to)?.[2] ?? null) : null

/** An unknown code is final: not repeated, and shown with its number and where WeCom explains it. */
export function meaningOf(errcode: number): Meaning {
  const code = isListed(errcode) ? errcode : like(errcode)
  const [kind, whose, step]: Row = code === null ? ['final', 'admin', 'look_up'] : table[code]
  return { code, kind, whose, step }
}

/** Where WeCom explains a code. */
export const explanationOf = (errcode: number): string => `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`

export const errcodes: readonly Errcode[] = Object.keys(table).map((code) => Number(code) as Errcode)
