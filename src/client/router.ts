import { createRouter, createWebHashHistory, type Router, type RouteRecordRaw } from 'vue-router'
import { loadWords, t, withWords } from './lib/words'

declare module 'vue-router' {
  interface RouteMeta {
    words?: 'sidebar' | 'workbench'
  }
}

const own = { words: 'sidebar' } as const
const work = { words: 'workbench' } as const

/** The pages of `/workbench`, opened from the workbench and from messages; `/sidebar` is one page of its own (main.ts). */
const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./home/HomePage.vue'), meta: work },
  { path: '/inherited', component: () => import('./routes/InheritedRoute.vue'), meta: own },
  {
    path: '/newcomers',
    component: () => withWords('working', import('./routes/NewcomersRoute.vue')),
    meta: own,
  },
  {
    path: '/promises',
    component: () => withWords('working', import('./promise/PromisesPage.vue')),
    meta: own,
  },
  { path: '/leaving', component: () => withWords('working', import('./leaving/LeavingPage.vue')), meta: own },
  { path: '/duty', component: () => import('./duty/DutyPage.vue'), meta: work },
  { path: '/c/:id', component: () => import('./routes/CustomerRoute.vue'), props: true, meta: own },
  {
    path: '/departures',
    component: () => import('./departure/DeparturesPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./routes/DepartureRoute.vue'), props: true }],
  },
  {
    path: '/plans',
    component: () => import('./plan/PlansPage.vue'),
    meta: work,
    children: [{ path: ':id/:act(approve|reject)?', component: () => import('./plan/PlanPage.vue'), props: true }],
  },
  { path: '/planning', component: () => import('./plan/PlanningPage.vue'), meta: work },
  {
    path: '/complaints',
    component: () => import('./complaint/ComplaintsPage.vue'),
    meta: work,
    children: [{ path: ':number', component: () => import('./complaint/ComplaintPage.vue'), props: true }],
  },
  {
    path: '/objections',
    component: () => import('./objection/ObjectionsPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./objection/ObjectionPage.vue'), props: true }],
  },
  {
    path: '/requests',
    component: () => import('./request/RequestsPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./request/RequestPage.vue'), props: true }],
  },
  { path: '/figures', component: () => import('./figure/FiguresPage.vue'), meta: work },
  {
    path: '/untold',
    component: () => withWords('working', import('./routes/UntoldRoute.vue')),
    meta: work,
  },
  {
    path: '/texts',
    component: () => import('./text/TextsPage.vue'),
    meta: work,
    children: [{ path: ':name', component: () => import('./text/TextPage.vue'), props: true }],
  },
  { path: '/consents', component: () => import('./consent/ConsentsPage.vue'), meta: work },
  {
    path: '/signals',
    component: () => import('./signal/SignalsPage.vue'),
    meta: work,
  },
  { path: '/signals/:id', component: () => import('./signal/SignalPage.vue'), props: true, meta: work },
  { path: '/emergencies', component: () => import('./emergency/EmergenciesPage.vue'), meta: work },
  { path: '/blocks', component: () => import('./block/BlocksPage.vue'), meta: work },
  { path: '/own', component: () => import('./routes/OwnRoute.vue'), meta: work },
  { path: '/evidence/log', component: () => import('./evidence/LogPage.vue'), meta: work },
  { path: '/evidence', component: () => import('./evidence/EvidencePage.vue'), meta: work },
  {
    path: '/exports',
    component: () => import('./export/ExportsPage.vue'),
    meta: work,
    children: [{ path: ':id', component: () => import('./export/ExportPage.vue'), props: true }],
  },
  { path: '/retention', component: () => import('./retention/RetentionPage.vue'), meta: work },
  { path: '/calendar', component: () => import('./calendar/CalendarPage.vue'), meta: work },
  { path: '/facts', component: () => import('./fact/FactsPage.vue'), meta: work },
  { path: '/facts/members/:member', component: () => import('./fact/MemberFactsPage.vue'), props: true, meta: work },
  {
    path: '/facts/customers/:customer',
    component: () => import('./fact/CustomerFactsPage.vue'),
    props: true,
    meta: work,
  },
  { path: '/launch', component: () => import('./launch/LaunchPage.vue'), meta: work },
  { path: '/rules', component: () => import('./rule/RulesPage.vue'), meta: work },
  { path: '/mirror', component: () => import('./routes/MirrorRoute.vue'), meta: work },
  { path: '/sessions', component: () => import('./login/SessionsPage.vue'), meta: work },
  { path: '/leavers', component: () => import('./departure/LeaversPage.vue'), meta: work },
  { path: '/leavers/:id', component: () => import('./checklist/ChecklistPage.vue'), props: true, meta: work },
  { path: '/rights', component: () => import('./right/RightsPage.vue'), meta: work },
  { path: '/login/:why(member|state|code|out)', component: () => import('./login/LoginPage.vue'), props: true },
  { path: '/:rest(.*)*', component: () => import('./login/LostPage.vue') },
]

export function makeRouter(): Router {
  const router = createRouter({
    // Hash only: a changed path would have to be signed again for the JS-SDK (facts 6.2).
    history: createWebHashHistory(),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async ({ meta }) => {
    if (meta.words) await loadWords(meta.words)
  })
  router.afterEach(() => {
    document.title = t('app.name')
  })
  return router
}
