import { createHash } from 'node:crypto'
import { getChoices, prepareQuestion, pulse, readAloud } from '../../shared/asking'
import { askable, consentPurposes, type AskablePurpose } from '../../shared/consent'
import { printMinute } from '../../shared/day'
import { Failure } from '../../shared/failure'
import type { Language } from '../../shared/lang/fill'
import { isQuietHour } from '../../shared/textlint'
import { act } from '../db/act'
import { holdConsent } from '../db/consent'
import { look } from '../db/look'
import { holdNotice } from '../db/notice'
import type { Tx } from '../db/open'
import { inheritedCustomer, inheritedHandover, markOf, sightOfRow } from '../db/standing'
import { hashToken, secretToken } from '../lib/id'
import { seenBy } from '../lib/cut'
import { choiceWords, questionOf, questionTemplate } from '../lib/question'
import { serve, type House } from '../lib/serve'
import { children } from './children'
import { fillQuestion, messages, templateId } from './message'
import { records } from './records'
import * as rows from './rows'
import { spoken } from './spoken'
import { placesOf, reminderFrom, untilOf, type Place } from './standing'

/** Asking the customer: one question about one purpose, only where something needs it, and never twice. */
export function consent(house: House): void {
  const { deps } = house
  const { config } = deps

  serve(house, getChoices, ({ input, caller }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const now = deps.now()
      const row = await inheritedCustomer(tx, caller.id, input.customer)
      if (!row) throw new Failure('not_found')
      const sight = sightOfRow(row, now)
      look(audit, 'look.choices', row.customer, { sight, door: getChoices, handover: row.handover, only: ['F0'] })
      const places = await placesOf(tx, row, now)
      const waiting = await rows.openSpoken(tx, row.customer)
      const items = askable
        .filter((purpose) => places[purpose].problem !== 'ask_needless' || places[purpose].at)
        .map((purpose) => ({ purpose, ...shown(places[purpose]), spoken: spokenOf(waiting, purpose, caller.id) }))
      return seenBy(sight, { mark: markOf(row, now), items, child: row.child ?? null })
    }),
  )

  serve(house, pulse, async ({ input, caller }) => {
    const row = await inheritedCustomer(deps.db, caller.id, input.customer)
    if (!row) throw new Failure('not_found')
    return { same: markOf(row, deps.now()) === input.mark }
  })

  serve(house, prepareQuestion, ({ input, caller, c }) => {
    const now = deps.now()
    const { purpose, language } = input
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = await inheritedHandover(tx, caller.id, input.handover)
      if (!row) throw new Failure('not_found')
      await holdNotice(tx, row.handover) // two at once would both stay prepared
      await holdConsent(tx, row.customer, purpose, now)
      const place = (await placesOf(tx, row, now))[purpose]
      if (place.problem) throw problem(place, c.get('language'))
      const record = await recordFor(tx, place, { ...row, purpose, language, by: caller, now })
      const token = secretToken()
      const link = `${config.PUBLIC_URL}/n/${token}`
      const template = consentPurposes[purpose].guardian ? 'm9' : 'm3'
      const { data, purpose: use } = choiceWords(language).of[purpose]
      const child = (await rows.childOf(tx, row.customer))?.callName ?? ''
      const filled = fillQuestion(language, template, {
        company: config.COMPANY_NAME,
        new: caller.name,
        old: row.from,
        data,
        purpose: use,
        url: link,
        tel: config.HOTLINE,
        child,
      })
      const id = deps.id()
      await rows.replacePrepared(tx, row.handover, purpose, now)
      await rows.addAttempt(tx, {
        id,
        handoverId: row.handover,
        consentId: record,
        preparedBy: caller.id,
        preparedAt: now,
        language,
        template: templateId(template),
        text: filled.text.replace(token, '…'),
        textSha256: createHash('sha256').update(filled.text, 'utf8').digest('hex'),
        tokenHash: hashToken(token),
      })
      audit('consent.prepared', row.customer, { handover: row.handover, purpose, record, attempt: id })
      const { askTitle: title, askText: text } = messages[language]
      return seenBy(sightOfRow(row, now), { id, link, card: { title, text }, ...filled, late: isQuietHour(now) })
    })
  })

  serve(house, readAloud, ({ input, caller, c }) =>
    act(deps.db, deps.now(), caller.id, async (tx, audit) => {
      const now = deps.now()
      const row = await inheritedHandover(tx, caller.id, input.handover)
      if (!row) throw new Failure('not_found')
      const place = (await placesOf(tx, row, now))[input.purpose]
      if (place.problem && place.problem !== 'ask_given' && !place.reminds) throw problem(place, c.get('language'))
      const sight = sightOfRow(row, now)
      look(audit, 'look.choices', row.customer, { sight, door: readAloud, handover: row.handover, only: ['F0'] })
      const until = place.at?.until && place.reminds ? place.at.until : untilOf(input.purpose, now)
      const { text, sha256 } = questionOf(input.language, input.purpose, { who: caller.name, until })
      return seenBy(sight, { text, sha256 })
    }),
  )

  spoken(house)
  records(house)
  children(house)

  /** A reminder is the same question; everything else is a new one, written down as it will be shown. */
  async function recordFor(
    tx: Tx,
    place: Place,
    wish: {
      handover: string
      customer: string
      purpose: AskablePurpose
      language: Language
      by: { id: string; name: string }
      now: Date
    },
  ): Promise<string> {
    if (place.reminds && place.at?.recordId) return place.at.recordId
    const { handover, customer, purpose, language, by, now } = wish
    const { classes, separate, guardian } = consentPurposes[purpose]
    const until = untilOf(purpose, now)
    const question = questionOf(language, purpose, { who: by.name, until })
    const id = deps.id()
    await rows.addRecord(tx, {
      id,
      customerId: customer,
      purpose,
      handoverId: handover,
      subjectId: by.id,
      askedBy: by.id,
      createdAt: now,
      language,
      template: questionTemplate(purpose),
      text: question.text,
      textSha256: question.sha256,
      classes: [...classes],
      separate,
      guardian,
      until,
    })
    return id
  }
}

const problem = (place: Place, language: Language): Failure => {
  const from = reminderFrom(place)
  return new Failure(place.problem!, from ? { time: printMinute(new Date(from), language) } : {})
}

const shown = (place: Place) => ({
  state: place.state,
  at: place.at?.recordId ? place.at.movedAt.toISOString() : null,
  until: place.at?.until?.toISOString() ?? null,
  may: place.problem ? null : place.reminds ? ('remind' as const) : ('ask' as const),
  why: place.problem,
  from: place.problem === 'ask_early' ? reminderFrom(place) : null,
})

function spokenOf(waiting: Awaited<ReturnType<typeof rows.openSpoken>>, purpose: string, caller: string) {
  const one = waiting.find((w) => w.purpose === purpose)
  return one ? { id: one.id, answer: 'agree' as const, mine: one.writtenBy === caller } : null
}
