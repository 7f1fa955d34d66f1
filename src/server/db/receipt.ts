import { createHash } from 'node:crypto'
import { consentPurposes, type AskablePurpose } from '../../shared/consent'
import type { Config } from '../lib/config'
import type { Db } from './open'

/**
 * One consent record with its events, under the names of ISO/IEC TS 27560 (compliance 4.2, 4.3): what the customer keeps and what
 * compliance hands out. Persons stand in it under our own ids; of the customer's side there is neither address nor device.
 */
export async function consentFile(db: Db, config: Config, recordId: string) {
  const record = await db
    .selectFrom('consentRecord as record')
    .innerJoin('member as subject', 'subject.id', 'record.subjectId')
    .selectAll('record')
    .select('subject.name as subject')
    .where('record.id', '=', recordId)
    .executeTakeFirst()
  if (!record) return undefined
  const events = await db
    .selectFrom('consentEvent')
    .selectAll()
    .where('recordId', '=', recordId)
    .orderBy('seq')
    .execute()
  const purpose = record.purpose as AskablePurpose
  const rule = consentPurposes[purpose]
  const given = events.filter((e) => e.receipt !== null).at(-1)
  return {
    schema_version: 'hop-consent/1',
    record_id: record.id,
    // Nobody outside can say whose this is: our id, hashed.
    pii_principal_id: createHash('sha256').update(`${config.SECRET} ${record.customerId}`).digest('hex'),
    ...(record.guardian ? { guardian_relation: events.map((e) => e.guardianRelation).findLast(Boolean) ?? null } : {}),
    privacy_notice: {
      notice_version_id: record.template,
      rendered_text: record.text,
      rendered_text_sha256: record.textSha256,
    },
    language: record.language,
    purpose,
    purpose_type: record.guardian ? 'guardian_consent' : record.separate ? 'separate_consent' : 'consent',
    lawful_basis: '13-1-1',
    pii_information: record.classes.map((c) => ({ class: c, sensitive: c === 'F5' || record.guardian })),
    pii_optional: true,
    pii_controllers: [
      {
        party_name: config.COMPANY_FULL_NAME,
        party_address: config.COMPANY_ADDRESS,
        party_contact: `${config.PRIVACY_CONTACT} ${config.PRIVACY_MAIL} ${config.HOTLINE}`,
        party_type: 'controller',
      },
    ],
    processors: [{ party_name: '企业微信', party_type: 'processor' }],
    recipient_third_parties: [],
    collection_method: given?.channel ?? 'web_page',
    storage_locations: ['CN'],
    geographic_restrictions: ['CN'],
    jurisdiction: 'CN',
    retention_period: config.RETENTION,
    validity_duration: { until: record.until.toISOString(), days: rule.days },
    withdrawal_method: { page: `${config.PUBLIC_URL}/n/…/choice/${purpose}`, phone: config.HOTLINE },
    separate: record.separate,
    subject_staff: record.subject,
    handover_item_id: record.handoverId,
    state: events.at(-1)?.state ?? 'not_asked',
    receipt_id: given?.receipt ?? null,
    events: events.map((e) => ({
      seq: e.seq,
      event_time: e.at.toISOString(),
      client_time: e.clientTime?.toISOString() ?? null,
      event_type: e.type,
      event_state: e.state,
      entity_id: e.entity,
      actor_ial: e.ial,
      channel: e.channel,
      ui_snapshot: e.ui,
      reason: e.reason,
      witness: e.witness,
      receipt_id: e.receipt,
    })),
  }
}

export const fileName = (recordId: string): string => `consent-${recordId}.json`
