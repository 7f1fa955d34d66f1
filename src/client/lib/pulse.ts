import { onScopeDispose } from 'vue'
import { pulse } from '../../shared/pulse'
import { asFailure, call } from './api'

/** Twice a minute: what a customer takes back is off every open page within a minute (compliance 3.5, T-14). */
const BEAT_MS = 25_000

/**
 * Asks while the page is in view whether what it shows is still what it may show, and reads anew when it is not. Nothing is
 * taken away for want of a network.
 */
export function usePulse(what: () => { customer: string; mark: string }, changed: () => Promise<void>): void {
  let asking = false
  const look = async () => {
    if (document.hidden || asking) return
    asking = true
    try {
      if (!(await call(pulse, what())).same) await changed()
    } catch (thrown) {
      if (asFailure(thrown).code === 'not_found') await changed()
    } finally {
      asking = false
    }
  }
  const beat = setInterval(() => void look(), BEAT_MS)
  onScopeDispose(() => clearInterval(beat))
}
