import { whoIsIt } from './apis'
import { WeComError, type WeCom } from './client'
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
