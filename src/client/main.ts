import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './ui/theme.css'
import App from './App.vue'
import { arrive } from './lib/arrive'
import { useSession } from './lib/session'
import { startLanguage, words } from './lib/words'
import { makeRouter } from './router'

// Before the router is made: it reads the address.
arrive()
const router = makeRouter()
const app = createApp(App).use(createPinia()).use(router).use(words)
// Everything waits for this answer; the page that needs it tells if it fails.
useSession()
  .know()
  .catch(() => undefined)
// Until the first page is ready the shell of index.html stays on the screen.
void Promise.allSettled([startLanguage(), router.isReady()]).then(() => app.mount('#app'))
