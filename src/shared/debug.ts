import * as z from 'zod/mini'
import { done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { house } from './field'

/**
 * Looking at what one's own client does, where no developer tools reach: a member may for an hour, because an administrator gave
 * it to them. It shows nothing that the member's own page does not know, and of that nothing of anybody (client/debug).
 */
export const DEBUG_MS = 60 * 60_000

/** `until`: null, not now. `at`: the server's clock, for the difference to the device's. */
const standing = house({ until: z.nullable(instant), at: instant })

/** The gesture; used, it is written down. */
export const openDebug = endpoint({
  method: 'POST',
  path: '/api/me/debug/open',
  access: 'signed-in',
  input: nothing,
  output: standing,
})

/** Whether it still holds; asking does not keep a session alive. */
export const askDebug = endpoint({
  method: 'GET',
  path: '/api/me/debug',
  access: 'signed-in',
  input: nothing,
  output: standing,
})

const grant = house({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  reason: z.string(),
  by: z.string(),
  at: instant,
  until: instant,
  opened: z.nullable(instant),
})
export type DebugGrant = z.output<typeof grant>

/** What holds now; what is over stands in the log. */
export const listDebug = endpoint({
  method: 'GET',
  path: '/api/debug',
  access: ['admin', 'auditor'],
  input: z.object({ ...pageInput }),
  output: page(grant),
})

export const grantDebug = endpoint({
  method: 'POST',
  path: '/api/debug',
  access: ['admin'],
  fresh: true,
  input: z.object({ member: id, reason: words(200) }),
  output: house({ grant: id, until: instant }),
})

/** Not `fresh`: ending opens nothing. */
export const endDebug = endpoint({
  method: 'POST',
  path: '/api/debug/:grant/end',
  access: ['admin'],
  input: z.object({ grant: id }),
  output: done,
})
