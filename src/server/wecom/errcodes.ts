import { meaningOf, type ErrorKind } from '../../shared/wecom'

/** What an errcode asks of us: `shared/wecom.ts` is the table, and says what each means. */
export const kindOf = (errcode: number): ErrorKind => meaningOf(errcode).kind

/** WeCom as a whole does not work for us now; the answer says nothing about whom we asked about. */
export const isOutage = (kind: ErrorKind): boolean => kind === 'retry' || kind === 'refresh' || kind === 'config'

/** The member is not in the corp any more, or never was. */
export const NO_SUCH_MEMBER = 60111
/** The call is for leavers only, and this member is one no longer, or not yet. */
export const NOT_RESIGNED = 40097
/** At least one of these tags does not exist, or may not be set by us; which one, WeCom does not say. */
export const BAD_TAG = 40068
/** No minute or hour budget left for this API (facts 1.3). */
export const BLOCKED = 45009
/** Our address is not among the trusted ones. */
export const NOT_TRUSTED = 60020
/** "Nobody in range follows this customer", in the words of several APIs: an answer about people, not an outage. */
export const noRelation: readonly number[] = [84061, 40096]
/** What lists say when one of the members asked for has left (facts 3.1, 3.6: unverified which). */
export const memberGone: readonly number[] = [60111, 40003, 84061, 301021]
/** One member is out of our range; the API itself answers. */
export const aboutMember: readonly number[] = [50002, 60011, 60021, 60030]

/** Asked again with the same secret, WeCom says the same, and after some times bans our address (facts 1.1). */
export const isRefusedSecret = (errcode: number): boolean => kindOf(errcode) === 'config' && errcode !== NOT_TRUSTED
/** There is no such customer group, whoever asks (facts 1.4; 40050 is what `groupchat/get` says of an id it does not know). */
export const notAGroup: readonly number[] = [40050, 86001, 90501, 90509]
