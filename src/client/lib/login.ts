import { readKept, writeKept } from './kept'

const KEY = 'jiebang.logins'
/** So many in so short a time is a loop; somebody who opens one chat after the other is not. */
const MOST = 3
const LOOP_MS = 15_000
/** Several calls may be refused at once; together they are one try. */
let going = false

/**
 * Leaves for the login and comes back to this very page. Answers false when that was already tried without success (a
 * client that keeps no cookies would go round for ever): then the page must say so. `before`: what must be kept first.
 */
export function goToLogin(before: () => void = () => undefined): boolean {
  if (going) return true
  const [tries = 0, since = 0] = (readKept(sessionStorage, KEY) ?? '').split(' ').map(Number)
  const now = Date.now()
  const [count, first] = now - since < LOOP_MS ? [tries, since] : [0, now]
  if (count >= MOST) return false
  writeKept(sessionStorage, KEY, `${count + 1} ${first}`)
  going = true
  before()
  location.replace(loginAddress())
  return true
}

/** A person who presses the button is not a loop. */
export function tryLoginAgain(): void {
  writeKept(sessionStorage, KEY, null)
  location.replace(loginAddress())
}

export const loginWorked = (): void => void writeKept(sessionStorage, KEY, null)

/** Paths of ours with what follows the hash as `at`: a hash does not survive WeCom's redirects. */
function loginAddress(): string {
  const path = location.pathname.startsWith('/sidebar') ? '/sidebar' : '/workbench'
  const route = location.hash.replace(/^#/, '')
  const to =
    /^\/(?!\/)[\w\-/]+$/.test(route) && !route.startsWith('/login') ? `${path}?at=${encodeURIComponent(route)}` : path
  return `/auth/login?to=${encodeURIComponent(to)}`
}
