import * as z from 'zod/mini'
import { shortName } from './customer'
import { day, done, endpoint, id, instant, page, pageInput, words } from './endpoint'
import { house, personal } from './field'

/** What a person may ask about their own information (PIPL 44 to 49; compliance 5.5), each with a number and a clock. */
export const requestKinds = [
  'access',
  'copy',
  'move',
  'correct',
  'supplement',
  'delete',
  'restrict',
  'object',
  'withdraw',
  'explain_rules',
  'explain_allocation',
  'close_account',
  'deceased',
] as const
export type RequestKind = (typeof requestKinds)[number]

export const requestStates = ['received', 'identity_check', 'accepted', 'refused', 'executed', 'informed'] as const
export type RequestState = (typeof requestStates)[number]
export type RequestEvent = 'check' | 'accept' | 'refuse' | 'execute' | 'inform'

const moves: Record<RequestState, Partial<Record<RequestEvent, RequestState>>> = {
  received: { check: 'identity_check', refuse: 'refused' },
  identity_check: { accept: 'accepted', refuse: 'refused' },
  // A hold or a law may be found only while it is being done.
  accepted: { execute: 'executed', refuse: 'refused' },
  refused: { inform: 'informed' },
  executed: { inform: 'informed' },
  informed: {},
}
export const nextRequestState = (state: RequestState, event: RequestEvent): RequestState | null =>
  moves[state][event] ?? null

/** How sure it is who asks (compliance 3.6). */
export const identityLevels = ['IAL0', 'IAL1', 'IAL2'] as const
export type IdentityLevel = (typeof identityLevels)[number]

/** As much as is needed and no more: what shows nothing of anybody needs nobody; what only protects needs little. */
export const needsLevel: Record<RequestKind, IdentityLevel> = {
  access: 'IAL2',
  copy: 'IAL2',
  move: 'IAL2',
  correct: 'IAL2',
  supplement: 'IAL2',
  delete: 'IAL2',
  restrict: 'IAL1',
  object: 'IAL1',
  withdraw: 'IAL1',
  explain_rules: 'IAL0',
  explain_allocation: 'IAL0',
  close_account: 'IAL2',
  deceased: 'IAL2',
}
export const isEnough = (level: IdentityLevel, kind: RequestKind): boolean =>
  identityLevels.indexOf(level) >= identityLevels.indexOf(needsLevel[kind])

/** How compliance found out, where the page could not. */
export const identityWays = ['called_back', 'in_chat', 'document', 'relative_proof'] as const

/** Working days until the answer; then the outside ways stand in it, too. */
export const ANSWER_DAYS = 15

/** What comes as a file. `move`: only what the person gave or what was collected under the contract. */
const fileKinds: readonly RequestKind[] = ['access', 'copy', 'move']
export const isFile = (kind: RequestKind): boolean => fileKinds.includes(kind)
/** What cannot be taken back: somebody else than who accepted it does it. */
export const isErasure = (kind: RequestKind): boolean => kind === 'delete' || kind === 'close_account'
export const isCorrection = (kind: RequestKind): boolean => kind === 'correct' || kind === 'supplement'

/** What may be corrected. */
export const correctable = ['name', 'company', 'title', 'phone', 'other'] as const

/** Lines of the full notice that may be asked about, in its order. */
export const explainable = [
  'we',
  'what',
  'use',
  'closed',
  'vendors',
  'chosen',
  'rights',
  'refuse',
  'children',
  'complaints',
  'changes',
] as const
export type Explainable = (typeof explainable)[number]

/** Why nothing can be deleted now. */
const blockers = ['follows', 'under_way', 'held', 'objection', 'complaint', 'consent'] as const
export type Blocker = (typeof blockers)[number]

/** How the customer was told: `page` by itself, once they had it before their eyes. */
export const informWays = ['page', 'prompt', 'phone', 'mail', 'letter'] as const

const row = {
  id,
  number: z.string(),
  kind: z.enum(requestKinds),
  state: z.enum(requestStates),
  at: instant,
  due: day,
  /** Working days left; negative: so many too late. */
  left: z.number(),
  level: z.enum(identityLevels),
  /** null: nobody of ours any more. */
  shortName: z.nullable(shortName),
  successor: z.nullable(z.string()),
}

export const request = personal({
  F0: {
    ...row,
    customer: z.nullable(id),
    enough: z.boolean(),
    language: z.enum(['zh-CN', 'en']),
    about: z.string(),
    identified: z.nullable(z.object({ how: z.string(), by: z.nullable(z.string()), at: instant })),
    decided: z.nullable(z.object({ by: z.nullable(z.string()), at: instant })),
    reason: z.nullable(z.string()),
    executed: z.nullable(z.object({ by: z.nullable(z.string()), at: instant })),
    outcome: z.nullable(z.string()),
    informed: z.nullable(z.object({ how: z.string(), at: instant })),
    takenAt: z.nullable(instant),
    restricted: z.boolean(),
    /** The restriction was ended: by whom, and why. */
    lifted: z.nullable(z.object({ by: z.nullable(z.string()), at: instant, reason: z.string() })),
    blockers: z.array(z.enum(blockers)),
    /** Accepted by the reader, so that somebody else must carry it out. */
    mine: z.boolean(),
  },
  F6: { text: z.nullable(z.string()), contact: z.nullable(z.string()) },
})
export type Request = z.output<typeof request>

export const listRequests = endpoint({
  method: 'GET',
  path: '/api/requests',
  access: ['compliance'],
  input: z.object({ view: z._default(z.enum(['open', 'done']), 'open'), ...pageInput }),
  output: house({ ...page(personal({ F0: row })).shape, open: z.number(), late: z.number() }),
})

export const getRequest = endpoint({
  method: 'GET',
  path: '/api/requests/:request',
  access: ['compliance'],
  input: z.object({ request: id }),
  output: request,
})

export const identifyRequest = endpoint({
  method: 'POST',
  path: '/api/requests/:request/identify',
  access: ['compliance'],
  input: z.object({ request: id, how: z.enum(identityWays) }),
  output: done,
})

export const acceptRequest = endpoint({
  method: 'POST',
  path: '/api/requests/:request/accept',
  access: ['compliance'],
  input: z.object({ request: id }),
  output: done,
})

/** Never without a reason; the way outside is told beside it. */
export const refuseRequest = endpoint({
  method: 'POST',
  path: '/api/requests/:request/refuse',
  access: ['compliance'],
  input: z.object({ request: id, reason: words(1000) }),
  output: done,
})

/** Does what was asked, and says to the customer in words what was done. */
export const executeRequest = endpoint({
  method: 'POST',
  path: '/api/requests/:request/execute',
  access: ['compliance'],
  fresh: true,
  /** `unscored`, of an objection: from now on nobody allocates this customer by scores (compliance 7.5). */
  input: z.object({ request: id, outcome: words(2000), unscored: z.optional(z.boolean()) }),
  output: done,
})

/** The customer was told another way than by the page. */
export const informRequest = endpoint({
  method: 'POST',
  path: '/api/requests/:request/inform',
  access: ['compliance'],
  input: z.object({ request: id, how: z.enum(['prompt', 'phone', 'mail', 'letter']) }),
  output: done,
})

/** The copy, for somebody to whom it is handed: a ZIP. */
export const takeRequestFile = endpoint({
  method: 'POST',
  path: '/api/requests/:request/file',
  access: ['compliance'],
  fresh: true,
  input: z.object({ request: id }),
  output: z.unknown(),
})

/** Ends a restriction, because the customer asks for it or its cause is gone. */
export const liftRestriction = endpoint({
  method: 'POST',
  path: '/api/requests/:request/lift',
  access: ['compliance'],
  input: z.object({ request: id, reason: words(300) }),
  output: done,
})
