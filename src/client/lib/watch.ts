import { stillHere } from '../../shared/member'
import { call, whenEnded } from './api'
import { LASTING } from './kept'
import { tryLoginAgain } from './login'
import { loadWords, t } from './words'

/** So often a page in view asks whether it may go on; whoever touches it after a pause is asked for at once. */
const BEAT_MS = 30_000
const PAUSE_MS = 5000

/**
 * Keeps a page from outliving its session: when the server says that it was ended, everything leaves the page, its memory and
 * its storage, and what stays says what to do (Q28, Q55). `close` takes the app off the page.
 */
export function watch(close: () => void): void {
  const words = loadWords('ended')
  let asked = Date.now()
  const look = () => {
    if (document.hidden) return
    asked = Date.now()
    // Without a network nobody can say; what is shown stays until somebody can.
    call(stillHere, {}).catch(() => undefined)
  }
  const touched = () => {
    if (Date.now() - asked > PAUSE_MS) look()
  }
  const stop = new AbortController()
  const { signal } = stop
  const beat = setInterval(look, BEAT_MS)
  whenEnded(() => {
    clearInterval(beat)
    stop.abort()
    close()
    wipe()
    // The page is empty from here on; its last words are there already unless it began a moment ago.
    void words.catch(() => undefined).then(() => document.body.replaceChildren(ending()))
  })
  for (const name of ['visibilitychange', 'pointerdown', 'keydown'])
    document.addEventListener(name, touched, { signal, passive: true })
  addEventListener('focus', touched, { signal })
  guardHistory()
}

/** A page that the browser kept for the way back shows nothing and begins anew. */
function guardHistory(): void {
  addEventListener('pagehide', () => (document.body.hidden = true))
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
    else document.body.hidden = false
  })
}

function wipe(): void {
  for (const store of [sessionStorage, localStorage]) forget(store)
  if ('caches' in window) void caches.keys().then((names) => names.forEach((name) => void caches.delete(name)))
  history.replaceState(null, '', location.pathname)
  document.title = t('app.name')
  document.body.replaceChildren()
}

function forget(store: Storage): void {
  try {
    for (const key of Object.keys(store)) if (!LASTING.includes(key)) store.removeItem(key)
  } catch {
    // switched off: then there is nothing in it
  }
}

/** Without a framework and without a request: nothing may be missing now. */
function ending(): HTMLElement {
  const main = document.createElement('main')
  main.className = 'ended'
  main.setAttribute('role', 'alert')
  const say = (tag: 'h1' | 'p' | 'button', words: string) => {
    const element = document.createElement(tag)
    element.textContent = words
    main.append(element)
    return element
  }
  say('h1', t('ended.title'))
  say('p', t('ended.cause'))
  say('p', t('ended.help'))
  const again = say('button', t('app.login.again'))
  again.className = 'plain-button'
  again.addEventListener('click', tryLoginAgain)
  return main
}
