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
  | 'recipients'
  | 'tomorrow'
  | 'look_up'

type Row = readonly [ErrorKind, Whose, Step]

/** Every documented errcode (facts 1.4). 42014 stands for the fields of a template card, to 42051. */
const table = {
  [-1]: ['retry', 'nobody', 'wait'],
  6000: ['retry', 'nobody', 'wait'],
  40001: ['config', 'admin', 'secret'],
  40003: ['final', 'nobody', 'refresh_list'],
  40013: ['config', 'admin', 'ids'],
  40014: ['refresh', 'admin', 'secret'],
  40029: ['final', 'member', 'reopen'],
  40056: ['config', 'admin', 'ids'],
  40058: ['final', 'maintainer', 'report'],
  40063: ['final', 'maintainer', 'report'],
  40068: ['final', 'manager', 'refresh_tags'],
  40093: ['final', 'admin', 'domain'],
  40094: ['final', 'admin', 'domain'],
  40096: ['final', 'admin', 'range'],
  40097: ['person', 'manager', 'offboard'],
  40098: ['person', 'member', 'real_name'],
  40099: ['person', 'manager', 'another'],
  40100: ['final', 'nobody', 'running'],
  40126: ['person', 'admin', 'fewer_tags'],
  40127: ['final', 'maintainer', 'report'],
  40128: ['final', 'manager', 'later_add'],
  40129: ['final', 'nobody', 'running'],
  40130: ['final', 'manager', 'another'],
  40131: ['final', 'nobody', 'refresh_list'],
  40132: ['final', 'manager', 'by_hand'],
  41001: ['config', 'maintainer', 'report'],
  41002: ['config', 'admin', 'ids'],
  41004: ['config', 'admin', 'secret'],
  41035: ['final', 'maintainer', 'report'],
  41046: ['final', 'maintainer', 'report'],
  41047: ['final', 'maintainer', 'report'],
  41048: ['final', 'manager', 'recipients'],
  41049: ['final', 'maintainer', 'report'],
  41050: ['final', 'nobody', 'none'],
  41051: ['final', 'nobody', 'none'],
  41053: ['final', 'nobody', 'none'],
  41054: ['person', 'member', 'sign_in'],
  41063: ['retry', 'nobody', 'wait'],
  41064: ['final', 'maintainer', 'report'],
  41065: ['final', 'maintainer', 'report'],
  41093: ['final', 'nobody', 'none'],
  41094: ['final', 'manager', 'tomorrow'],
  41096: ['final', 'nobody', 'none'],
  42001: ['refresh', 'nobody', 'wait'],
  42003: ['final', 'member', 'reopen'],
  42012: ['config', 'maintainer', 'report'],
  42014: ['final', 'maintainer', 'report'],
  42022: ['final', 'member', 'reopen'],
  43004: ['person', 'member', 'follow_app'],
  43009: ['config', 'admin', 'verify'],
  43012: ['config', 'admin', 'callback'],
  45002: ['final', 'manager', 'shorten'],
  45009: ['retry', 'nobody', 'wait'],
  45029: ['final', 'maintainer', 'report'],
  45031: ['config', 'admin', 'secret'],
  45033: ['retry', 'nobody', 'wait'],
  45035: ['retry', 'nobody', 'wait'],
  46004: ['final', 'nobody', 'refresh_list'],
  48001: ['permission', 'admin', 'grant'],
  48002: ['permission', 'admin', 'callable'],
  48005: ['permission', 'maintainer', 'report'],
  48006: ['permission', 'admin', 'enable'],
  48009: ['permission', 'admin', 'contacts'],
  50001: ['config', 'admin', 'domain'],
  50002: ['permission', 'admin', 'range'],
  50003: ['config', 'admin', 'enable'],
  60011: ['permission', 'admin', 'range'],
  60020: ['config', 'admin', 'address'],
  60021: ['permission', 'admin', 'range'],
  60030: ['permission', 'admin', 'range'],
  60031: ['config', 'admin', 'enable'],
  60111: ['final', 'nobody', 'refresh_list'],
  60123: ['final', 'nobody', 'refresh_list'],
  81013: ['final', 'manager', 'recipients'],
  81017: ['final', 'maintainer', 'report'],
  84061: ['final', 'nobody', 'none'],
  84074: ['permission', 'admin', 'callable'],
  84083: ['final', 'manager', 'another'],
  84084: ['final', 'nobody', 'refresh_list'],
  90500: ['person', 'manager', 'on_the_job'],
  90501: ['final', 'nobody', 'none'],
  90502: ['person', 'manager', 'resigned'],
  90503: ['person', 'manager', 'by_hand'],
  90504: ['final', 'nobody', 'none'],
  90507: ['final', 'nobody', 'running'],
  90508: ['final', 'nobody', 'none'],
  90509: ['final', 'nobody', 'none'],
  90510: ['person', 'admin', 'enable'],
  301002: ['config', 'admin', 'ids'],
  301021: ['final', 'nobody', 'refresh_list'],
  301036: ['final', 'nobody', 'none'],
  301042: ['config', 'admin', 'archive'],
  701008: ['permission', 'maintainer', 'report'],
} as const satisfies Record<number, Row>

export type Errcode = keyof typeof table

const isListed = (errcode: number): errcode is Errcode => Object.hasOwn(table, errcode)

export interface Meaning {
  /** The row it stands in; null for a code that nobody has documented. */
  code: Errcode | null
  kind: ErrorKind
  whose: Whose
  step: Step
}

/** An unknown code is final: not repeated, and shown with its number and where WeCom explains it. */
export function meaningOf(errcode: number): Meaning {
  const code = isListed(errcode) ? errcode : errcode > 42014 && errcode <= 42051 ? 42014 : null
  const [kind, whose, step]: Row = code === null ? ['final', 'admin', 'look_up'] : table[code]
  return { code, kind, whose, step }
}

/** Where WeCom explains a code. */
export const explanationOf = (errcode: number): string => `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`

export const errcodes: readonly Errcode[] = Object.keys(table).map((code) => Number(code) as Errcode)
