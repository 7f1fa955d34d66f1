import { printDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { groupLabelOf } from '../../shared/group'
import { openGroupChat, prepareGroupNotice, settleGroupNotice } from '../../shared/groupchat'
import { mayBecome } from '../../shared/notice'
import { isQuietHour } from '../../shared/textlint'
import { act } from '../db/act'
import { fillText } from '../db/filled'
import { sightOfRow, standingOf } from '../db/standing'
import { textInUse } from '../db/text'
import { seenBy } from '../lib/cut'
import { sha256 } from '../lib/id'
import { serve, type House } from '../lib/serve'
import * as rows from './chat-rows'

/** Beside a group's chat: whose it was, who of the reader's customers is in it, and one thing to say to all of them. */
export function groupChat(house: House): void {
  const { deps } = house
  const { config } = deps

  serve(house, openGroupChat, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const group = await rows.groupBeside(tx, input.chat, caller)
      if (!group) throw new Failure('not_found')
      const passed = await rows.passedOn(tx, input.chat, caller.id)
      const customers = await rows.inheritedIn(tx, input.chat, caller.id)
      const others = (await rows.customersIn(tx, input.chat)) - customers.length
      audit('look.group', input.chat, { count: customers.length })
      const said = passed && (await rows.lastSaid(tx, passed.departureId, input.chat))
      return {
        ...group,
        handover: passed && {
          ...{ from: passed.from, gone: passed.gone, successor: passed.successor, toMe: passed.toMe },
          label: groupLabelOf({ ...passed, status: group.status }),
          settledAt: passed.settledAt?.toISOString() ?? null,
        },
        notice: {
          may: passed?.toMe === true && passed.state === 'moved',
          ...{ sentAt: said?.at?.toISOString() ?? null, by: said?.by ?? null },
        },
        customers: customers.map((row) =>
          seenBy(sightOfRow(row, now), {
            ...standingOf(row, now),
            ...{ customer: row.customer, shortName: row.name, company: row.company, from: row.from },
          }),
        ),
        others: Math.max(0, others),
      }
    })
  })

  serve(house, prepareGroupNotice, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const group = await rows.holdPassed(tx, input.chat, caller.id)
      if (!group) throw new Failure('not_found')
      if (group.state !== 'moved' || !group.settledAt) throw new Failure('group_not_moved')
      const { language } = input
      const { template, ...message } = fillText(await textInUse(tx, audit, now, 'M10'), language, {
        ...{ company: config.COMPANY_NAME, new: caller.name, old: group.from, tel: config.HOTLINE },
        date: printDay(group.settledAt, language),
      })
      const id = deps.id()
      const textSha256 = sha256(message.text)
      const { departureId } = group
      await rows.replacePrepared(tx, departureId, input.chat, now)
      await rows.addGroupNotice(tx, {
        ...{ id, departureId, chatId: input.chat, preparedBy: caller.id, preparedAt: now },
        ...{ language, template, text: message.text, textSha256 },
      })
      audit('group.prepared', input.chat, { attempt: id, template, text_sha256: textSha256 })
      return { id, ...message, late: isQuietHour(now) }
    })
  })

  serve(house, settleGroupNotice, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const attempt = await rows.ownAttempt(tx, input.attempt, caller.id)
      if (!attempt) throw new Failure('not_found')
      const { outcome } = input
      if (attempt.outcome === outcome && attempt.outcomeAt) return { ...OK, at: attempt.outcomeAt.toISOString() }
      if (!mayBecome(attempt.outcome, outcome)) throw new Failure('stale')
      await rows.settleAttempt(tx, attempt.id, { outcome, outcomeAt: now, detail: input.detail ?? null })
      audit('group.told', attempt.chatId, { attempt: attempt.id, outcome })
      return { ...OK, at: now.toISOString() }
    })
  })
}
