import { createHash } from 'node:crypto'

/** WeCom says no. Thrown by an API, turned into the envelope by the server. */
export class Refusal extends Error {
  constructor(
    readonly errcode: number,
    /** The English beginning of errmsg; the usual text of the code when left out. */
    readonly text: string = texts[errcode] ?? 'request refused',
  ) {
    super(`${errcode} ${text}`)
    this.name = 'Refusal'
  }
}

export interface Answer {
  errcode: number
  errmsg: string
  [key: string]: unknown
}

const BAD_JSON = 'Warning: wrong json format. '

export const accepted = (payload: Record<string, unknown>, badJson: boolean): Answer => ({
  errcode: 0,
  errmsg: badJson ? `ok. ${BAD_JSON}` : 'ok',
  ...payload,
})

/** The payload's keys stay, with empty values (facts 0). */
export function refused(
  refusal: Refusal,
  empty: Record<string, unknown>,
  at: { seconds: number; serial: number; badJson: boolean },
): Answer {
  const { errcode, text } = refusal
  const hex = createHash('md5').update(`${at.seconds} ${at.serial}`).digest('hex')
  const hint = `hint: [${at.seconds}${String(at.serial).padStart(8, '0')}_${at.serial % 100}_${hex}]`
  const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  const warning = at.badJson ? `${BAD_JSON}` : ''
  return { errcode, errmsg: `${text}, ${warning}${hint}, from ip: 127.0.0.1, ${more}`, ...empty }
}

/** The usual words. Nobody may read them: the real ones change, too (facts 0). */
const texts: Record<number, string> = {
  [-1]: 'system busy',
  6000: 'data version conflict',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40050: 'chatid not exist',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40096: 'invalid external userid',
  40097: 'the user is not resigned',
  40098: 'the user is not realname authenticated',
  40099: 'external contact count limit',
  40100: 'the external contact is in transfer already',
  40128: 'the external contact was transferred too often',
  40129: 'the external contact is being transferred',
  40130: 'handover and takeover are the same',
  40131: 'handover is not follower of the external contact',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41008: 'missing code',
  41009: 'missing userid',
  41011: 'missing agentid',
  41035: 'missing external userid',
  41054: 'the user is not activated',
  42001: 'access_token expired',
  42003: 'code expired',
  42016: 'missing task_id',
  42017: 'missing key',
  43012: 'callback url missing',
  45002: 'message content exceed limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45035: 'concurrent operation conflict',
  48001: 'api unauthorized',
  48002: 'api forbidden',
  48009: 'api forbidden for this ip',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  60123: 'invalid party id',
  81013: 'user & party & tag all invalid',
  81017: 'too many owners',
  84061: 'not external contact',
  84074: 'no external contact permission',
  90500: 'the owner of this chat is not resigned',
  90501: 'chat is not external group chat',
  90502: 'the owner of this chat is resigned',
  90503: 'the chat is full',
  90504: 'the owner of this chat is not changed',
  90507: 'the chat is being inherited',
  90508: 'the chat is inherited already',
  90510: 'no active user for one year',
  301002: 'agentid not match',
}

export const textOf = (errcode: number): string => texts[errcode] ?? 'unknown'
