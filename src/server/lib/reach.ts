import type { Role } from '../../shared/member'
import type { Reader } from '../db/scope'
import type { Caller } from './serve'

/**
 * Whoever may enter as one of these roles reads of every department there, also who leads one of their own (login/roles.ts); never
 * of themselves (db/scope.ts). For doors whose answer is the same for all roles: it must not show anybody what only a manager sees.
 */
export const reachOf = (caller: Caller, ...roles: readonly Role[]): Reader => ({
  id: caller.id,
  manages: roles.some((role) => caller.roles.includes(role)) ? null : caller.manages,
})
