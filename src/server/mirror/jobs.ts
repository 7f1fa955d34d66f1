import type { Deps } from '../deps'
import { readAllGroups } from './groups'
import { readDepartments, readMembers } from './members'
import { readRelations } from './relations'
import { withRun } from './run'
import { readTags } from './tags'

/**
 * Copies what WeCom knows, while it still tells us: of a customer whose only follower left, nothing but an id remains
 * (facts 10.1). What has not changed is not written; a run that finds nothing new leaves only its own line.
 */
export async function mirrorJob(deps: Deps): Promise<void> {
  const ran = await withRun(deps, async (run) => {
    const departments = await readDepartments(deps, run)
    await run.step('members')
    await readMembers(deps, run, departments)
    await run.step('tags')
    await readTags(deps, run)
    await run.step('relations')
    await readRelations(deps, run)
    await run.step('groups')
    await readAllGroups(deps, run)
    await run.step('departures')
  })
  // Who has left is a story of its own; it needs the members that were just read.
  if (ran) deps.wake('departures')
}
