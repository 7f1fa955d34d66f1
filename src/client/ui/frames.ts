const waiting = new Set<() => unknown>()

/** One piece of work a frame: many parts of a list come near at once when somebody scrolls fast. */
export function inTurn(work: () => unknown): void {
  waiting.add(work)
  if (waiting.size === 1) requestAnimationFrame(next)
}

function next(): void {
  const [first] = waiting
  if (!first) return
  first()
  waiting.delete(first)
  if (waiting.size) requestAnimationFrame(next)
}

type Seen = (near: boolean, height: number) => void
const seen = new WeakMap<Element, Seen>()
let observer: IntersectionObserver | undefined

/** Tells whenever the element comes near the window or leaves it; one observer for thousands. False: this client cannot tell. */
export function watchNear(element: Element, tell: Seen): boolean {
  if (!('IntersectionObserver' in window)) return false
  observer ??= new IntersectionObserver(
    (entries) => {
      // The height comes along: asking for it would have the browser lay out the page in the middle of a frame.
      for (const { target, isIntersecting, boundingClientRect } of entries)
        seen.get(target)?.(isIntersecting, boundingClientRect.height)
    },
    { rootMargin: '1200px 0px' },
  )
  seen.set(element, tell)
  observer.observe(element)
  return true
}
export const unwatchNear = (element: Element): void => observer?.unobserve(element)
