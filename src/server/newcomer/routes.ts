import { missingBases, restsOnConsent } from '../../shared/basis'
import { chinaDay } from '../../shared/day'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  COVERAGE_DAYS,
  getCoverage,
  listNewcomers,
  prepareFirst,
  settleFirst,
  TELL_MS,
  type Coverage,
} from '../../shared/newcomer'
import { mayBecome } from '../../shared/notice'
import { isQuietHour } from '../../shared/textlint'
import { act } from '../db/act'
import { fillText } from '../db/filled'
import { basesNow, kindOf } from '../db/ground'
import { addHistory } from '../db/history'
import { pageLimit } from '../db/limits'
import { look } from '../db/look'
import { firstContactOf } from '../db/newcomer'
import { ownSight } from '../db/standing'
import { textInUse } from '../db/text'
import { seenBy } from '../lib/cut'
import { sha256 } from '../lib/id'
import { instant, pageOf, placeOf, readPlace, word } from '../lib/listing'
import { reachOf } from '../lib/reach'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'

const nobody: Coverage = { inTime: 0, later: 0, waiting: 0, late: 0, gone: 0 }

/** Customers who are new to the company: who is still to be told, the telling, and how many were (compliance S15). */
export function newcomer(house: House): void {
  const { deps } = house
  const { config, db, now } = deps
  const lateBefore = () => new Date(now().getTime() - TELL_MS)

  serve(house, listNewcomers, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const place = readPlace(input.after, instant, word)
      const after = place && { since: new Date(place[0]), id: place[1] }
      const limit = await pageLimit(tx, config, caller, input.limit)
      const found = await rows.newcomersOf(tx, caller.id, after, limit)
      audit('look.list', 'newcomers', { count: Math.min(found.length, limit) })
      const page = pageOf(
        found,
        limit,
        (r) => placeOf(r.since.toISOString(), r.id),
        (r) =>
          seenBy(ownSight(caller), {
            ...{ customer: r.id, shortName: r.name, company: r.company },
            ...{ since: r.since.toISOString(), late: r.since < lateBefore() },
          }),
      )
      return { ...page, ...(await rows.totalsOf(tx, caller.id, lateBefore())) }
    }),
  )

  serve(house, prepareFirst, ({ input, caller }) => {
    const at = now()
    const { customer, language } = input
    return act(db, at, caller.id, async (tx, audit) => {
      if (!(await rows.holdRelation(tx, caller.id, customer))) throw new Failure('not_found')
      const first = await firstContactOf(tx, caller.id, customer)
      if (!first || first.sentAt) throw new Failure('stale')
      const sight = ownSight(caller)
      look(audit, 'look.brief', customer, { sight, door: prepareFirst, only: ['F0'] })
      const { template, ...message } = fillText(await textInUse(tx, audit, at, 'M8'), language, {
        ...{ company: config.COMPANY_NAME, staff: caller.name, tel: config.HOTLINE },
        rules: `${config.PUBLIC_URL}/n/rules${language === 'en' ? '?lang=en' : ''}`,
      })
      const id = deps.id()
      const textSha256 = sha256(message.text)
      await rows.replacePrepared(tx, customer, caller.id, at)
      await rows.addFirstNotice(tx, {
        ...{ id, customerId: customer, preparedBy: caller.id, preparedAt: at },
        ...{ language, template, text: message.text, textSha256 },
      })
      audit('newcomer.prepared', customer, { attempt: id, template, text_sha256: textSha256 })
      return seenBy(sight, { id, ...message, late: isQuietHour(at) })
    })
  })

  serve(house, settleFirst, ({ input, caller }) => {
    const at = now()
    const { outcome } = input
    return act(db, at, caller.id, async (tx, audit) => {
      const attempt = await rows.ownAttempt(tx, input.attempt, caller.id)
      if (!attempt) throw new Failure('not_found')
      if (attempt.outcome === outcome && attempt.outcomeAt) return { ...OK, at: attempt.outcomeAt.toISOString() }
      if (!mayBecome(attempt.outcome, outcome)) throw new Failure('stale')
      await rows.settleAttempt(tx, attempt.id, { outcome, outcomeAt: at, detail: input.detail ?? null })
      audit('newcomer.told', attempt.customerId, { attempt: attempt.id, outcome })
      const entry = {
        id: deps.id(),
        customerId: attempt.customerId,
        at,
        authorId: caller.id,
        source: 'member' as const,
      }
      if (outcome === 'sent') await addHistory(tx, [{ ...entry, kind: 'newcomer.told', body: {} }])
      return { ...OK, at: at.toISOString() }
    })
  })

  serve(house, getCoverage, ({ caller }) => {
    const at = now()
    const today = chinaDay(at)
    return act(db, at, caller.id, async (tx, audit) => {
      audit('look.figures', 'newcomers')
      const since = await rows.countedSince(tx, new Date(at.getTime() - COVERAGE_DAYS * TELL_MS))
      const found = await rows.coverageOf(tx, reachOf(caller, 'compliance'), { since, now: at })
      const bases = await basesNow(tx)
      const byMember = new Map<string, Coverage & { member: string; name: string }>()
      const all = { ...nobody }
      for (const { member, name, how, n } of found) {
        const of = byMember.get(member) ?? { member, name, ...nobody }
        of[how] += n
        all[how] += n
        byMember.set(member, of)
      }
      const hereOf = (is: (kind: ReturnType<typeof kindOf>) => boolean) =>
        found.reduce((sum, { here, kind, n }) => (here && is(kindOf(kind)) ? sum + n : sum), 0)
      return {
        ...{ since: since.toISOString(), all },
        unfounded: hereOf((kind) => missingBases(kind, bases, today).length > 0),
        onConsent: hereOf((kind) => restsOnConsent(kind, bases, today)),
        byMember: [...byMember.values()].sort((one, other) => other.late - one.late || other.waiting - one.waiting),
      }
    })
  })
}
