import { readKept, writeKept } from './kept'

const KEY = 'jiebang.reloaded'

/**
 * After a release the page still open asks for files that are gone (quality.md C4); one reload gets the new ones. Answers
 * false when that was tried already, so that nobody reloads for ever.
 */
export function reloadOnce(): boolean {
  if (readKept(sessionStorage, KEY)) return false
  writeKept(sessionStorage, KEY, '1')
  location.reload()
  return true
}
