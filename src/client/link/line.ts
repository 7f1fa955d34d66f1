import { onScopeDispose } from 'vue'
import { getLink } from '../../shared/link'
import { call } from '../lib/api'
import { useLoad } from '../lib/load'

const POLL_MS = 30_000

/** How the line to WeCom stands, asked again while the page is in view. */
export function useLink() {
  const { value: link, load } = useLoad(() => call(getLink, {}))
  void load()
  // What a hidden page does not know harms nobody, and coming back asks at once.
  const look = () => void (document.visibilityState === 'visible' && load())
  const timer = setInterval(look, POLL_MS)
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })
  return link
}
