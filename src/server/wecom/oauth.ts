import { whoIsIt, whoOpens } from './apis'
import { AnswerLost, WeComError, type WeCom } from './client'
import { failureOf } from './failure'

const badCode = [40029, 42003, 42022]

/**
 * The member behind an OAuth code, in lower case; null for somebody who is no member; `bad_code` for one that is wrong, old
 * or used. WeCom names members outside the visible range, too (facts 7.1): whether this one may come in is asked elsewhere.
 */
export async function whoLoggedIn(wecom: WeCom, code: string): Promise<{ userid: string } | null | 'bad_code'> {
  try {
    const { userid } = await wecom.ask(whoIsIt, { code })
    return userid ? { userid: userid.toLowerCase() } : null
  } catch (error) {
    if (error instanceof WeComError && badCode.includes(error.errcode)) return 'bad_code'
    throw failureOf(error)
  }
}

/**
 * Whoever opened the customer's page in WeChat. `externalUserid` only of somebody who is a customer of a member in the app's
 * range (facts 7.1). null: a member of ours, or nothing that could be read: then nobody is known.
 */
export async function whoReads(
  wecom: WeCom,
  code: string,
): Promise<{ openid: string; externalUserid: string | null } | null> {
  if (!code) return null
  try {
    const { openid, external_userid } = await wecom.ask(whoOpens, { code })
    return openid ? { openid, externalUserid: external_userid || null } : null
  } catch (error) {
    if (error instanceof WeComError || error instanceof AnswerLost) return null
    throw error
  }
}
