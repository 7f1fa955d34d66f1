/** So long at most is waited for it. */
const PATIENCE_MS = 3000
/** It is painted first, and whoever sees it does not wait for anything else. */
const PAINTED_MS = 500

let done: () => void
/**
 * When the first screen stands, or should have long since. It needs all there is of a slow line and a slow phone: what nobody sees
 * or uses before is loaded only then.
 */
export const firstScreen = new Promise<void>((resolve) => {
  done = resolve
  setTimeout(resolve, PATIENCE_MS)
})
export const firstStands = (): void => void setTimeout(done, PAINTED_MS)
