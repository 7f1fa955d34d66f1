import './lib/old'
import { createPinia, disposePinia } from 'pinia'
import { createApp } from 'vue'
import './ui/theme.css'
import App from './App.vue'
import { arrive, atLogin, inSidebar } from './lib/arrive'
import { firstScreen, firstStands } from './lib/first'
import { newer } from './lib/line'
import { reloadOnce } from './lib/release'
import { useSession } from './lib/session'
import { signEarly } from './lib/wecom'
import { loadWords, startLanguage, t } from './lib/words'
import SidebarRoute from './routes/SidebarRoute.vue'
import { lookAhead } from './sidebar/brief'
import { say } from './ui/toast'

arrive()
// Vite's own event: a file of the page that is open did not come.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  void reloadOnce().then(
    (reloading) => reloading || say(t(newer.value ? 'app.new_version' : 'app.failure.offline'), 10_000),
  )
})

// Beside a chat there is one page, so its first screen goes without the router: a tenth of its weight.
const pinia = createPinia()
const app = createApp(App, inSidebar() ? { page: SidebarRoute } : {}).use(pinia)
if (inSidebar()) signEarly()
// Everything waits for this answer; the page that needs it tells if it fails.
if (!atLogin())
  useSession()
    .know()
    .catch(() => undefined)

const AHEAD_MS = 200

async function openPage(): Promise<void> {
  if (inSidebar()) {
    await loadWords('sidebar')
    if (atLogin()) return
    // The shell stands on the screen; a client that takes longer answers while the page is drawn.
    const looked = useSession().know().then(lookAhead)
    return Promise.race([looked, new Promise<void>((over) => setTimeout(over, AHEAD_MS))])
  }
  const { makeRouter } = await import('./router')
  const router = makeRouter()
  app.use(router)
  await router.isReady()
}
// Until the first page is ready the shell of index.html stays on the screen.
void Promise.allSettled([startLanguage(), openPage()]).then(() => {
  document.title = t('app.name')
  app.mount('#app')
  if (!inSidebar()) firstStands()
  return firstScreen.then(afterwards)
})

function afterwards(): void {
  // So that it is here when something is pressed.
  void import('./lib/axios').catch(() => undefined)
  void import('./lib/watch').then(({ watch }) =>
    watch(() => {
      app.unmount()
      disposePinia(pinia)
    }),
  )
}
