import type { Role } from '../../shared/member'
import type { Config } from '../lib/config'

/** Roles come from the configuration and from WeCom's department leaders; nobody can give themselves one. */
export function rolesOf(config: Config, userid: string, leads: readonly number[]): Role[] {
  const roles: Role[] = ['rep']
  if (leads.length || config.MANAGERS.includes(userid)) roles.push('manager')
  if (config.COMPLIANCE.includes(userid)) roles.push('compliance')
  if (config.ADMINS.includes(userid)) roles.push('admin')
  return roles
}

/**
 * The departments somebody looks after: null is all of them. A leader looks after their own and what is below
 * (`db/scope.ts`), also when they are in compliance: reading everywhere must not become planning everywhere.
 */
export function managedDepartments(config: Config, userid: string, leads: readonly number[]): readonly number[] | null {
  if (config.MANAGERS.includes(userid)) return null
  return leads.length === 0 && config.COMPLIANCE.includes(userid) ? null : leads
}
