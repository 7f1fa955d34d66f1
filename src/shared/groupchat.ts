import * as z from 'zod/mini'
import { standing, shortName } from './customer'
import { done, endpoint, id, instant } from './endpoint'
import { as, house, personal } from './field'
import { groupLabels } from './group'
import { sayOutcome } from './notice'

/** What stands beside the chat of a customer group: whose it was, who of mine is in it, what each was told. */
const inGroup = personal({
  F0: { ...standing.shape, customer: id, shortName, from: z.string() },
  F1: { company: z.nullable(as('text', z.string())) },
})
export type InGroup = z.output<typeof inGroup>

/** WeCom's own id, so it goes in a body and never in an address. */
const chat = id

/**
 * The call that the sidebar makes beside a group. Somebody else's group and one that does not exist answer alike: not_found. A
 * customer is in the list when the reader inherited them, whatever group it is.
 */
export const openGroupChat = endpoint({
  method: 'POST',
  path: '/api/group-chat',
  access: ['rep'],
  shows: true,
  input: z.object({ chat }),
  output: house({
    name: z.string(),
    members: z.number(),
    owner: z.nullable(z.string()),
    mine: z.boolean(),
    /** null: nobody passed it on. */
    handover: z.nullable(
      house({
        from: z.string(),
        gone: z.boolean(),
        successor: z.string(),
        toMe: z.boolean(),
        label: z.enum(groupLabels),
        settledAt: z.nullable(instant),
      }),
    ),
    /** What was last said to the group, and whether the reader may say it; it is no notice to any customer. */
    notice: house({ may: z.boolean(), sentAt: z.nullable(instant), by: z.nullable(z.string()) }),
    customers: z.array(inGroup),
    /** Customers in it who are not the reader's. */
    others: z.number(),
  }),
})
export type GroupChat = z.output<typeof openGroupChat.output>

/** Writes down what will be said to the group, before anybody can; what was prepared before and never sent is replaced. */
export const prepareGroupNotice = endpoint({
  method: 'POST',
  path: '/api/group-chat/notice',
  access: ['rep'],
  input: z.object({ chat, language: z.enum(['zh-CN', 'en']) }),
  output: house({
    id,
    text: z.string(),
    filled: z.array(z.string()),
    characters: z.number(),
    late: z.boolean(),
  }),
})

/** What the WeCom client said became of it. Nobody in the group has been told by it, as the law means it. */
export const settleGroupNotice = endpoint({
  method: 'POST',
  path: '/api/group-notices/:attempt/outcome',
  access: ['rep'],
  input: z.object({ attempt: id, ...sayOutcome }),
  output: house({ ...done.shape, at: instant }),
})
