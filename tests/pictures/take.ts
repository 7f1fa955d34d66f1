import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { STORY, STRANGERS } from '../../mock/people'
import type { Person } from '../../mock/person'
import { counts, departureOf, goLive, mirrorOnce, plan, until } from '../../mock/prologue'
import { launchBrowser } from '../support/browser'
import { playScene, type Scene } from '../support/scene'
import { openStage, type Stage } from '../support/stage'
import { settled, visit } from '../support/visit'
import { afterwards, atFirst, faults, unseen, type Screens } from './screens'

const HOUR = 3600_000
const CUSTOMERS = 12
/** Seen on a small phone and on a tablet, too. */
const MAIN =
  /^(\/|\/inherited|\/departures|\/departures\/.+|\/plans\/.+|\/c\/.+|\/complaints\/.+|\/rights|sidebar (to[l ]|no basis).*)$/
const languages = { zh: 'zh-CN', en: 'en' } as const
type Language = keyof typeof languages

/** What every page is shown in, by what its questions get. */
const states: Record<string, (route: Route) => unknown> = {
  loading: () => undefined,
  failed: (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', message: '系统出了问题。', requestId: 'req-picture' } }),
}

export async function takePictures(folder: string, wished: readonly string[]): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'jiebang-pictures-'))
  // So few stand out by day, too.
  const stage = await openStage({ DATA_DIR: data, SIGNAL_SEQUENCE: '10' })
  const browser = await launchBrowser()
  const take = taker(browser, stage, `${folder}/screens`, wished)
  try {
    await mirrorOnce(stage)
    await take.all(atFirst, ['empty'])
    await goLive(stage)
    const scene = await playScene(stage, CUSTOMERS)
    const screens = await afterwards(stage, scene)
    const missing = unseen(screens)
    if (missing.length) throw new Error(`No picture of ${missing.join(', ')}: add it to tests/pictures/screens.ts`)
    await take.all(screens, ['', ...Object.keys(states)])
    const beside = await chats(stage, scene)
    await take.sidebar(beside, faults)
    await endBases(await scene.as(STORY.compliance))
    await take.sidebar({ 'no basis': beside['told'] ?? '' }, {})
  } finally {
    await browser.close()
    await stage.close()
    rmSync(data, { recursive: true, force: true })
  }
}

/** From here on nobody may be served. */
async function endBases(officer: Person): Promise<void> {
  const { items } = await officer.ask<{ items: { id: string; ended: unknown }[] }>('GET', '/api/bases')
  for (const { id, ended } of items)
    if (!ended) await officer.ask('POST', `/api/bases/${id}/end`, { why: 'the contract is over' })
}

/** Beside whose chats the sidebar is looked at: told, wanting somebody else, one's own, new to us, a colleague's, still to tell. */
async function chats(stage: Stage, scene: Scene): Promise<Record<string, string>> {
  const { world } = stage.simulator
  const strange = new Set(STRANGERS)
  const before = world
    .relations({ userid: STORY.successor })
    .map((r) => r.externalUserid)
    .filter((contact) => !strange.has(contact))
  const { db } = stage.running.deps
  const contacts = await db
    .selectFrom('wecomContact')
    .select(['externalUserid', 'customerId'])
    .where('externalUserid', 'in', before)
    .execute()
  const inherited = new Set(scene.inherited.map(({ customer }) => customer))
  const [objected, told] = [scene.inherited[1], scene.inherited.at(-1)].map(
    (one) => contacts.find(({ customerId }) => customerId === one?.customer)?.externalUserid ?? '',
  )
  const own = contacts.find(({ customerId }) => !inherited.has(customerId))?.externalUserid ?? ''
  const foreign = world.relations({ userid: 'sunting' })[0]?.externalUserid ?? ''
  const [fresh = ''] = STRANGERS
  return {
    told: told ?? '',
    objected: objected ?? '',
    own,
    new: fresh,
    foreign,
    'to tell': await oneMore(stage, before),
  }
}

/** Another colleague leaves, whose customer nobody has told yet. */
async function oneMore(stage: Stage, before: readonly string[]): Promise<string> {
  const { world } = stage.simulator
  const cast = new Set<string>([...Object.values(STORY), 'suqi', 'sunting', 'tangjun', 'wangsiqi'])
  const leaver = world
    .members()
    .find(({ userid, name }) => !cast.has(userid) && name !== '李浩然' && world.relations({ userid }).length > 2)
  if (!leaver) throw new Error('nobody is left to leave')
  world.removeMember(leaver.userid)
  const departure = await departureOf(stage, leaver.name)
  await plan(stage, departure, { take: 2, successors: [STORY.successor] })
  const waiting = async (boss: Parameters<typeof counts>[0]) => (await counts(boss, departure.id))['waiting'] ?? 0
  await until(stage, waiting, (n) => n > 0, 'they wait')
  await stage.simulator.clock.advance(25 * HOUR)
  await until(stage, waiting, (n) => n === 0, 'WeCom took over')
  return (
    world.relations({ userid: STORY.successor }).find((r) => !before.includes(r.externalUserid))?.externalUserid ?? ''
  )
}

function taker(browser: Browser, stage: Stage, folder: string, wished: readonly string[]) {
  mkdirSync(folder, { recursive: true })
  const wanted = (name: string) => !wished.length || wished.some((word) => name.includes(word))
  const prepared = (language: Language) => ({
    language,
    async prepare(context: BrowserContext) {
      await context.addInitScript((to) => localStorage.setItem('jiebang.language', to), languages[language])
    },
  })

  async function picture(page: Page, name: string, language: Language): Promise<void> {
    const widths = MAIN.test(name.replace(/ \(.*/, '').replace(/^\S+ (?=\/)/, '')) ? [360, 320, 768] : [360]
    for (const width of widths)
      for (const tone of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 740 })
        await page.emulateMedia({ colorScheme: tone })
        await page.waitForTimeout(60)
        const file = `${name} ${language} ${tone} ${width}`.replaceAll('/', '·')
        await page.screenshot({ path: `${folder}/${file}.png`, fullPage: true })
      }
    await page.setViewportSize({ width: 360, height: 740 })
  }

  async function workbench(member: string, routes: readonly string[], state: string, language: Language) {
    const one = await visit(browser, stage, member, prepared(language))
    const answer = states[state]
    if (answer) {
      // Away from what is open, whose questions are over.
      await one.go('/nothing')
      await one.page.route(/\/api\/(?!me\b)/, answer)
    }
    for (const route of routes) {
      if (state === 'loading') {
        await one.page.evaluate((to) => void (location.hash = to), route)
        await one.page.waitForTimeout(400)
      } else await one.go(route)
      await picture(one.page, `${member} ${route}${state && ` (${state})`}`, language)
    }
    await one.context.close()
  }

  return {
    async all(screens: Screens, wishedStates: readonly string[]) {
      for (const state of wishedStates)
        for (const language of ['zh', 'en'] as const)
          for (const [member, routes] of Object.entries(screens)) {
            const some = routes.filter((route) => wanted(`${member} ${route}`))
            if (some.length) await workbench(member, some, state, language)
          }
    },
    async sidebar(chats: Record<string, string>, faults: Record<string, object>) {
      const [told = ''] = Object.values(chats)
      const all = [
        ...Object.entries(chats).map(([name, customer]) => [name, { customer }] as const),
        ...Object.entries(faults).map(([name, desk]) => [name, { customer: told, ...desk }] as const),
      ].filter(([name]) => wanted(`sidebar ${name}`))
      const usual = { entry: 'sidebar', bridge: 'normal', version: '5.0.11', permitted: true }
      for (const language of all.length ? (['zh', 'en'] as const) : []) {
        const one = await visit(browser, stage, STORY.successor, { customer: told, ...prepared(language) })
        for (const [name, desk] of all) {
          await one.page.request.post(`${stage.windowUrl}/__window/desk`, { data: { ...usual, ...desk } })
          await one.page.goto(`${stage.windowUrl}/sidebar`)
          await settled(one.page)
          // What comes after the first screen.
          await one.page.waitForTimeout(900)
          await settled(one.page)
          await picture(one.page, `sidebar ${name}`, language)
        }
        await one.context.close()
      }
    },
  }
}

/** One page to look through them, screen by screen. */
export function writeSheet(folder: string): void {
  const groups = new Map<string, string[]>()
  for (const part of ['screens', 'customer'])
    for (const file of readdirSync(folder).includes(part) ? readdirSync(join(folder, part)).sort() : []) {
      const name = file.replace(/\.png$/, '').replaceAll('·', '/')
      const screen = name.replace(/ (zh|en|light|dark|320|360|768)\b.*$/, '')
      groups.set(screen, [...(groups.get(screen) ?? []), `${part}/${file}`])
    }
  const safe = (text: string) => text.replace(/[&<"]/g, (c) => `&#${c.charCodeAt(0)};`)
  const figure = (path: string) =>
    `<figure><img loading="lazy" src="${safe(path.split('/').map(encodeURIComponent).join('/'))}"><figcaption>${safe(path.replace(/^.*? (?=(zh|en|light|dark|320|360|768)\b)|\.png$/g, ''))}</figcaption></figure>`
  const sections = [...groups].map(
    ([screen, paths]) => `<h2>${safe(screen)}</h2><div>${paths.map(figure).join('')}</div>`,
  )
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Pictures</title><style>body{font:14px sans-serif;background:#ccc}div{display:flex;gap:12px;overflow-x:auto;align-items:start}figure{margin:0}img{width:240px;max-height:70vh;object-fit:cover;object-position:top}</style>${sections.join('\n')}`,
  )
}
