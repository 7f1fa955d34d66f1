import type { Deps } from '../deps'
import { settleGroups } from './settle'
import { sendGroups } from './send'
import { takeNews } from './news'

/**
 * From an approved plan to the new owner that WeCom shows. What was sent is looked up before anything new is sent; every
 * step can be repeated, because what has happened stands in the rows, not here.
 */
export async function groupsJob(deps: Deps): Promise<void> {
  await takeNews(deps)
  await settleGroups(deps)
  await sendGroups(deps)
}
