import * as z from 'zod/mini'
import { chatId, contactId, instantOf, listOf, number, text, userid } from './answers'
import type { Api } from './client'

/** Every API this product calls, as data. The sections are those of the fact sheet. */
const get = <A extends z.core.$ZodType>(path: string, answer: A): Api<A> => ({
  method: 'GET',
  path,
  effect: false,
  answer,
})
const read = <A extends z.core.$ZodType>(path: string, answer: A): Api<A> => ({
  method: 'POST',
  path,
  effect: false,
  answer,
})
const effect = <A extends z.core.$ZodType>(method: 'GET' | 'POST', path: string, answer: A): Api<A> => ({
  method,
  path,
  effect: true,
  answer,
})

// 2.1, 2.2 Members and departments
const member = z.object({
  userid,
  name: text,
  position: text,
  department: listOf(z.int()),
  /** 1 activated, 2 disabled, 4 not activated, 5 has quit */
  status: number,
})
export type WeComMember = z.output<typeof member>
export const departmentList = get(
  'department/list',
  z.object({
    department: listOf(z.object({ id: z.int(), name: text, parentid: number, department_leader: listOf(userid) })),
  }),
)
export const userList = get('user/list', z.object({ userlist: listOf(member) }))
export const userGet = get('user/get', member)
export const followUserList = get('externalcontact/get_follow_user_list', z.object({ follow_user: listOf(userid) }))

// 3 Customers
const contact = z.object({
  external_userid: contactId,
  name: text,
  type: number,
  position: text,
  corp_name: text,
})
export type WeComContact = z.output<typeof contact>
const follow = {
  userid,
  remark: text,
  description: text,
  createtime: instantOf,
  remark_corp_name: text,
  remark_mobiles: listOf(text),
  add_way: number,
}
export const contactsByUser = read(
  'externalcontact/batch/get_by_user',
  z.object({
    external_contact_list: listOf(
      z.object({ external_contact: contact, follow_info: z.object({ ...follow, tag_id: listOf(text) }) }),
    ),
    next_cursor: text,
    fail_info: z.optional(z.nullable(z.object({ unlicensed_userid_list: listOf(userid) }))),
  }),
)
export const contactGet = get(
  'externalcontact/get',
  z.object({
    external_contact: contact,
    follow_user: listOf(
      z.object({ ...follow, tags: listOf(z.object({ tag_id: text, tag_name: text, type: number })) }),
    ),
    next_cursor: text,
  }),
)
export const tagList = read(
  'externalcontact/get_corp_tag_list',
  z.object({
    tag_group: listOf(
      z.object({
        group_name: text,
        deleted: z.optional(z.boolean()),
        tag: listOf(z.object({ id: contactId, name: text, deleted: z.optional(z.boolean()) })),
      }),
    ),
  }),
)

/** Either only adds tags to one relation or sets the fields it names; both may be said again without harm (3.4, 3.5). */
export const markTag = effect('POST', 'externalcontact/mark_tag', z.object({}))
export const writeRemark = effect('POST', 'externalcontact/remark', z.object({}))

// 3.6 Customer groups
export const groupList = read(
  'externalcontact/groupchat/list',
  z.object({ group_chat_list: listOf(z.object({ chat_id: chatId, status: number })), next_cursor: text }),
)
export const groupGet = read(
  'externalcontact/groupchat/get',
  z.object({
    group_chat: z.object({
      chat_id: chatId,
      name: text,
      owner: text,
      /** type 1: a colleague, 2: somebody from outside */
      member_list: listOf(z.object({ userid: text, type: number })),
    }),
  }),
)

// 4 Inheritance
export const unassignedList = read(
  'externalcontact/get_unassigned_list',
  z.object({
    info: listOf(z.object({ handover_userid: userid, external_userid: contactId, dimission_time: instantOf })),
    is_last: z.optional(z.boolean()),
    next_cursor: text,
  }),
)
const begun = z.object({ customer: listOf(z.object({ external_userid: contactId, errcode: z.int() })) })
const outcomes = z.object({
  customer: listOf(z.object({ external_userid: contactId, status: z.int(), takeover_time: instantOf })),
  next_cursor: text,
})
/** ≤ 100 ids a call. An item's errcode 0 means "started", never "done" (4.3). */
export const transferCustomer = effect('POST', 'externalcontact/resigned/transfer_customer', begun)
export const transferResult = read('externalcontact/resigned/transfer_result', outcomes)
/** The same of a member who is still here; takes a `transfer_success_msg` of ≤ 200 characters, too (4.7). */
export const transferOnJob = effect('POST', 'externalcontact/transfer_customer', begun)
export const resultOnJob = read('externalcontact/transfer_result', outcomes)

/** ≤ 100 chat ids a call, 300 a day for one owner (4.6). A group that is not named in the answer was accepted. */
const groupsMoved = z.object({ failed_chat_list: listOf(z.object({ chat_id: chatId, errcode: z.int() })) })
export const groupTransfer = effect('POST', 'externalcontact/groupchat/transfer', groupsMoved)
export const groupTransferOnJob = effect('POST', 'externalcontact/groupchat/onjob_transfer', groupsMoved)

// 8.1 Mass messages: WeCom makes a task of each, and sends nothing before the member confirms it
export const addMassMessage = effect(
  'POST',
  'externalcontact/add_msg_template',
  z.object({ fail_list: listOf(contactId), msgid: text }),
)
export const massResult = read(
  'externalcontact/get_groupmsg_send_result',
  z.object({
    /** status 0 unsent, 1 sent, 2 no friend, 3 the customer received another */
    send_list: listOf(z.object({ external_userid: text, userid: text, status: number })),
    next_cursor: text,
  }),
)
export const massMessages = read(
  'externalcontact/get_groupmsg_list_v2',
  z.object({
    group_msg_list: listOf(z.object({ msgid: text, text: z.optional(z.nullable(z.object({ content: text }))) })),
    next_cursor: text,
  }),
)

// 6.3, 7.1, 8.2
const ticket = z.object({ ticket: z.string().check(z.minLength(1), z.maxLength(512)), expires_in: z.int() })
const kept = <A extends z.core.$ZodType>(api: Api<A>): Api<A> => ({ ...api, kept: true })
export const jsapiTicket = kept(get('get_jsapi_ticket', ticket))
export const appTicket = kept(get('ticket/get', ticket))
/** Uses the code up: asked again after a lost answer it says "invalid" of a good one. */
export const whoIsIt = effect('GET', 'auth/getuserinfo', z.object({ userid: text }))
/** The same for somebody who is no member: both names are empty for one. */
export const whoOpens = effect('GET', 'auth/getuserinfo', z.object({ openid: text, external_userid: text }))
/** Partial failure keeps errcode 0 and names whom it did not reach. */
/** A card that waits for its reader: the code changes what it shows, once, within 72 hours. */
export const sendCard = effect(
  'POST',
  'message/send',
  z.object({ invaliduser: text, msgid: text, response_code: text }),
)
export const updateCard = effect('POST', 'message/update_template_card', z.object({}))
export const sendMessage = effect('POST', 'message/send', z.object({ invaliduser: text, msgid: text }))
