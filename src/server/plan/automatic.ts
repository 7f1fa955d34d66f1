import { act } from '../db/act'
import { readPlanning } from '../db/approval'
import { decidersOf } from '../db/managers'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import * as rows from './automatic-rows'
import { keepDigest } from './decide'
import { draft } from './draft'
import { checkedGroups } from './groups'
import { planById } from './rows'
import { checkedItems } from './show'

/** So long after a departure became known its customers are all there: WeCom's list of them is read in between. */
const SETTLED_MS = 5 * 60_000

/** Reads everything, and is nobody: it drafts, and can neither submit nor decide. */
const SYSTEM = { id: '', manages: null, automatic: true } as const

/**
 * Where an administrator has switched it on, a departure is drafted by itself, once, through the same code as by hand; a
 * manager is asked to look at it. What a person then changes, submits or discards is theirs (T-04).
 */
export async function draftUnasked(deps: Deps): Promise<void> {
  const { automatic, since } = await readPlanning(deps.db)
  if (!automatic || !since) return
  const settled = new Date(deps.now().getTime() - SETTLED_MS)
  for (const { id } of await rows.departuresToDraft(deps.db, new Date(since), settled)) await draftOne(deps, id)
  deps.wake('letters')
}

async function draftOne(deps: Deps, departure: string): Promise<void> {
  const at = deps.now()
  await act(deps.db, at, 'system', async (tx, audit) => {
    const successors = (await rows.colleaguesOf(tx, departure)).map((m) => m.id)
    if (!successors.length) return
    const departures = [{ id: departure, handovers: 'all' as const }]
    const wish = { departures, groups: true, successors, by: 'rules' as const }
    const [id] = await draft(tx, audit, deps, SYSTEM, wish, at)
    const plan = id && (await planById(tx, id, SYSTEM))
    if (!plan) return
    const items = await checkedItems(tx, plan, at)
    const groups = await checkedGroups(tx, plan, at)
    await keepDigest(tx, plan, items, groups)
    await askToLook(tx, deps, plan, { customers: items.length, groups: groups.length }, at)
  })
}

/** The nearest managers; the plan waits for whoever takes it up. */
async function askToLook(
  tx: Tx,
  deps: Deps,
  plan: { id: string; leaver: string; departments: readonly number[] },
  { customers, groups }: { customers: number; groups: number },
  at: Date,
): Promise<void> {
  const all = await decidersOf(tx, plan.departments, deps.config.MANAGERS, at)
  const params = { plan: plan.id, leaver: plan.leaver, customers, ...(groups && { groups }) }
  const letter = { kind: 'plan_drafted' as const, subject: plan.id, params, writtenAt: at }
  await writeLetters(
    tx,
    all.filter((m) => m.level === all[0]?.level).map((m) => ({ ...letter, id: deps.id(), memberId: m.id })),
  )
}
