import { confirmSpoken, recordSpoken } from '../../shared/asking'
import { consentPurposes, type AskablePurpose, type ConsentAnswer } from '../../shared/consent'
import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { act, type Audit } from '../db/act'
import { putQuestion, recordById, type AskedRecord } from '../db/asking'
import { holdConsent, moveConsent, type Proof } from '../db/consent'
import type { Tx } from '../db/open'
import { inheritedHandover } from '../db/standing'
import { questionOf, questionTemplate } from '../lib/question'
import { InvalidInput } from '../lib/invalid'
import { serve, type House } from '../lib/serve'
import * as rows from './rows'
import { placesOf, untilOf, type Place } from './standing'

/**
 * Answers on the phone and on paper. A no and a withdrawal protect, so one colleague may write them down and they count at once.
 * A yes needs what was read back, a recording or scan, and a second colleague of compliance who heard or saw it; until then, and
 * without a recording for ever, nothing was answered (compliance 4.3, T-83).
 */
export function spoken(house: House): void {
  const { deps } = house

  serve(house, recordSpoken, ({ input, caller }) => {
    const at = deps.now()
    const { purpose, answer, channel, proof = null, sha256 } = input
    if (answer === 'agree' && consentPurposes[purpose].guardian && !input.guardian) throw new InvalidInput(['guardian'])
    return act(deps.db, at, caller.id, async (tx, audit) => {
      const row = await inheritedHandover(tx, caller.id, input.handover)
      if (!row) throw new Failure('not_found')
      await holdConsent(tx, row.customer, purpose, at)
      const place = (await placesOf(tx, row, at))[purpose]
      const record =
        answer === 'withdraw'
          ? await standing(tx, place)
          : await asked(tx, place, { ...input, customer: row.customer, by: caller, at })
      const heard: Proof = { entity: 'customer', channel, memberId: caller.id }
      if (answer !== 'withdraw') {
        const { text, sha256: own } = questionOf(input.language, purpose, { who: record.subject, until: record.until })
        if (!text || own !== sha256) throw new Failure('stale')
        await putQuestion(tx, audit, record, { at, id: deps.id, proof: { ...heard, entity: 'staff' } })
      }
      const id = deps.id()
      await rows.addSpoken(tx, {
        id,
        recordId: record.id,
        customerId: row.customer,
        answer,
        channel,
        proof,
        textSha256: sha256,
        guardianRelation: input.guardian ?? null,
        writtenBy: caller.id,
        writtenAt: at,
      })
      audit('consent.spoken', row.customer, { spoken: id, record: record.id, purpose, answer, channel })
      if (answer !== 'agree') {
        const witness = { written_by: caller.id, text_sha256: sha256, ...(proof ? { proof } : {}) }
        const moved = await move(tx, audit, record, answer, at, { ...heard, witness })
        return { ...OK, waits: false, receipt: moved }
      }
      // Without a recording or scan a spoken yes is silence.
      if (!proof) await silence(tx, audit, record, at)
      return { ...OK, waits: proof !== null, receipt: null }
    })
  })

  serve(house, confirmSpoken, ({ input, caller }) => {
    const at = deps.now()
    return act(deps.db, at, caller.id, async (tx, audit) => {
      const found = await rows.holdSpoken(tx, input.spoken)
      const record = found && (await recordById(tx, found.recordId))
      if (!found || !record || found.answer !== 'agree' || found.proof === null) throw new Failure('not_found')
      if (found.writtenBy === caller.id || record.subjectId === caller.id) throw new Failure('witness_same')
      if (found.confirmedBy) throw new Failure('stale')
      await rows.confirmSpoken(tx, found.id, caller.id, at)
      const { channel, proof, textSha256, writtenBy } = found
      const receipt = await move(tx, audit, record, 'agree', at, {
        entity: record.guardian ? 'guardian' : 'customer',
        channel: channel as 'phone_call' | 'paper',
        memberId: caller.id,
        witness: { written_by: writtenBy, confirmed_by: caller.id, proof, text_sha256: textSha256 },
        ...(found.guardianRelation ? { guardianRelation: found.guardianRelation } : {}),
      })
      return { ...OK, receipt }
    })
  })

  async function move(
    tx: Tx,
    audit: Audit,
    record: AskedRecord,
    event: ConsentAnswer,
    at: Date,
    proof: Proof,
  ): Promise<string> {
    const { customerId, purpose, id: recordId } = record
    const now = await holdConsent(tx, customerId, purpose, at)
    // Another question, or an answer by another way, came between.
    if (now.recordId !== recordId) throw new Failure('stale')
    const common = { customerId, purpose, recordId, at, id: deps.id }
    if (now.state === 'unanswered') await moveConsent(tx, audit, { ...common, event: 'start', proof })
    const { moved, receipt } = await moveConsent(tx, audit, { ...common, event, proof })
    if (!moved || !receipt) throw new Failure('stale')
    return receipt
  }

  const silence = (tx: Tx, audit: Audit, { customerId, purpose, id: recordId }: AskedRecord, at: Date) =>
    moveConsent(tx, audit, {
      customerId,
      purpose,
      event: 'silence',
      recordId,
      at,
      id: deps.id,
      proof: { entity: 'system', channel: 'system' },
    })

  /** The question that is open, or a new one, as it was read aloud. */
  async function asked(
    tx: Tx,
    place: Place,
    wish: {
      handover: string
      customer: string
      purpose: AskablePurpose
      language: 'zh-CN' | 'en'
      by: { id: string; name: string }
      at: Date
    },
  ): Promise<AskedRecord> {
    const open = place.reminds && place.at?.recordId ? await recordById(tx, place.at.recordId) : undefined
    if (open) return open
    if (place.problem) throw new Failure(place.problem)
    const { handover, customer, purpose, language, by, at } = wish
    const { classes, separate, guardian } = consentPurposes[purpose]
    const until = untilOf(purpose, at)
    const { text, sha256 } = questionOf(language, purpose, { who: by.name, until })
    const id = deps.id()
    const common = { id, customerId: customer, purpose, handoverId: handover, language, guardian, until }
    await rows.addRecord(tx, {
      ...common,
      subjectId: by.id,
      askedBy: by.id,
      createdAt: at,
      template: questionTemplate(purpose),
      text,
      textSha256: sha256,
      classes: [...classes],
      separate,
    })
    return { ...common, subjectId: by.id, subject: by.name }
  }
}

async function standing(tx: Tx, place: Place): Promise<AskedRecord> {
  const record = place.at?.recordId ? await recordById(tx, place.at.recordId) : undefined
  if (!record || place.state !== 'given') throw new Failure('stale')
  return record
}
