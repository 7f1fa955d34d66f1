import type { Context } from 'hono'
import { generateCookie, getCookie, setCookie } from 'hono/cookie'
import { STORY } from '../people'
import type { Simulator } from '../wecom/simulator'
import { NEWEST } from './agents'
import { createDesks, tell, type Desk, type Desks } from './desk'
import type { FaultMenu } from './faults'
import { createGroupTalk, type GroupTalk } from './talk'

/** What each customer was told to do with the next takeover; the simulated corp does not say it again. */
export type Wills = Map<string, 'accept' | 'refuse' | 'silent'>

/** What all desks of one window share. */
export interface Room {
  simulator: Simulator
  talk: GroupTalk
  menu: FaultMenu
  wills: Wills
  desks: Desks
}

export function openRoom(simulator: Simulator): Room {
  const desks = createDesks(() => seat(simulator), NEWEST)
  simulator.onChange(() => desks.each(tell))
  return { simulator, talk: createGroupTalk(simulator), menu: new Map(), wills: new Map(), desks }
}

const COOKIE = 'window_desk'
const cookie = { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 86_400 } as const

export const deskOf = ({ desks }: Room, c: Context): Desk | undefined => desks.find(getCookie(c, COOKIE))

/** The visitor's desk, or a new one that the answer gives them. */
export function sit(room: Room, c: Context): Desk {
  const desk = deskOf(room, c) ?? room.desks.open()
  setCookie(c, COOKIE, desk.id, cookie)
  return desk
}

export const deskCookie = (desk: Desk): string => generateCookie(COOKIE, desk.id, cookie)

/** The first member with customers, beside the story's customer where there is one. */
function seat({ world }: Simulator): Pick<Desk, 'member' | 'entry' | 'customer' | 'chat'> {
  const present = world.members().filter((m) => m.followsCustomers)
  const first = present.find((m) => m.userid === STORY.leaver) ?? present[0] ?? world.members()[0]
  const mine = first ? world.relations({ userid: first.userid }) : []
  const customer = (mine.find((r) => r.externalUserid === STORY.customer) ?? mine[0])?.externalUserid ?? ''
  return { member: first?.userid ?? '', entry: customer ? 'sidebar' : 'workbench', customer, chat: '' }
}
