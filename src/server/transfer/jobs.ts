import type { Deps } from '../deps'
import { askResults } from './ask'
import { sendLetters } from './letters'
import { sendBatches } from './send'
import { writeBatches } from './write'

/**
 * From an approved plan to WeCom's result. What was sent without an answer is looked up before anything new is sent; what
 * was just sent is asked for at once. Every step can be repeated: what has happened stands in the rows, not here.
 */
export async function transfersJob(deps: Deps): Promise<void> {
  await askResults(deps)
  await writeBatches(deps)
  await sendBatches(deps)
  await askResults(deps)
}

export const lettersJob = (deps: Deps): Promise<void> => sendLetters(deps)
