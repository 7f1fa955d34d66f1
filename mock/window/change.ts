import * as z from 'zod'
import type { Simulator } from '../wecom/simulator'
import { groupsOf, relationOf } from './corp'
import type { Desk, Place } from './desk'
import { rules } from './bridge/rules'

export const deskChange = z.strictObject({
  member: z.string().optional(),
  entry: z.enum(['sidebar', 'group', 'workbench']).optional(),
  customer: z.string().optional(),
  chat: z.string().optional(),
  /** A link the member tapped, e.g. in a message of the app: an address on this origin, or a path. */
  open: z.string().max(2000).optional(),
  /** A link the customer tapped; null closes the phone's browser. */
  phone: z.string().max(2000).nullable().optional(),
  bridge: z.enum(['normal', 'absent', 'late', 'hang']).optional(),
  version: z
    .string()
    .regex(/^\d+(\.\d+){1,3}$/)
    .optional(),
  permitted: z.boolean().optional(),
  failing: z.array(z.enum(Object.keys(rules))).optional(),
  webview: z.enum(['reload', 'keep']).optional(),
  confirm: z.enum(['ask', 'send', 'cancel', 'fail']).optional(),
  language: z.enum(['zh', 'en']).optional(),
  fragment: z.enum(['keep', 'drop']).optional(),
  /** The conversation with the app was opened. */
  read: z.literal(true).optional(),
})
export type DeskChange = z.output<typeof deskChange>

/** Changes the desk, or says in one sentence why it cannot be; then nothing has changed. */
export function changeDesk(simulator: Simulator, desk: Desk, origin: string, change: DeskChange): string | null {
  const { member = desk.member, customer, chat, open, phone, read, ...settings } = change
  const next = { ...desk, ...settings, member }
  if (!simulator.world.member(member)) return `Nobody is called ${member}.`
  if (member !== desk.member) {
    const { entry, customer, chat, workbench } = desk
    next.places = new Map(desk.places).set(desk.member, { entry, customer, chat, workbench })
    moveIn(simulator, next)
    next.entry = change.entry ?? next.entry
  }
  if (customer !== undefined) next.customer = customer
  if (chat !== undefined) next.chat = chat
  if (change.entry === 'sidebar' && customer === undefined && !relationOf(simulator, next)) settle(simulator, next)
  if ((customer !== undefined || change.entry === 'sidebar') && !relationOf(simulator, next))
    return `${member} has no chat with this customer.`
  if (next.entry === 'group' && !groupsOf(simulator, member).some((g) => g.chatId === next.chat))
    return `${member} is not in this group.`
  if (open !== undefined) {
    const path = ownPath(open, origin)
    if (!path) return 'This address is not on this origin.'
    Object.assign(next, { workbench: path, entry: 'workbench', turn: desk.turn + 1 })
  } else if (change.entry === 'workbench' && desk.entry !== 'workbench') next.workbench = '/workbench'
  if (phone !== undefined) {
    const path = phone === null ? null : ownPath(phone, origin)
    if (phone !== null && !path) return 'This address is not on this origin.'
    next.phone = path
  }
  // Settings of the client take effect when a page is loaded.
  if (change.bridge ?? change.version ?? change.language) next.turn += 1
  if (next.customer !== desk.customer) next.phone = phone ? next.phone : null
  const moved = next.member !== desk.member || next.entry !== desk.entry || next.customer !== desk.customer
  if (read) desk.readAt.set(member, simulator.clock.now())
  Object.assign(desk, next)
  // Whoever went elsewhere no longer answers what was asked there.
  if (moved) desk.asking?.answer('cancel')
  return null
}

/** Another member sits down: where their client stood, else beside the same or their latest chat, else the workbench. */
function moveIn(simulator: Simulator, desk: Desk): void {
  const fresh: Place = { entry: 'sidebar', customer: desk.customer, chat: desk.chat, workbench: '/workbench' }
  Object.assign(desk, desk.places.get(desk.member) ?? fresh)
  if (desk.entry === 'group' && !groupsOf(simulator, desk.member).some((g) => g.chatId === desk.chat))
    desk.entry = 'sidebar'
  if (desk.entry === 'sidebar' && !relationOf(simulator, desk)) settle(simulator, desk)
  if (desk.entry === 'sidebar' && !relationOf(simulator, desk)) desk.entry = 'workbench'
}

function settle(simulator: Simulator, desk: Desk): void {
  const { world } = simulator
  const mine = world.relations({ userid: desk.member })
  const latest = mine
    .map((r) => ({ id: r.externalUserid, at: world.chat(desk.member, r.externalUserid).at(-1)?.at ?? 0 }))
    .sort((a, b) => b.at - a.at)[0]
  if (latest) desk.customer = latest.id
}

/** The path of an address on this origin; anything else leaves the window and is not followed. */
export function ownPath(address: string, origin: string): string | null {
  if (!URL.canParse(address, origin)) return null
  const url = new URL(address, origin)
  const path = url.pathname + url.search + url.hash
  return url.origin === origin && !path.startsWith('/__window') ? path : null
}
