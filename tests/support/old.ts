import type { BrowserContext } from 'playwright-core'

/**
 * Makes the browser as old as the oldest that the app is built for (vite.config.ts: Chromium 87 and iOS 14, whichever has less):
 * what came later is not there. Syntax the build has translated already; a lookbehind, which nobody can translate, must not be
 * in what is built (house/bundle).
 */
export const growOld = (context: BrowserContext): Promise<unknown> => context.addInitScript(forget)

/** Runs in each frame before the page does; the simulated window around the app is as new as it likes. */
function forget(): void {
  if (location.pathname.startsWith('/__window')) return
  const newer: [object | undefined, readonly string[]][] = [
    [Object, ['hasOwn', 'groupBy']],
    [Map, ['groupBy']],
    [Array, ['fromAsync']],
    [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
    [Object.getPrototypeOf(Uint8Array.prototype) as object, ['at', 'findLast', 'findLastIndex', 'toSorted', 'with']],
    [String.prototype, ['at', 'isWellFormed', 'toWellFormed']],
    [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']],
    [Promise, ['withResolvers', 'try']],
    // Not Intl.Segmenter: axe reads Chinese labels with it.
    [Intl, ['ListFormat', 'DurationFormat', 'DisplayNames']],
    [AbortSignal, ['timeout', 'any', 'abort']],
    [AbortSignal.prototype, ['throwIfAborted', 'reason']],
    [Crypto.prototype, ['randomUUID']],
    [Element.prototype, ['checkVisibility']],
    [HTMLElement.prototype, ['showPopover', 'inert']],
    [Navigator.prototype, ['locks', 'userActivation', 'scheduling']],
    [
      window,
      [
        ...['structuredClone', 'reportError', 'requestIdleCallback', 'BroadcastChannel', 'WeakRef', 'scheduler'],
        ...['FinalizationRegistry', 'HTMLDialogElement', 'CompressionStream', 'navigation'],
      ],
    ],
  ]
  for (const [of, names] of newer) for (const name of names) if (of) Reflect.deleteProperty(of, name)
}
