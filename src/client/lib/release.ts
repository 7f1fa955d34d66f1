import { readKept, writeKept } from './kept'

const KEY = 'jiebang.reloaded'

// A page that is being left, for the login above all, has its files broken off, too; a reload would undo the leaving.
let leaving = false
for (const name of ['beforeunload', 'pagehide']) addEventListener(name, () => (leaving = true))

/**
 * After a release the page still open asks for files that are gone (quality.md C4); one reload gets the new ones. Answers
 * false when that was tried already, so that nobody reloads for ever.
 */
export function reloadOnce(): boolean {
  if (leaving) return true
  if (readKept(sessionStorage, KEY)) return false
  writeKept(sessionStorage, KEY, '1')
  location.reload()
  return true
}
