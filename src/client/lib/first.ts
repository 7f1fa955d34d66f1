/** So long at most is waited for it. */
const PATIENCE_MS = 3000

let done: () => void
/**
 * When the first screen stands, or should have long since. It needs all there is of a slow line: what nobody sees or uses before is
 * loaded only then.
 */
export const firstScreen = new Promise<void>((resolve) => {
  done = resolve
  setTimeout(resolve, PATIENCE_MS)
})
export const firstStands = (): void => done()
