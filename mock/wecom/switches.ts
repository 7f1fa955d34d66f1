/**
 * What nobody outside Tencent has established yet (facts 14). Each default is the one the register chose; a test that
 * depends on a point runs with both.
 */
export interface Switches {
  /** U1: tags, remark, description and mobiles follow the customer to the successor. */
  carriesNotes: boolean
  /** U2: what `externalcontact/list` and `/get` answer about a departed follower. */
  departedAnswer: 84061 | 60111 | 40003
  /** U2: `batch/get_by_user` with a departed userid: an empty page, or an error for the whole call. */
  departedPage: 'empty' | 84061 | 60111 | 40003
  /** U3: `externalcontact/get` still shows the departed follower while somebody else follows. */
  showsDepartedFollower: boolean
  /** U4: `add_external_contact` fires for the successor (never with a WelcomeCode). */
  addEventAfterTakeover: boolean
  /** U5: `transfer_fail` fires on refusal and on a full successor. */
  failEvent: boolean
  /** U6: `groupchat/list` with a departed owner in `owner_filter`: as documented, or 40003 as reported. */
  departedOwnerFilter: 'doc' | 40003
  /** U7: `groupchat/get` reads the group of a departed owner. */
  departedOwnerGroup: boolean
  /** U8: `change_owner` fires after a group was moved by API. */
  ownerEvent: boolean
  /** U9: a member who quit, still inside the 30 days, counts as resigned. */
  quitIsResigned: boolean
  /** U10: when a row leaves `get_unassigned_list`. */
  unassignedRowLeaves: 'at assign' | 'at takeover'
  /** U10: a refused (or full) row is listed again. Always so with 'at takeover'. */
  refusedRowReturns: boolean
  /** U11: the same customer may be assigned again after a refusal. */
  reassignAfterRefusal: boolean
  /** U12: a customer can accept before the 24 hours are over. */
  earlyAccept: boolean
  /** U15: whose userid stands in `oper_userid` of the new relation. */
  operUserid: 'takeover' | 'handover'
  /** Facts 4.3: where 40097, 40098 and 40130 appear. */
  wholeCallCodes: 'top' | 'item'
  /** Facts 4.4: what `transfer_result` withholds during the first five minutes of a flow. */
  freshResults: 'all' | 'half' | 'none'
  /** Facts 1.4, 90507: how long a resigned group is being inherited. Facts 4.5 say at once. */
  groupSeconds: number
}

export const registerDefaults: Switches = {
  carriesNotes: false,
  departedAnswer: 84061,
  departedPage: 'empty',
  showsDepartedFollower: false,
  addEventAfterTakeover: true,
  failEvent: true,
  departedOwnerFilter: 'doc',
  departedOwnerGroup: true,
  ownerEvent: true,
  quitIsResigned: false,
  unassignedRowLeaves: 'at assign',
  refusedRowReturns: false,
  reassignAfterRefusal: true,
  earlyAccept: true,
  operUserid: 'takeover',
  wholeCallCodes: 'top',
  freshResults: 'all',
  groupSeconds: 0,
}
