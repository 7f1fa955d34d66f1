import { createHash } from 'node:crypto'
import { printDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { limits, prepareNotice, settleNotice } from '../../shared/notice'
import { act } from '../db/act'
import { addHistory } from '../db/history'
import { holdNotice, moveNotice } from '../db/notice'
import { inheritedHandover, stageOfRow } from '../db/standing'
import { hashToken, secretToken } from '../lib/id'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import { bytes, fillNotice, messages, TEMPLATE } from './message'
import { addAttempt, ownAttempt, replacePrepared, settleAttempt } from './rows'

/** Telling the customer: an intent with the exact text and a fresh link, then what the WeCom client said became of it. */
export function notice(house: House): void {
  const { deps } = house
  const { config } = deps
  const linkTo = (token: string): string => `${config.PUBLIC_URL}/n/${token}`
  checkSettings(house, linkTo(secretToken()))

  serve(house, prepareNotice, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const handover = await inheritedHandover(tx, caller.id, input.handover)
      if (!handover) throw new Failure('not_found')
      if (handover.transfer !== 'taken_over' || !handover.settledAt) throw new Failure('not_taken_over')
      await holdNotice(tx, handover.handover) // two at once would both stay prepared
      const token = secretToken()
      const link = linkTo(token)
      const filled = fillNotice(input.language, {
        company: config.COMPANY_NAME,
        new: caller.name,
        old: handover.from,
        date: printDay(handover.settledAt, input.language),
        url: link,
        tel: config.HOTLINE,
      })
      const id = deps.id()
      const textSha256 = createHash('sha256').update(filled.text, 'utf8').digest('hex')
      await replacePrepared(tx, handover.handover, now)
      await addAttempt(tx, {
        id,
        handoverId: handover.handover,
        preparedBy: caller.id,
        preparedAt: now,
        language: input.language,
        template: TEMPLATE,
        text: filled.text.replace(token, '…'),
        textSha256,
        tokenHash: hashToken(token),
      })
      audit('notice.prepared', handover.handover, { attempt: id, template: TEMPLATE, text_sha256: textSha256 })
      const { cardTitle: title, cardText: text } = messages[input.language]
      return seenBy(
        { who: 'successor', stage: stageOfRow(handover, now) },
        { id, link, card: { title, text }, ...filled },
      )
    })
  })

  serve(house, settleNotice, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const attempt = await ownAttempt(tx, input.attempt, caller.id)
      if (!attempt) throw new Failure('not_found')
      const { handoverId } = attempt
      const { outcome, form } = input
      if (attempt.outcome === outcome && attempt.outcomeAt)
        return { ...OK, state: await holdNotice(tx, handoverId), at: attempt.outcomeAt.toISOString() }
      // What the client really sent counts, even if it was prepared anew meanwhile on another device: the customer holds
      // that link, and it must not be a dead one.
      const open = attempt.outcome === 'prepared' || (attempt.outcome === 'replaced' && outcome === 'sent')
      if (!open) throw new Failure('stale')
      await settleAttempt(tx, attempt.id, { outcome, form, outcomeAt: now, detail: input.detail ?? null })
      audit('notice.attempt', handoverId, { attempt: attempt.id, outcome, form })
      const answer = { ...OK, at: now.toISOString() }
      if (outcome !== 'sent') return { ...answer, state: await holdNotice(tx, handoverId) }
      const { state } = await moveNotice(tx, audit, { handoverId, event: 'sent', at: now, by: caller.id })
      const told = { id: deps.id(), customerId: attempt.customerId, at: now, authorId: caller.id }
      await addHistory(tx, [{ ...told, source: 'member', kind: 'notice.sent', body: { form } }])
      return { ...answer, state }
    })
  })
}

/** Found at start, not when a successor stands before a customer: settings with which the notice would not fit. */
function checkSettings({ deps: { config, log } }: House, link: string): void {
  const shortest = { company: config.COMPANY_NAME, new: '王', old: '李', date: '2026年12月31日', tel: config.HOTLINE }
  for (const language of ['zh-CN', 'en'] as const) fillNotice(language, { ...shortest, url: link })
  if (bytes(link) > limits.linkBytes)
    log.warn({ bytes: bytes(link), aim: limits.linkBytes }, 'PUBLIC_URL makes the link in notices long')
}
