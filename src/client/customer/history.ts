import * as z from 'zod/mini'
import type { AskablePurpose } from '../../shared/consent'
import { historyBodies, type HistoryBody, type HistoryEntry, type HistoryKind } from '../../shared/history'
import { dateWords, dayOf, timeWords } from '../lib/when'
import { language, t } from '../lib/words'

type Print<K extends HistoryKind> = (body: HistoryBody<K>) => string

const list = (names: readonly string[]): string => names.join(language() === 'en' ? ', ' : '、')

const fieldWords = (field: string): string =>
  field === 'remark' || field === 'description' || field === 'company' || field === 'mobiles'
    ? t(`sidebar.left.${field}`)
    : t('timeline.kind.personal')

const correctedWords = (field: string): string =>
  field === 'name' || field === 'company' || field === 'title' || field === 'phone'
    ? t(`timeline.corrected.${field}`)
    : t('timeline.corrected.other')

const dayWords = (day: string | null): string => (day ? dateWords(day) : t('timeline.kind.no_day'))
/** What its author took back is told without its words. */
const noteWords = ({ withdrawn }: { withdrawn?: boolean | undefined }, words: string): string =>
  withdrawn ? t('timeline.kind.note_gone') : words

const prints: { [K in HistoryKind]: Print<K> } = {
  'relation.began': () => t('timeline.kind.relation_began'),
  'relation.ended': ({ by }) =>
    by === 'unknown' ? t('timeline.kind.relation_ended') : t(`timeline.kind.relation_ended_${by}`),
  'remark.changed': ({ before, after }) =>
    !after
      ? t('timeline.kind.remark_cleared', { before })
      : before
        ? t('timeline.kind.remark_changed', { before, after })
        : t('timeline.kind.remark_set', { after }),
  'description.changed': ({ before, after }) =>
    after ? t('timeline.kind.description_changed', { after }) : t('timeline.kind.description_cleared', { before }),
  'tags.changed': ({ added, removed }) =>
    [
      added.length ? t('timeline.kind.tags_added', { names: list(added) }) : '',
      removed.length ? t('timeline.kind.tags_removed', { names: list(removed) }) : '',
    ]
      .filter(Boolean)
      .join(' · '),
  'promise.made': ({ text, due }) =>
    due
      ? t('timeline.kind.promise_made_due', { text, due: dateWords(due) })
      : t('timeline.kind.promise_made', { text }),
  'promise.kept': ({ text }) => t('timeline.kind.promise_kept', { text }),
  'promise.moved': ({ text, before, after, reason }) =>
    t('timeline.kind.promise_moved', { text, reason, before: dayWords(before), after: dayWords(after) }),
  'promise.taken': ({ text }) => t('timeline.kind.promise_taken', { text }),
  'note.written': (body) => noteWords(body, t('timeline.kind.note_written', { text: body.text })),
  'note.corrected': (body) => {
    const { text, of = '', at } = body
    return noteWords(body, t('timeline.kind.note_corrected', { text, of, at: at ? timeWords(at) : '' }))
  },
  'note.withdrawn': () => t('timeline.kind.note_withdrawn'),
  'memo.written': (body) => noteWords(body, t('timeline.kind.memo_written', { text: body.text })),
  'script.sent': ({ script, edited }) =>
    t(edited ? 'timeline.kind.script_sent_edited' : 'timeline.kind.script_sent', {
      script: t(`timeline.kind.script.${script}`),
    }),
  'departure.noticed': ({ leaver }) => t('timeline.kind.departure_noticed', { leaver }),
  'departure.announced': ({ leaver, leavesOn }) =>
    t('timeline.kind.departure_announced', { leaver, date: dateWords(leavesOn) }),
  'departure.withdrawn': ({ leaver }) => t('timeline.kind.departure_withdrawn', { leaver }),
  'plan.approved': (body) => t('timeline.kind.plan_approved', body),
  'transfer.started': ({ successor, flow }) =>
    flow === 'onjob'
      ? t('timeline.kind.transfer_started_onjob', { successor })
      : t('timeline.kind.transfer_started', { successor }),
  'transfer.failed': (body) => t('timeline.kind.transfer_failed', body),
  'transfer.taken_over': (body) => t('timeline.kind.transfer_taken_over', body),
  'transfer.refused': (body) => t('timeline.kind.transfer_refused', body),
  'transfer.limit': (body) => t('timeline.kind.transfer_limit', body),
  'transfer.void': (body) => t('timeline.kind.transfer_void', body),
  'transfer.elsewhere': ({ by }) =>
    by ? t('timeline.kind.transfer_elsewhere', { by }) : t('timeline.kind.transfer_elsewhere_unknown'),
  'tags.restored': ({ successor, names }) => t('timeline.kind.tags_restored', { successor, names: list(names) }),
  'note.restored': ({ successor, fields, whole }) =>
    t(whole.length ? 'timeline.kind.note_restored_cut' : 'timeline.kind.note_restored', {
      successor,
      fields: list(fields.map(fieldWords)),
      whole: list(whole),
    }),
  'customer.corrected': ({ field, before, after, request: number }) => {
    const words = { field: correctedWords(field), after, number }
    return before
      ? t('timeline.kind.customer_corrected', { ...words, before })
      : t('timeline.kind.customer_supplemented', words)
  },
  'newcomer.told': () => t('timeline.kind.newcomer_told'),
  'notice.sent': ({ form }) => t(`timeline.kind.notice_sent_${form}`),
  'notice.opened': () => t('timeline.kind.notice_opened'),
  'notice.acknowledged': () => t('timeline.kind.notice_acknowledged'),
  'notice.objected': () => t('timeline.kind.notice_objected'),
  'emergency.opened': () => t('timeline.kind.emergency_opened'),
  'consent.requested': ({ purpose }) => t('timeline.kind.consent_requested', { what: whatWords(purpose) }),
  'consent.given': ({ purpose }) => t('timeline.kind.consent_given', { what: whatWords(purpose) }),
  'consent.refused': ({ purpose }) => t('timeline.kind.consent_refused', { what: whatWords(purpose) }),
  'consent.withdrawn': ({ purpose }) => t('timeline.kind.consent_withdrawn', { what: whatWords(purpose) }),
  'consent.expired': ({ purpose }) => t('timeline.kind.consent_expired', { what: whatWords(purpose) }),
}

const whatWords = (purpose: AskablePurpose): string => t(`sidebar.purpose.${purpose}`)

const isKind = (kind: string): kind is HistoryKind => Object.prototype.hasOwnProperty.call(historyBodies, kind)

/** What happened, in words. A kind that this page is too old for is still shown, as a record without detail. */
export function historyWords({ kind, body }: HistoryEntry): string {
  if (!isKind(kind)) return t('timeline.kind.other')
  return printed(kind, body) || t('timeline.kind.other')
}

function printed<K extends HistoryKind>(kind: K, body: unknown): string {
  const read = z.safeParse(historyBodies[kind], body)
  return read.success ? prints[kind](read.data as HistoryBody<K>) : ''
}

export const authorWords = ({ author, source }: HistoryEntry): string =>
  author ?? (source === 'customer' ? t('timeline.customer') : t('timeline.system'))

/** Entries as they come (newest first), gathered under their Shanghai day. */
export function byDay(entries: readonly HistoryEntry[]): { day: string; entries: HistoryEntry[] }[] {
  const days: { day: string; entries: HistoryEntry[] }[] = []
  for (const entry of entries) {
    const day = dayOf(new Date(entry.at))
    const last = days[days.length - 1]
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
