import type { Reader } from '../db/scope'
import type { Caller } from '../lib/serve'

/** HR keeps what is known of everybody; who only manages, of their own people. Nobody of themselves (db/scope.ts). */
export const readerOf = (caller: Caller): Reader => ({
  id: caller.id,
  manages: caller.roles.includes('hr') ? null : caller.manages,
})
