import { signIn, type Person } from './person'
import { STORY, STRANGERS } from './people'
import { customerFile, departmentRegions, memberFile, regionOf } from './people/facts'
import type { Simulator } from './wecom/simulator'

/**
 * What happened in the sample corp before the visitor came, lived through the app's own API and the simulated WeCom, so
 * that every state a screen can show has a true past: two people left, a plan was approved, customers waited 24 hours,
 * some refused, successors told them, customers answered. Nothing is written into the database by hand.
 */
export const PROLOGUE_DAYS = 12
const HOUR = 3600_000

interface Stage {
  simulator: Simulator
  /** Where the app listens. */
  appUrl: string
}
interface Departure {
  id: string
  name: string
  customers: number
  counts: Record<string, number>
}
interface Row {
  handover: string
  label: string
}

export async function prologue(stage: Stage): Promise<void> {
  const { clock, world } = stage.simulator
  await mirrorOnce(stage)
  await facts(stage)
  await goLive(stage)
  const [early, unseen, late, fresh] = STRANGERS
  await meets(stage, STORY.successor, early, 'told')
  await meets(stage, 'sunting', unseen)
  world.removeMember('xuwei')
  world.removeMember('yulei')
  const first = await departureOf(stage, '徐蔚')
  await plan(stage, first, { take: 30, successors: ['chenyiming', 'sunting', 'gaojie'] })
  await until(
    stage,
    async (boss) => (await counts(boss, first.id))['waiting'] ?? 0,
    (n) => n >= 28,
    '30 customers wait',
  )
  decide(stage, [4, 11], 'refuse')
  decide(stage, [6, 9], 'accept')
  await clock.advance(25 * HOUR)
  await until(
    stage,
    async (boss) => (await counts(boss, first.id))['waiting'] ?? 0,
    (n) => n === 0,
    'WeCom took over',
  )
  await tellCustomers(stage)
  await meets(stage, STORY.successor, late)
  await clock.advance((PROLOGUE_DAYS * 24 - 25 - 6) * HOUR)
  await plan(stage, first, { take: 4, successors: ['sunting'] })
  await clock.advance(6 * HOUR)
  await until(
    stage,
    async (boss) => (await counts(boss, first.id))['waiting'] ?? 0,
    (n) => n > 0,
    'six more wait',
  )
  // Of somebody who left before the app came WeCom tells nothing but the userid (facts 2.3).
  const longGone = await departureOf(stage, 'tangjun')
  await plan(stage, longGone, { take: 8, successors: ['chenyiming'], approve: false })
  await meets(stage, STORY.successor, fresh)
  await announce(stage, '李浩然', 9)
  await (await signIn(stage.simulator, stage.appUrl, STORY.admin)).ask('POST', '/api/mirror/run')
}

/**
 * What a company does before its first handover: on what its customers' data rests is written by one of compliance and confirmed by
 * another, and so is the review (T-22).
 */
export async function goLive({ simulator, appUrl }: Stage): Promise<void> {
  const [writes, signs] = [
    await signIn(simulator, appUrl, STORY.compliance),
    await signIn(simulator, appUrl, 'wangsiqi'),
  ]
  const bases = [
    ['serve', 'wechat', 'contract', '《客户服务协议》2026 版第 3 条'],
    ['contact', 'wechat', 'contract', '《客户服务协议》2026 版第 9 条（服务人员变更）'],
    ['history_summary', 'wechat', 'contract', '《客户服务协议》2026 版第 3 条'],
    ['serve', 'wecom', 'consent', '首次接触告知书 2026-03 版，第 1 项'],
    ['contact', 'wecom', 'consent', '首次接触告知书 2026-03 版，第 2 项'],
    ['history_summary', 'wecom', 'consent', '首次接触告知书 2026-03 版，第 1 项'],
  ]
  for (const [purpose, customers, ground, source] of bases) {
    const basis = { purpose, customers, ground, source, since: '2026-01-01', until: null }
    const { id } = await writes.ask<{ id: string }>('POST', '/api/bases', basis)
    await signs.ask('POST', `/api/bases/${id}/confirm`)
  }
  const answers = {
    one_controller: { met: true, proof: '合规台账 2026-01' },
    documents: { met: true, proof: '制度汇编 2026 版 第 2、4、7 号' },
    inheritance_rules: { met: true, proof: '《客户交接管理办法》，全员签收表 2026-03' },
    clauses: { met: true, proof: '劳动合同 2025 版第 12 条' },
    training: { met: true, proof: '培训记录 2026-03 至 2026-05' },
    impact: { met: true, proof: '评估结论 PIA-2026-02：不看客户等级，不需要' },
    texts: { met: true, proof: '法务审阅单 2026-118' },
    revocation: { met: true, proof: '停用演练记录 2026-10-21' },
  }
  const { digest } = await writes.ask<{ digest: string }>('POST', '/api/launch', { answers, on: null })
  await signs.ask('POST', '/api/launch/sign', { digest })
}

/** Somebody new adds a member, who is asked to tell them first; `told`: and does. */
export async function meets(stage: Stage, userid: string, contact = '', then?: 'told'): Promise<void> {
  const rep = await signIn(stage.simulator, stage.appUrl, userid)
  const before = await rep.ask<{ total: number }>('GET', '/api/newcomers')
  stage.simulator.world.customerAddsMember(userid, contact)
  await wait('the newcomer is seen', async () => {
    return (await rep.ask<{ total: number }>('GET', '/api/newcomers')).total > before.total
  })
  if (then !== 'told') return
  const { items } = await rep.ask<{ items: { customer: string }[] }>('GET', '/api/newcomers')
  const { id } = await rep.ask<{ id: string }>('POST', `/api/newcomers/${items[0]?.customer}/notice`, {
    language: 'zh-CN',
  })
  await rep.ask('POST', `/api/first-notices/${id}/outcome`, { outcome: 'sent' })
}

/** What departments and tags mean, and what the company's own lists say: in by the doors that a company would use. */
async function facts(stage: Stage): Promise<void> {
  const admin = await signIn(stage.simulator, stage.appUrl, STORY.admin)
  const { tags } = await admin.ask<{ tags: { id: string; group: string; name: string }[] }>('GET', '/api/facts/rules')
  const rule = (kind: string, key: string, field: string, value: string | null) =>
    admin.ask('POST', '/api/facts/rules', { kind, key, field, value })
  for (const [id, region] of departmentRegions) await rule('department', String(id), 'region', region)
  for (const { id, group, name } of tags) if (group === '地区') await rule('tag', id, 'region', regionOf(name) ?? name)
  await rule('tag_group', '行业', 'industry', null)
  const boss = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  for (const [about, text] of [
    ['members', memberFile],
    ['customers', customerFile],
  ]) {
    const { digest } = await boss.ask<{ digest: string }>('POST', '/api/facts/files/preview', { about, text })
    await boss.ask('POST', '/api/facts/files', { about, text, digest })
  }
}

/** Somebody who is still here, and of whom it is known that they will leave. */
export async function announce(stage: Stage, name: string, inDays: number): Promise<void> {
  const boss = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  const { items } = await boss.ask<{ items: { id: string; name: string }[] }>(
    'GET',
    `/api/announcements/members?text=${encodeURIComponent(name)}`,
  )
  // The last day is one of Beijing's.
  const day = new Date(stage.simulator.clock.now() + (inDays * 24 + 8) * HOUR).toISOString().slice(0, 10)
  await boss.ask('POST', '/api/announcements', { member: items[0]?.id, leavesOn: day })
}

/** The app reads the whole corp by itself at its first start; before that it knows nobody who could sign in. */
export async function mirrorOnce(stage: Stage): Promise<void> {
  await wait('the mirror', async () => {
    const admin = await signIn(stage.simulator, stage.appUrl, STORY.admin).catch(() => null)
    const mirror = await admin?.ask<{ last: { endedAt: string | null } | null }>('GET', '/api/mirror')
    return mirror?.last?.endedAt != null
  })
}

export const departureOf = async (stage: Stage, name: string): Promise<Departure> => {
  const boss = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  let found: Departure | undefined
  await wait(`${name} is noticed`, async () => {
    const { items } = await boss.ask<{ items: Departure[] }>('GET', '/api/departures')
    found = items.find((d) => d.name === name && d.customers > 0)
    return found !== undefined
  })
  return found as Departure
}

export const counts = async (boss: Person, departure: string): Promise<Record<string, number>> =>
  (await boss.ask<Departure>('GET', `/api/departures/${departure}`)).counts

export async function plan(
  stage: Stage,
  departure: Departure,
  wish: { take: number; successors: string[]; approve?: boolean },
): Promise<void> {
  const planner = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  const { items } = await planner.ask<{ items: Row[] }>(
    'GET',
    `/api/departures/${departure.id}/handovers?label=to_assign&limit=${wish.take}`,
  )
  const { items: candidates } = await planner.ask<{ items: { id: string; name: string }[] }>(
    'GET',
    `/api/departures/${departure.id}/candidates`,
  )
  const names = wish.successors.map((userid) => stage.simulator.world.member(userid)?.name)
  const successors = candidates.filter((c) => names.includes(c.name)).map((c) => c.id)
  const draft = await planner.ask<{ id: string; digest: string }>('POST', `/api/departures/${departure.id}/plans`, {
    handovers: items.map((i) => i.handover),
    successors,
  })
  await planner.ask('POST', `/api/plans/${draft.id}/submit`, { digest: draft.digest })
  if (wish.approve === false) return
  const second = await signIn(stage.simulator, stage.appUrl, STORY.secondManager)
  await second.ask('POST', `/api/plans/${draft.id}/approve`, { digest: draft.digest })
}

/** The nth customers whose transfer was started, in the order WeCom's ledger has them. */
function decide({ simulator }: Stage, which: number[], will: 'accept' | 'refuse'): void {
  const started = simulator.ledger.filter((e) => e.kind === 'transfer_started')
  for (const n of which) {
    const customer = started[n]?.externalUserid
    if (customer) simulator.world.customerWill(customer, will)
  }
}

/** Successors tell most of their new customers; customers read, answer, one objects, one complains. */
async function tellCustomers(stage: Stage): Promise<void> {
  for (const userid of ['chenyiming', 'sunting']) {
    const successor = await signIn(stage.simulator, stage.appUrl, userid)
    const { items } = await successor.ask<{ items: Row[] }>('GET', '/api/inherited')
    const due = items.filter((i) => i.label === 'to_tell').slice(0, 4)
    const second = userid === 'sunting'
    for (const [n, { handover }] of due.entries()) {
      const { id, link } = await successor.ask<{ id: string; link: string }>(
        'POST',
        `/api/handovers/${handover}/notice`,
        { language: 'zh-CN' },
      )
      const outcome = n === 3 && !second ? 'cancelled' : 'sent'
      await successor.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome })
      const page = stage.appUrl + new URL(link).pathname
      if (n < 3) await press(`${page}/seen`)
      if (n < 2) await press(`${page}/acknowledge`)
      if (n === 2 && second) await press(`${page}/complaint`, { text: '换人后没有人回复我的发货问题。' })
      if (n === 3 && second) await press(`${page}/objection`, { text: '希望换一位熟悉我们行业的同事。' })
    }
  }
}

async function press(url: string, fields: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  if (response.status >= 400) throw new Error(`POST ${new URL(url).pathname.slice(0, 5)}…: ${response.status}`)
}

export async function until(
  stage: Stage,
  look: (boss: Person) => Promise<number>,
  good: (n: number) => boolean,
  what: string,
): Promise<void> {
  const boss = await signIn(stage.simulator, stage.appUrl, STORY.manager)
  await wait(what, async () => good(await look(boss)))
}

/** Background jobs take their time; half a minute without the expected is a fault worth stopping for. */
async function wait(what: string, good: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await good()); await new Promise((r) => setTimeout(r, 200)))
    if (Date.now() > end) throw new Error(`The sample corp got stuck waiting: ${what}`)
}
