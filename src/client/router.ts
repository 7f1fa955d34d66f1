import { createRouter, createWebHashHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { inSidebar } from './lib/arrive'
import { readKept, writeKept } from './lib/kept'
import { loadWords, t } from './lib/words'
import SidebarRoute from './routes/SidebarRoute.vue'
import { say } from './ui/toast'

declare module 'vue-router' {
  interface RouteMeta {
    words?: 'sidebar' | 'workbench'
  }
}

const own = { words: 'sidebar' } as const
const work = { words: 'workbench' } as const

/** Two addresses, one app: `/sidebar` stands beside a chat, `/workbench` is opened from the workbench and from messages. */
const routes = (sidebar: boolean): RouteRecordRaw[] => [
  sidebar
    ? { path: '/', component: SidebarRoute, meta: own }
    : { path: '/', component: () => import('./home/HomePage.vue'), meta: work },
  { path: '/inherited', component: () => import('./inherited/InheritedPage.vue'), meta: own },
  { path: '/c/:id', component: () => import('./routes/CustomerRoute.vue'), props: true, meta: own },
  {
    path: '/departures',
    component: () => import('./departure/DeparturesPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./departure/DeparturePage.vue'), props: true }],
  },
  {
    path: '/plans',
    component: () => import('./plan/PlansPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./plan/PlanPage.vue'), props: true }],
  },
  { path: '/complaints', component: () => import('./complaint/ComplaintsPage.vue'), meta: work },
  { path: '/mirror', component: () => import('./mirror/MirrorPage.vue'), meta: work },
  { path: '/login/:why(member|state)', component: () => import('./login/LoginPage.vue'), props: true },
  { path: '/:rest(.*)*', component: () => import('./login/LostPage.vue') },
]

export function makeRouter(sidebar = inSidebar()): Router {
  const router = createRouter({
    // Hash only: a changed path would have to be signed again for the JS-SDK (facts 6.2).
    history: createWebHashHistory(),
    routes: routes(sidebar),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async ({ meta }) => {
    if (meta.words) await loadWords(meta.words)
  })
  router.afterEach(() => {
    document.title = t('app.name')
  })
  router.onError(reloadOnce)
  return router
}

/** After a release the page still open asks for files that are gone (quality.md C4); one reload gets the new ones. */
function reloadOnce(): void {
  const KEY = 'jiebang.reloaded'
  if (readKept(sessionStorage, KEY)) return say(t('app.new_version'), 10_000)
  writeKept(sessionStorage, KEY, '1')
  location.reload()
}
