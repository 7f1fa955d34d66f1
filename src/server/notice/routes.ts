import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { limits, mayBecome, prepareNotice, settleNotice } from '../../shared/notice'
import { bytes } from '../../shared/template'
import type { Script } from '../../shared/script'
import { builtIn } from '../../shared/textbuiltin'
import { isQuietHour } from '../../shared/textlint'
import { act } from '../db/act'
import { questionSent } from '../db/asking'
import { addHistory } from '../db/history'
import { holdNotice, moveNotice } from '../db/notice'
import { inheritedHandover, stageOfRow } from '../db/standing'
import { fillText } from '../db/filled'
import { textInUse } from '../db/text'
import { secretToken } from '../lib/id'
import { seenBy } from '../lib/cut'
import { serve, type House } from '../lib/serve'
import { linkTo, writeAttempt, type Telling } from './attempt'
import { massDoors } from './mass'
import { otherDoors } from './other'
import { ownAttempt, settleAttempt, toldWith, toldByLeaver } from './rows'
import { scriptDoors } from './script'
import { waiverDoors } from './waiver'

/** Telling the customer: an intent with the exact text and a fresh link, then what the WeCom client said became of it. */
export function notice(house: House): void {
  const { deps } = house
  checkSettings(house, linkTo(deps.config.PUBLIC_URL, secretToken()))

  serve(house, prepareNotice, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const { telling, sight } = await tellingOf(input.handover, caller)
      // Two at once would both stay prepared.
      const state = await holdNotice(tx, telling.handover)
      if (state === 'waived') throw new Failure('notice_waived')
      const { id, link, text, filled, characters } = await writeAttempt(
        deps,
        tx,
        audit,
        { ...telling, state, toldWith: await toldWith(tx, telling.handover) },
        input.language,
      )
      const card = await textInUse(tx, audit, now, 'card')
      const { title = '', text: words = '' } = card.words[input.language]
      return seenBy(sight, { id, link, text, filled, characters, card: { title, text: words }, late: isQuietHour(now) })

      async function tellingOf(wanted: string, { id: by, name }: { id: string; name: string }) {
        const mine = await inheritedHandover(tx, by, wanted)
        if (mine) {
          if (mine.transfer !== 'taken_over' || !mine.settledAt) throw new Failure('not_taken_over')
          // Also where the notice has changed since: it is told again once the wish is settled.
          if (mine.objectionOpen) throw new Failure('wish_open')
          const { handover, from: old, settledAt: effective } = mine
          const telling: Told = { handover, old, new: name, effective, by, as: 'successor' }
          return { telling, sight: { who: 'successor', stage: stageOfRow(mine, now) } as const }
        }
        const own = await toldByLeaver(tx, by, wanted)
        if (!own) throw new Failure('not_found')
        const { handover, successor, leftAt: effective } = own
        const telling: Told = { handover, old: name, new: successor, effective, by, as: 'leaver' }
        return { telling, sight: { who: 'departing', stage: 'V1' } as const }
      }
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
      if (!mayBecome(attempt.outcome, outcome)) throw new Failure('stale')
      await settleAttempt(tx, attempt.id, { outcome, form, outcomeAt: now, detail: input.detail ?? null })
      audit('notice.attempt', handoverId, { attempt: attempt.id, outcome, form })
      const answer = { ...OK, at: now.toISOString() }
      if (attempt.consentId && outcome === 'sent')
        await questionSent(tx, audit, { recordId: attempt.consentId, by: caller.id, at: now, id: deps.id })
      const told = { id: deps.id(), customerId: attempt.customerId, at: now, authorId: caller.id }
      if (attempt.script && outcome === 'sent') {
        const body = { script: attempt.script as Script, edited: attempt.edited ?? false }
        await addHistory(tx, [{ ...told, source: 'member', kind: 'script.sent', body }])
      }
      // Neither a question nor a talk is a notice: they never make the customer told.
      if (attempt.consentId || attempt.script || outcome !== 'sent')
        return { ...answer, state: await holdNotice(tx, handoverId) }
      const version = attempt.pageVersion
      const { state } = await moveNotice(tx, audit, { handoverId, event: 'sent', at: now, by: caller.id, version })
      await addHistory(tx, [{ ...told, source: 'member', kind: 'notice.sent', body: { form } }])
      return { ...answer, state }
    })
  })

  scriptDoors(house)
  massDoors(house)
  otherDoors(house)
  waiverDoors(house)
}

type Told = Omit<Telling, 'state' | 'toldWith'>

/** Found at start, not when a successor stands before a customer: settings with which the notice would not fit. */
function checkSettings({ deps: { config, log } }: House, url: string): void {
  const shortest = { company: config.COMPANY_NAME, new: '王', old: '李', date: '2026年12月31日', tel: config.HOTLINE }
  const release = { name: 'M2', version: 1, words: builtIn('M2'), lists: null, digest: '', since: new Date(0) } as const
  for (const language of ['zh-CN', 'en'] as const) fillText(release, language, { ...shortest, url })
  if (bytes(url) > limits.linkBytes)
    log.warn({ bytes: bytes(url), aim: limits.linkBytes }, 'PUBLIC_URL makes the link in notices long')
}
