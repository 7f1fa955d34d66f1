import { readFileSync } from 'node:fs'
import { STORY } from '../../mock/people'
import type { Scene } from '../support/scene'
import type { Stage } from '../support/stage'

/** Who looks at which screens; a route that nobody looks at is an error (`unseen`). */
export type Screens = Record<string, readonly string[]>

const HR = 'suqi'
type Listed = { items: { id: string; number?: string }[] }

/** Before anything has happened: what is empty. */
export const atFirst: Screens = {
  [STORY.successor]: ['/', '/inherited', '/newcomers', '/promises', '/duty', '/own'],
  [STORY.manager]: [
    '/',
    '/departures',
    '/plans',
    '/objections',
    '/untold',
    '/figures',
    '/emergencies',
    '/exports',
    '/evidence',
  ],
  [STORY.compliance]: ['/complaints', '/requests', '/consents', '/signals', '/retention', '/texts'],
  [STORY.admin]: ['/blocks', '/rights', '/planning', '/calendar'],
}

export async function afterwards(stage: Stage, scene: Scene): Promise<Screens> {
  const officer = await scene.as(STORY.compliance)
  const boss = await scene.as(STORY.manager)
  const first = async (path: string) => (await officer.ask<Listed>('GET', path)).items[0]
  const complaint = await first('/api/complaints')
  const request = await first('/api/requests')
  const objection = (await boss.ask<Listed>('GET', '/api/objections')).items[0]
  const leaver = (await (await scene.as(HR)).ask<Listed>('GET', '/api/leavers')).items[0]
  const { id: member } = await stage.running.deps.db
    .selectFrom('member')
    .select('id')
    .where('userid', '=', STORY.successor)
    .executeTakeFirstOrThrow()
  const customer = scene.inherited[0]?.customer
  return {
    [STORY.successor]: [
      ...['/', '/inherited', '/newcomers', '/promises', `/c/${customer}`, '/duty', '/own', '/sessions', '/leaving'],
      ...['/login/member', '/login/state', '/login/code', '/nothing-here'],
    ],
    [STORY.manager]: [
      ...['/', '/departures', `/departures/${scene.departure}`, '/plans', ...scene.plans.map((id) => `/plans/${id}`)],
      ...['/objections', `/objections/${objection?.id}`, '/figures', '/untold', '/duty', '/emergencies', '/mirror'],
      ...['/facts', `/facts/members/${member}`, `/facts/customers/${customer}`, '/rules', '/evidence'],
      ...['/exports', ...scene.exports.map((id) => `/exports/${id}`)],
    ],
    [STORY.compliance]: [
      ...[
        '/',
        '/complaints',
        `/complaints/${complaint?.number}`,
        '/requests',
        `/requests/${request?.id}`,
        '/texts',
        '/texts/M2',
      ],
      ...['/consents', '/signals', `/signals/${scene.signal}`, '/evidence/log', '/evidence', '/retention', '/launch'],
    ],
    [STORY.admin]: ['/', '/blocks', '/rights', '/planning', '/calendar'],
    [HR]: ['/leavers', `/leavers/${leaver?.id}`],
  }
}

/** Routes of the router that are on no list, and those of something that was not found. */
export function unseen(screens: Screens): string[] {
  const seen = Object.values(screens).flat()
  const lost = seen.filter((route) => route.includes('undefined'))
  if (lost.length) return lost
  let parent = ''
  return [...readFileSync('src/client/router.ts', 'utf8').matchAll(/\bpath: '([^']+)'/g)].flatMap(([, path = '']) => {
    if (path.startsWith('/')) parent = path
    const whole = path.startsWith('/') ? path : `${parent}/${path}`
    const shape = whole
      .replace(/\/:\w+(\([^)]*\)\*?)?\?/g, '(?:/[^/]+)?')
      .replace(/:\w+\(\.\*\)\*/g, '.*')
      .replace(/:\w+(\([^)]*\))?/g, '[^/]+')
    return seen.some((route) => new RegExp(`^${shape}$`).test(route)) ? [] : [whole]
  })
}

/** How the client stands beside a chat; `to tell`, `told` and the others' customers are put in by who knows them. */
export const faults: Record<string, object> = {
  'no bridge': { bridge: 'absent' },
  'silent client': { bridge: 'hang' },
  'no permission': { permitted: false },
  'old client': { version: '2.8.10' },
  'wrong entry': { entry: 'workbench' },
}
