import type { Deps } from '../deps'
import { readTags } from '../wecom/tags'
import { readAllGroups } from './groups'
import { readDepartments, readMembers } from './members'
import { readRelations } from './relations'
import { withRun } from './run'

/**
 * Copies what WeCom knows, while it still tells us: of a customer whose only follower left, nothing but an id remains
 * (facts 10.1). What has not changed is not written; a run that finds nothing new leaves only its own line.
 */
export async function mirrorJob(deps: Deps): Promise<void> {
  const ran = await withRun(deps, async (run) => {
    if (!run.isDone('members')) {
      const departments = await readDepartments(deps, run)
      await run.step('members')
      await readMembers(deps, run, departments)
    }
    if (!run.isDone('tags')) {
      await run.step('tags')
      const { read, changes } = await readTags(deps)
      run.read.tags = read
      run.changes += changes
    }
    if (!run.isDone('relations')) {
      await run.step('relations')
      await readRelations(deps, run)
    }
    if (!run.isDone('groups')) {
      await run.step('groups')
      await readAllGroups(deps, run)
    }
    await run.step('departures')
  })
  // Who has left is a story of its own; it needs the members that were just read.
  if (ran) deps.wake('departures')
}
