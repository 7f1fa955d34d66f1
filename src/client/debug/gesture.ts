/** So many taps on one heading, each soon after the last: nobody does it by chance, and every page has a heading. */
const TAPS = 7
const SOON_MS = 600

/** Seven taps on a heading; on a keyboard Alt+Shift+D. Answers what stops listening. */
export function listenGesture(done: () => void): () => void {
  const stop = new AbortController()
  const { signal } = stop
  let [taps, last, heading]: [number, number, Element | null] = [0, 0, null]
  // iOS sends no click from what is no control.
  document.addEventListener(
    'pointerup',
    ({ target, timeStamp }) => {
      const on = target instanceof Element ? target.closest('h1, h2') : null
      taps = on && on === heading && timeStamp - last < SOON_MS ? taps + 1 : 1
      ;[heading, last] = [on, timeStamp]
      if (!on || taps < TAPS) return
      taps = 0
      done()
    },
    { signal, passive: true },
  )
  document.addEventListener(
    'keydown',
    // By its place on the keyboard: with Alt a Mac writes something else.
    ({ code, altKey, shiftKey, repeat }) => {
      if (code === 'KeyD' && altKey && shiftKey && !repeat) done()
    },
    { signal },
  )
  return () => stop.abort()
}
