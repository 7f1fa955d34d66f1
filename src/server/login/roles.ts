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

/** The departments a manager manages: null is all of them. A leader manages what is below, too (`departure/rows.ts`). */
export const managedDepartments = (
  config: Config,
  userid: string,
  leads: readonly number[],
): readonly number[] | null => (config.MANAGERS.includes(userid) || config.COMPLIANCE.includes(userid) ? null : leads)
