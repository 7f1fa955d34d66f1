import { signIn, type Person } from '../../mock/person'
import { STORY, STRANGERS } from '../../mock/people'
import { announce, departureOf, meets, mirrorOnce, plan, until } from '../../mock/prologue'
import type { Stage } from './stage'

/** What stands on every screen once a departure was lived through, with the routes to it. */
export interface Scene {
  as(userid: string): Promise<Person>
  departure: string
  plans: string[]
  /** The successor's new customers, in the order of the list. */
  inherited: { handover: string; customer: string }[]
  /** The customers' pages, for those who were told. */
  letters: string[]
  exports: string[]
  signal: string
  hold: string
}
/** Texts that people type, by where; asked for one after the other. */
export type Words = (where: string) => string

const HOUR = 3600_000
const named = (name: string) => encodeURIComponent(name)

/** Lives it through the app's own API: `customers` go from 林晓 to 陈一鸣, are told, answer; and all that people ask for. */
export async function playScene(stage: Stage, customers: number, words: Words = (where) => where): Promise<Scene> {
  const as = (userid: string) => signIn(stage.simulator, stage.appUrl, userid)
  await mirrorOnce(stage)
  const leaver = stage.simulator.world.member(STORY.leaver)?.name ?? ''
  stage.simulator.world.removeMember(STORY.leaver)
  const departure = await departureOf(stage, leaver)
  await plan(stage, departure, { take: customers, successors: [STORY.successor] })
  const count = async (boss: Person, label: string) =>
    (await boss.ask<{ counts: Record<string, number> }>('GET', `/api/departures/${departure.id}`)).counts[label] ?? 0
  await until(
    stage,
    (boss) => count(boss, 'waiting'),
    (n) => n > 0,
    'they wait',
  )
  await stage.simulator.clock.advance(25 * HOUR)
  await until(
    stage,
    (boss) => count(boss, 'waiting'),
    (n) => n === 0,
    'WeCom took over',
  )
  // Of somebody who left long ago WeCom tells no name.
  const longGone = await departureOf(stage, 'tangjun')
  await plan(stage, longGone, { take: 5, successors: [STORY.successor, 'sunting'], approve: false })
  for (const contact of STRANGERS) await meets(stage, STORY.successor, contact)
  const boss = await as(STORY.manager)
  const second = await as(STORY.secondManager)
  await rejectOne(boss, second, words)
  await announce(stage, '李浩然', 9)
  await plan(stage, await departureOf(stage, '李浩然'), { take: 8, successors: ['suqi'], approve: false })
  const { items: plans } = await boss.ask<{ items: { id: string }[] }>('GET', '/api/plans')
  const successor = await as(STORY.successor)
  const { items: inherited } = await successor.ask<{ items: Scene['inherited'] }>('GET', '/api/inherited?limit=100')
  const letters = await tellAll(stage, successor, inherited, words)
  const exports = await askExports(boss, second, departure.id, await as(STORY.admin), words)
  const { hold } = await askPacks(boss, await as(STORY.compliance), departure.id, words)
  await stopAndGrant(await as(STORY.admin), await as('wangsiqi'), words)
  stage.running.deps.wake('signals')
  const officer = await as(STORY.compliance)
  let signal = ''
  for (let i = 0; !signal && i < 50; i++) {
    const { items } = await officer.ask<{ items: { id: string }[] }>('GET', '/api/signals')
    signal = items[0]?.id ?? ''
    if (!signal) await new Promise((done) => setTimeout(done, 200))
  }
  return { as, departure: departure.id, plans: plans.map(({ id }) => id), inherited, letters, exports, signal, hold }
}

async function rejectOne(boss: Person, second: Person, words: Words): Promise<void> {
  const { items } = await boss.ask<{ items: { id: string }[] }>('GET', '/api/plans?state=pending')
  const { id, digest } = await second.ask<{ id: string; digest: string }>('GET', `/api/plans/${items[0]?.id}`)
  await second.ask('POST', `/api/plans/${id}/reject`, { digest, reason: words('why a plan was rejected') })
}

/** All are opened one after the other, and told; the first complain, object, read. */
async function tellAll(
  stage: Stage,
  successor: Person,
  inherited: Scene['inherited'],
  words: Words,
): Promise<string[]> {
  const letters: string[] = []
  for (const { handover, customer } of inherited) {
    await successor.ask('POST', '/api/brief', { customer })
    const { id, link } = await successor.ask<{ id: string; link: string }>(
      'POST',
      `/api/handovers/${handover}/notice`,
      {
        language: 'zh-CN',
      },
    )
    await successor.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome: 'sent' })
    letters.push(new URL(link).pathname)
  }
  const [complains, objects, reads, asks] = letters
  const press = (path: string, fields: Record<string, string> = {}) =>
    fetch(stage.appUrl + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  await press(`${complains}/complaint`, { text: words('a complaint'), contact: words('how to reach') })
  await press(`${objects}/objection`, { text: words('why somebody else') })
  await press(`${reads}/acknowledge`)
  await press(`${asks}/request`, { kind: 'explain_allocation' })
  const promised = inherited.at(-1)
  if (promised)
    await successor.ask('POST', `/api/handovers/${promised.handover}/promises`, {
      ...{ text: words('a promise'), due: null, sure: true },
    })
  return letters
}

async function askExports(boss: Person, second: Person, departure: string, admin: Person, words: Words) {
  await admin.ask('POST', '/api/export-switch/set', { on: true, marks: true, reason: words('why exporting') })
  const ids: string[] = []
  for (const [fields, approve] of [
    [['short_name', 'state', 'name', 'company', 'remark', 'description', 'tags'], false],
    [['short_name', 'state', 'successor'], true],
  ] as const) {
    const what = { kind: 'departure', departure, fields, format: 'xlsx' }
    const { seal } = await boss.ask<{ seal: string }>('POST', '/api/export-preview', what)
    const asked = await boss.ask<{ id: string; digest: string }>('POST', '/api/export-requests', {
      ...{ ...what, purpose: 'handover_check', note: words('what an export is for'), seal },
    })
    if (approve) await second.ask('POST', `/api/exports/${asked.id}/approve`, { digest: asked.digest })
    ids.push(asked.id)
  }
  return ids
}

async function askPacks(boss: Person, officer: Person, departure: string, words: Words) {
  for (const approve of [true, false]) {
    const { id } = await boss.ask<{ id: string }>('POST', '/api/pack-requests', {
      ...{
        kind: 'departure',
        subject: departure,
        caseNo: words('a case').slice(0, 60),
        purpose: words('what a pack is for'),
      },
    })
    if (approve) await officer.ask('POST', `/api/packs/${id}/approval`)
  }
  const { items } = await officer.ask<{ items: { id: string }[] }>('GET', '/api/holds')
  const hold = items[0]?.id ?? ''
  await officer.ask('POST', `/api/holds/${hold}/review`, { reason: words('why a hold') })
  return { hold }
}

async function stopAndGrant(admin: Person, other: Person, words: Words): Promise<void> {
  for (const [who, confirm] of [
    ['谭磊', true],
    ['高洁', false],
  ] as const) {
    const { items } = await admin.ask<{ items: { id: string }[] }>('GET', `/api/blocks/members?text=${named(who)}`)
    const { block } = await admin.ask<{ block: string }>('POST', '/api/blocks', {
      ...{ member: items[0]?.id, reason: 'device', words: words('why somebody is stopped') },
    })
    if (confirm) await other.ask('POST', `/api/blocks/${block}/confirm`)
  }
  const { items } = await admin.ask<{ items: { id: string }[] }>('GET', `/api/rights/members?name=${named('苏琪')}`)
  await admin.ask('POST', '/api/rights/grants', {
    ...{ member: items[0]?.id, role: 'hr', departments: null, reason: words('why a right'), until: null },
  })
}
