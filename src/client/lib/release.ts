import { readKept, writeKept } from './kept'

const KEY = 'jiebang.reloaded'

// A page that is being left, for the login above all, has its files broken off, too; a reload would undo the leaving.
let leaving = false
for (const name of ['beforeunload', 'pagehide']) addEventListener(name, () => (leaving = true))

/** Somebody is writing, or has something written in front of them: a reload now would be felt (Q54). */
const writing = (): boolean =>
  [
    ...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      'textarea, input:not([type=checkbox], [type=radio])',
    ),
  ].some((field) => field === document.activeElement || field.value !== '')

/**
 * After a release the page still open asks for files that are gone (quality.md C4); one reload gets the new ones. Answers
 * false when that was tried already, so that nobody reloads for ever, and while somebody writes: then the page says it.
 */
export function reloadOnce(): boolean {
  if (leaving) return true
  if (writing() || readKept(sessionStorage, KEY)) return false
  writeKept(sessionStorage, KEY, '1')
  location.reload()
  return true
}
