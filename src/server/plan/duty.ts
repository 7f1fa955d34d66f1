import { chinaDay } from '../../shared/day'
import { DUTY_DAYS, listDutyChoices } from '../../shared/duty'
import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import { dutyDue } from '../db/duty'
import type { Tx } from '../db/open'
import { writeLetters } from '../db/told'
import type { Deps } from '../deps'
import { serve, type House } from '../lib/serve'
import * as duties from './duty-rows'
import { planById } from './rows'

/** Who answers a plan's customers while WeCom waits: chosen with the submission, replaced when they are gone. */

const DAY_MS = 86_400_000
/** Nobody is reminded before half past eight in Shanghai. */
const MORNING_MS = 8.5 * 3600_000

export function dutyRoutes(house: House): void {
  const { deps } = house
  serve(house, listDutyChoices, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      if (!(await planById(tx, input.plan, caller))) throw new Failure('not_found')
      audit('look.plan', input.plan, { duty: true })
      return { items: await duties.dutyChoices(tx, input.plan) }
    }),
  )
}

/** `wish`: whom the planner chose; without one, the nearest. */
export async function nameDuty(tx: Tx, audit: Audit, planId: string, wish: string | undefined): Promise<void> {
  const choices = await duties.dutyChoices(tx, planId)
  const chosen = wish === undefined ? choices[0] : choices.find((c) => c.id === wish)
  if (wish !== undefined && !chosen) throw new Failure('not_found')
  await duties.setDuty(tx, planId, chosen?.id ?? null)
  audit('plan.duty', planId, { member: chosen?.id ?? null })
}

/** From the approval on: how many customers, and how much of what was promised falls due meanwhile. */
export async function tellDuty(tx: Tx, deps: Deps, plan: { id: string; leaver: string }, at: Date): Promise<void> {
  const dutyId = (await duties.holdDuty(tx, plan.id))?.dutyId
  const size = await duties.dutySize(tx, plan.id, lastDay(at))
  if (!dutyId || !size.customers) return
  const letter = { kind: 'duty' as const, subject: plan.id, params: { leaver: plan.leaver, ...size }, writtenAt: at }
  await writeLetters(tx, [{ ...letter, id: deps.id(), memberId: dutyId }])
}

const lastDay = (at: Date): string => chinaDay(new Date(at.getTime() + DUTY_DAYS * DAY_MS))

/** Nobody's customers stay without somebody to answer. */
export async function replaceDuty(deps: Deps): Promise<void> {
  for (const plan of await duties.plansWithoutDuty(deps.db)) {
    const at = deps.now()
    await act(deps.db, at, 'system', async (tx, audit) => {
      if ((await duties.holdDuty(tx, plan.id))?.dutyId !== plan.dutyId) return
      await nameDuty(tx, audit, plan.id, undefined)
      if (plan.state === 'approved') await tellDuty(tx, deps, plan, at)
    })
    deps.wake('letters')
  }
}

/** Once a day, in the morning: promises that are due today, or were before. */
export async function remindDuty(deps: Deps): Promise<void> {
  const at = deps.now()
  const today = chinaDay(at)
  if (at.getTime() - Date.parse(`${today}T00:00:00+08:00`) < MORNING_MS) return
  const due = await dutyDue(deps.db, today)
  if (!due.length) return
  await act(deps.db, at, 'system', (tx) =>
    writeLetters(
      tx,
      due.map((m) => ({
        ...{ id: deps.id(), memberId: m.id, kind: 'duty_due' as const, subject: today },
        ...{ params: { promises: m.promises }, writtenAt: at },
      })),
    ),
  )
  deps.wake('letters')
}
