import { ref } from 'vue'

/** Whether our server is out of reach, as the browser says or a call has found; the next answer ends it. */
export const offline = ref(!navigator.onLine)

addEventListener('offline', () => (offline.value = true))
addEventListener('online', () => (offline.value = false))

/** The server is of another release than this page (its answers name it), so that a reload brings a newer one. */
export const newer = ref(false)
const mine = document.documentElement.dataset['release']
export const hearRelease = (served: string | null): void => {
  if (mine && served && served !== mine) newer.value = true
}

/** What of a page waits in lib/waiting.ts, by its id: shown as it will be. */
export const onTheWay = ref<readonly unknown[]>([])
