import { addWorkingDays } from '../../shared/calendar'
import { DISAGREE_DAYS } from '../../shared/complaint'
import { chinaDay } from '../../shared/day'
import { act } from '../db/act'
import { calendarOf } from '../db/calendar'
import { changeComplaint, duesFrom, holdComplaint, moveComplaint, stateOf } from '../db/complaint-move'
import { writeLetters } from '../db/told'
import type { Deps, Job } from '../deps'
import * as rows from './job-rows'
import { takeMail } from './mail-in'
import { sendDue } from './mail-out'
import { forgetIgnored } from './mail-rows'
import { handlers } from './rows'

const DAY_MS = 86_400_000
const IGNORED_DAYS = 30

/** What time alone does to complaints, and who is told of it. */
export const complaintsJob: Job = async (deps) => {
  await countOld(deps)
  await goOnWithoutAnswer(deps)
  await closeAccepted(deps)
  await remind(deps)
  deps.wake('letters')
}

/** Mail in, mail out. Both only where a mail box is set. */
export const mailJob: Job = async (deps) => {
  await takeMail(deps)
  await sendDue(deps)
  await forgetIgnored(deps.db, new Date(deps.now().getTime() - IGNORED_DAYS * DAY_MS))
}

/** From before there were clocks. */
async function countOld(deps: Deps): Promise<void> {
  for (const { number } of await rows.withoutClocks(deps.db))
    await act(deps.db, deps.now(), 'system', async (tx, audit) => {
      const held = await holdComplaint(tx, number)
      if (!held || held.calendar) return
      const set = duesFrom(held.at, await calendarOf(tx))
      const row = await changeComplaint(tx, held, set)
      if (stateOf(row) !== 'received' || row.channel !== 'page') return
      await moveComplaint(tx, audit, row, 'acknowledge', {
        at: held.at,
        actor: 'system',
        set: { acknowledgedAt: held.at },
      })
    })
}

/** Whoever was asked has five working days; silence is no reason to leave them alone. */
async function goOnWithoutAnswer(deps: Deps): Promise<void> {
  for (const { number } of await rows.unanswered(deps.db, chinaDay(deps.now())))
    await act(deps.db, deps.now(), 'system', async (tx, audit) => {
      const held = await holdComplaint(tx, number)
      if (held && stateOf(held) === 'pending_customer')
        await moveComplaint(tx, audit, held, 'silence', { at: deps.now(), actor: 'system', set: { toldOfAt: null } })
    })
}

/** Seven days after they were told; not while the only proof of that is a mail that came back. */
async function closeAccepted(deps: Deps): Promise<void> {
  const now = deps.now()
  for (const { number } of await rows.accepted(deps.db, new Date(now.getTime() - DISAGREE_DAYS * DAY_MS)))
    await act(deps.db, now, 'system', async (tx, audit) => {
      const held = await holdComplaint(tx, number)
      if (held && stateOf(held) === 'result_informed')
        await moveComplaint(tx, audit, held, 'close', { at: now, actor: 'system', set: { closedAt: now } })
    })
}

/** New ones to everybody in compliance, news to the owner, and what is due or late once each. */
async function remind(deps: Deps): Promise<void> {
  const now = deps.now()
  await act(deps.db, now, 'system', async (tx) => {
    const team = await handlers(tx, deps.config.COMPLIANCE, now)
    const news = await rows.untold(tx)
    const fresh = news.filter((c) => !c.ownerId)
    for (const { id: memberId } of team) {
      const count = fresh.filter((c) => c.aboutId !== memberId && !c.pastOwners.includes(memberId)).length
      const subject = now.toISOString()
      if (count)
        await writeLetters(tx, [
          { id: deps.id(), memberId, kind: 'complaint_new', subject, params: { count }, writtenAt: now },
        ])
    }
    for (const { number, ownerId, state } of news)
      if (ownerId)
        await writeLetters(tx, [
          {
            ...{ id: deps.id(), memberId: ownerId, kind: 'complaint_news' as const, writtenAt: now },
            ...{ subject: `${number} ${state} ${now.toISOString()}`, params: { number } },
          },
        ])
    await rows.markTold(
      tx,
      news.map((c) => c.number),
      now,
    )
    await remindOfClocks(deps, tx, team)
  })
}

async function remindOfClocks(
  deps: Deps,
  tx: Parameters<typeof rows.clocksRunning>[0],
  team: readonly { id: string }[],
): Promise<void> {
  const now = deps.now()
  const today = chinaDay(now)
  const soon = addWorkingDays(now, 1, await calendarOf(tx)).day
  for (const c of await rows.clocksRunning(tx, soon, today)) {
    const what =
      c.stopBy !== null && c.stopBy < today ? 'stop' : c.nextBy !== null && c.nextBy < today ? 'late' : 'soon'
    // Beyond the hard stop, and where nobody has it, it is everybody's.
    const to = what === 'stop' || !c.ownerId ? team.map((m) => m.id) : [c.ownerId]
    await writeLetters(
      tx,
      to
        .filter((memberId) => memberId !== c.aboutId)
        .map((memberId) => ({
          ...{ id: deps.id(), memberId, kind: 'complaint_due' as const, writtenAt: now },
          subject: `${c.number} ${c.round} ${c.state} ${what}`,
          params: { number: c.number, what, day: (what === 'stop' ? c.stopBy : c.nextBy) ?? '' },
        })),
    )
  }
}
