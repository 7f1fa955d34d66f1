import { computed, onScopeDispose } from 'vue'
import { getLink } from '../../shared/link'
import { call } from '../lib/api'
import { useLoad } from '../lib/load'
import { spanWords, timeWords } from '../lib/when'
import { useClock } from '../lib/clock'
import { t } from '../lib/words'
import { errcodeStep, errcodeWords } from '../ui/errcode'

const POLL_MS = 30_000

/** How the line to WeCom stands, asked again while the page is in view; `words` is null while there is nothing to say. */
export function useLink() {
  const { value: link, load } = useLoad(() => call(getLink, {}))
  const now = useClock()
  void load()
  // What a hidden page does not know harms nobody, and coming back asks at once.
  const look = () => void (document.visibilityState === 'visible' && load())
  const timer = setInterval(look, POLL_MS)
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
  })

  const words = computed(() => {
    const { state, goodAt, blockedUntil, errcode } = link.value ?? { state: 'well' as const }
    switch (state) {
      case 'well':
      case 'unsteady':
        return null
      case 'down':
        return goodAt ? t('workbench.link.down', { time: timeWords(goodAt, now.value) }) : t('workbench.link.down_ever')
      case 'blocked':
        return t('workbench.link.blocked', {
          span: spanWords(Date.parse(blockedUntil ?? now.value.toISOString()) - now.value.getTime()),
        })
      case 'refused':
        return [errcodeWords(errcode ?? 0), errcodeStep(errcode ?? 0).what, t('workbench.link.refused')].join(' ')
    }
  })
  return { link, words, load }
}
