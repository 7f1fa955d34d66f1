import { readKept, writeKept } from './kept'

const KEY = 'jiebang.logins'
const MOST = 2

/**
 * Leaves for the login and comes back to this very page. Answers false when that was already tried without success (a
 * client that keeps no cookies would go round for ever): then the page must say so.
 */
export function goToLogin(): boolean {
  const tries = Number(readKept(sessionStorage, KEY) ?? 0)
  if (tries >= MOST) return false
  writeKept(sessionStorage, KEY, String(tries + 1))
  location.replace(loginAddress())
  return true
}

/** A person who presses the button is not a loop. */
export function tryLoginAgain(): void {
  writeKept(sessionStorage, KEY, null)
  location.replace(loginAddress())
}

export const loginWorked = (): void => writeKept(sessionStorage, KEY, null)

/** Paths of ours with what follows the hash as `at`: a hash does not survive WeCom's redirects. */
function loginAddress(): string {
  const path = location.pathname.startsWith('/sidebar') ? '/sidebar' : '/workbench'
  const route = location.hash.replace(/^#/, '')
  const to =
    /^\/(?!\/)[\w\-/]+$/.test(route) && !route.startsWith('/login') ? `${path}?at=${encodeURIComponent(route)}` : path
  return `/auth/login?to=${encodeURIComponent(to)}`
}
