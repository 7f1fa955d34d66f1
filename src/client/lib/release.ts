import { acting } from './api'
import { readKept, writeKept } from './kept'
import { newer, offline } from './line'

const KEY = 'jiebang.reloaded'

// A page that is being left, for the login above all, has its files broken off, too; a reload would undo the leaving.
let leaving = false
for (const name of ['beforeunload', 'pagehide']) addEventListener(name, () => (leaving = true))

/** Somebody is writing, has something written in front of them, or waits for its end: a reload now would be felt (Q54). */
export const mayReload = (): boolean =>
  !acting() &&
  ![
    ...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      'textarea, input:not([type=checkbox], [type=radio])',
    ),
  ].some((field) => field === document.activeElement || field.value !== '')

/** Past every cache: web views hold on to the document hard (quality C4). */
const askDocument = (): Promise<string | null> =>
  fetch(location.pathname, { cache: 'reload' }).then(
    (answer) => answer.text(),
    () => null,
  )

export function reload(): void {
  leaving = true
  void askDocument().then(() => location.reload())
}

/**
 * A file of the page that is open did not come: it was lost on the way, or is gone with its release (quality C4). One reload
 * a release brings what is served now. Answers false when that was tried already, so that nobody reloads for ever, while
 * somebody writes, and without a line, where nothing would come: then the page says it.
 */
export async function reloadOnce(): Promise<boolean> {
  if (leaving) return true
  const served = await askDocument()
  offline.value = served === null
  const mine = document.documentElement.dataset['release'] ?? ''
  newer.value ||= served?.includes(`data-release="${mine}"`) === false
  if (offline.value || !mayReload() || readKept(sessionStorage, KEY) === mine) return false
  writeKept(sessionStorage, KEY, mine)
  leaving = true
  location.reload()
  return true
}
