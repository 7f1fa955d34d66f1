import { grantable, type Grantable } from '../../shared/right'
import type { Role } from '../../shared/member'
import { roleSettingNames, roleSettings, type Config } from '../lib/config'
import type { Granted } from './rows'

/**
 * Roles come from the configuration, from WeCom's department leaders, and from grants that hold now; nobody can give
 * themselves one.
 */
export function rolesOf(config: Config, userid: string, leads: readonly number[], granted: readonly Granted[]): Role[] {
  const roles = new Set<Role>(['rep'])
  if (leads.length) roles.add('manager')
  for (const setting of roleSettingNames) if (config[setting].includes(userid)) roles.add(roleSettings[setting])
  for (const { role } of granted) if (grantable.includes(role as Grantable)) roles.add(role as Grantable)
  return [...roles]
}

/**
 * The departments somebody looks after: null is all of them. A leader looks after their own and what is below
 * (`db/scope.ts`), also when they are in compliance: reading everywhere must not become planning everywhere.
 */
export function managedDepartments(
  config: Config,
  userid: string,
  leads: readonly number[],
  granted: readonly Granted[],
): readonly number[] | null {
  const manager = granted.filter(({ role }) => role === 'manager')
  if (config.MANAGERS.includes(userid) || manager.some(({ departments }) => departments === null)) return null
  const own = [...new Set([...leads, ...manager.flatMap(({ departments }) => departments ?? [])])]
  const reader = config.COMPLIANCE.includes(userid) || granted.some(({ role }) => readers.includes(role))
  return own.length === 0 && reader ? null : own
}

/** Who reads of every department; what each of them sees of it is not decided here. */
const readers: readonly string[] = ['compliance', 'hr', 'auditor'] satisfies Role[]
