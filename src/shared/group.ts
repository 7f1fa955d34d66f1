import * as z from 'zod/mini'
import { instant } from './endpoint'

/**
 * A leaver's customer group on its way to a new owner. WeCom's process for groups is not the one for customers: nobody is
 * asked, it takes effect at once (facts 4.5). Only the owner that WeCom shows afterwards makes it `moved`.
 */
export const groupStates = [
  'free',
  'planned',
  'pending_approval',
  'approved',
  'sent',
  'inheriting',
  'moved',
  'failed',
  'elsewhere',
  'no_group',
  'cancelled',
] as const
export type GroupState = (typeof groupStates)[number]

export const groupEvents = [
  'plan',
  'discard',
  'submit_plan',
  'approve',
  'reject',
  'lapse',
  'cancel',
  'send',
  'taken_back',
  'accepted',
  'refused',
  'not_a_group',
  'owner_is_successor',
  'owner_is_other',
  'stayed',
  'call_off',
] as const
export type GroupEvent = (typeof groupEvents)[number]

const seen = { owner_is_successor: 'moved', owner_is_other: 'elsewhere', not_a_group: 'no_group' } as const

/**
 * `taken_back`: the call surely had no effect, or WeCom still shows the old owner after a lost answer. `stayed`: WeCom
 * said yes, and the owner is still the old one. `call_off`: the leaver is back or stays.
 */
const moves: Record<GroupState, Partial<Record<GroupEvent, GroupState>>> = {
  free: { plan: 'planned' },
  planned: { plan: 'planned', discard: 'free', submit_plan: 'pending_approval' },
  pending_approval: { approve: 'approved', reject: 'planned', lapse: 'planned', cancel: 'free' },
  approved: { send: 'sent', call_off: 'cancelled', ...seen },
  sent: { taken_back: 'approved', accepted: 'inheriting', refused: 'failed', ...seen },
  inheriting: { stayed: 'failed', ...seen },
  moved: {},
  failed: { plan: 'planned', ...seen },
  elsewhere: { plan: 'planned' },
  no_group: {},
  cancelled: {},
}

/** The state after the event, or null where the event is not allowed. */
export const nextGroupState = (state: GroupState, event: GroupEvent): GroupState | null => moves[state][event] ?? null

/** A plan may take these up; also one that went elsewhere, should the leaver own it again. */
export const plannableGroups: readonly GroupState[] = groupStates.filter((state) => moves[state].plan)

/** WeCom's own numbers for a group that is changing hands just now, and for one that has (facts 3.6). */
export const BEING_INHERITED = 2
export const INHERITED = 3
/** Full, with 99 people of WeChat in it: WeCom cannot take anybody out by itself (facts 1.4). */
export const GROUP_FULL = 90503
/** WeCom moves at most so many groups of one owner a day (facts 1.3). */
export const GROUPS_A_DAY = 300

/** What a person is told of a group; derived, never stored. */
export const groupLabels = [
  'to_assign',
  'running',
  'to_submit',
  'to_approve',
  'to_send',
  'tomorrow',
  'later',
  'checking',
  'inheriting',
  'moved',
  'person',
  'failed',
  'elsewhere',
  'no_group',
  'cancelled',
] as const
export type GroupLabel = (typeof groupLabels)[number]

export interface GroupStanding {
  /** null: no plan has taken it up yet. */
  state: GroupState | null
  status: number | null
  wait: 'day' | 'wecom' | null
  errcode: number | null
}

export function groupLabelOf({ state, status, wait, errcode }: GroupStanding): GroupLabel {
  switch (state) {
    case null:
    case 'free':
      return status === BEING_INHERITED ? 'running' : 'to_assign'
    case 'planned':
      return 'to_submit'
    case 'pending_approval':
      return 'to_approve'
    case 'approved':
      return wait === null ? 'to_send' : wait === 'day' ? 'tomorrow' : 'later'
    case 'sent':
      return 'checking'
    case 'failed':
      return errcode === GROUP_FULL ? 'person' : 'failed'
    default:
      return state
  }
}

export const groupRow = z.object({
  chat: z.string(),
  name: z.string(),
  /** null: WeCom no longer knows the group. */
  members: z.nullable(z.number()),
  label: z.enum(groupLabels),
  successor: z.nullable(z.string()),
  /** Who has it, where that is somebody outside our plan and known here. */
  owner: z.nullable(z.string()),
  nextTryAt: z.nullable(instant),
  errcode: z.nullable(z.number()),
})
export type GroupRow = z.output<typeof groupRow>

const EAST_MS = 8 * 3600_000
const DAY_MS = 24 * 3600_000
/** When the day of Beijing began, by which WeCom counts. */
export const dayBegan = (now: Date): Date => new Date(Math.floor((now.getTime() + EAST_MS) / DAY_MS) * DAY_MS - EAST_MS)
export const nextDay = (now: Date): Date => new Date(dayBegan(now).getTime() + DAY_MS)
