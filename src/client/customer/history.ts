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
    : t('sidebar.history.kind.personal')

const correctedWords = (field: string): string =>
  field === 'name' || field === 'company' || field === 'title' || field === 'phone'
    ? t(`sidebar.history.corrected.${field}`)
    : t('sidebar.history.corrected.other')

const dayWords = (day: string | null): string => (day ? dateWords(day) : t('sidebar.history.kind.no_day'))
/** What its author took back is told without its words. */
const noteWords = ({ withdrawn }: { withdrawn?: boolean | undefined }, words: string): string =>
  withdrawn ? t('sidebar.history.kind.note_gone') : words

const prints: { [K in HistoryKind]: Print<K> } = {
  'relation.began': () => t('sidebar.history.kind.relation_began'),
  'relation.ended': ({ by }) =>
    by === 'unknown' ? t('sidebar.history.kind.relation_ended') : t(`sidebar.history.kind.relation_ended_${by}`),
  'remark.changed': ({ before, after }) =>
    !after
      ? t('sidebar.history.kind.remark_cleared', { before })
      : before
        ? t('sidebar.history.kind.remark_changed', { before, after })
        : t('sidebar.history.kind.remark_set', { after }),
  'description.changed': ({ before, after }) =>
    after
      ? t('sidebar.history.kind.description_changed', { after })
      : t('sidebar.history.kind.description_cleared', { before }),
  'tags.changed': ({ added, removed }) =>
    [
      added.length ? t('sidebar.history.kind.tags_added', { names: list(added) }) : '',
      removed.length ? t('sidebar.history.kind.tags_removed', { names: list(removed) }) : '',
    ]
      .filter(Boolean)
      .join(' · '),
  'promise.made': ({ text, due }) =>
    due
      ? t('sidebar.history.kind.promise_made_due', { text, due: dateWords(due) })
      : t('sidebar.history.kind.promise_made', { text }),
  'promise.kept': ({ text }) => t('sidebar.history.kind.promise_kept', { text }),
  'promise.moved': ({ text, before, after, reason }) =>
    t('sidebar.history.kind.promise_moved', { text, reason, before: dayWords(before), after: dayWords(after) }),
  'promise.taken': ({ text }) => t('sidebar.history.kind.promise_taken', { text }),
  'note.written': (body) => noteWords(body, t('sidebar.history.kind.note_written', { text: body.text })),
  'note.corrected': (body) => {
    const { text, of = '', at } = body
    return noteWords(body, t('sidebar.history.kind.note_corrected', { text, of, at: at ? timeWords(at) : '' }))
  },
  'note.withdrawn': () => t('sidebar.history.kind.note_withdrawn'),
  'memo.written': (body) => noteWords(body, t('sidebar.history.kind.memo_written', { text: body.text })),
  'script.sent': ({ script, edited }) =>
    t(edited ? 'sidebar.history.kind.script_sent_edited' : 'sidebar.history.kind.script_sent', {
      script: t(`sidebar.history.kind.script.${script}`),
    }),
  'departure.noticed': ({ leaver }) => t('sidebar.history.kind.departure_noticed', { leaver }),
  'departure.announced': ({ leaver, leavesOn }) =>
    t('sidebar.history.kind.departure_announced', { leaver, date: dateWords(leavesOn) }),
  'departure.withdrawn': ({ leaver }) => t('sidebar.history.kind.departure_withdrawn', { leaver }),
  'plan.approved': (body) => t('sidebar.history.kind.plan_approved', body),
  'transfer.started': ({ successor, flow }) =>
    flow === 'onjob'
      ? t('sidebar.history.kind.transfer_started_onjob', { successor })
      : t('sidebar.history.kind.transfer_started', { successor }),
  'transfer.failed': (body) => t('sidebar.history.kind.transfer_failed', body),
  'transfer.taken_over': (body) => t('sidebar.history.kind.transfer_taken_over', body),
  'transfer.refused': (body) => t('sidebar.history.kind.transfer_refused', body),
  'transfer.limit': (body) => t('sidebar.history.kind.transfer_limit', body),
  'transfer.void': (body) => t('sidebar.history.kind.transfer_void', body),
  'transfer.elsewhere': ({ by }) =>
    by ? t('sidebar.history.kind.transfer_elsewhere', { by }) : t('sidebar.history.kind.transfer_elsewhere_unknown'),
  'tags.restored': ({ successor, names }) => t('sidebar.history.kind.tags_restored', { successor, names: list(names) }),
  'note.restored': ({ successor, fields, whole }) =>
    t(whole.length ? 'sidebar.history.kind.note_restored_cut' : 'sidebar.history.kind.note_restored', {
      successor,
      fields: list(fields.map(fieldWords)),
      whole: list(whole),
    }),
  'customer.corrected': ({ field, before, after, request: number }) => {
    const words = { field: correctedWords(field), after, number }
    return before
      ? t('sidebar.history.kind.customer_corrected', { ...words, before })
      : t('sidebar.history.kind.customer_supplemented', words)
  },
  'notice.sent': ({ form }) => t(`sidebar.history.kind.notice_sent_${form}`),
  'notice.opened': () => t('sidebar.history.kind.notice_opened'),
  'notice.acknowledged': () => t('sidebar.history.kind.notice_acknowledged'),
  'notice.objected': () => t('sidebar.history.kind.notice_objected'),
  'emergency.opened': () => t('sidebar.history.kind.emergency_opened'),
  'consent.requested': ({ purpose }) => t('sidebar.history.kind.consent_requested', { what: whatWords(purpose) }),
  'consent.given': ({ purpose }) => t('sidebar.history.kind.consent_given', { what: whatWords(purpose) }),
  'consent.refused': ({ purpose }) => t('sidebar.history.kind.consent_refused', { what: whatWords(purpose) }),
  'consent.withdrawn': ({ purpose }) => t('sidebar.history.kind.consent_withdrawn', { what: whatWords(purpose) }),
  'consent.expired': ({ purpose }) => t('sidebar.history.kind.consent_expired', { what: whatWords(purpose) }),
}

const whatWords = (purpose: AskablePurpose): string => t(`sidebar.purpose.${purpose}`)

const isKind = (kind: string): kind is HistoryKind => Object.prototype.hasOwnProperty.call(historyBodies, kind)

/** What happened, in words. A kind that this page is too old for is still shown, as a record without detail. */
export function historyWords({ kind, body }: HistoryEntry): string {
  if (!isKind(kind)) return t('sidebar.history.kind.other')
  return printed(kind, body) || t('sidebar.history.kind.other')
}

function printed<K extends HistoryKind>(kind: K, body: unknown): string {
  const read = z.safeParse(historyBodies[kind], body)
  return read.success ? prints[kind](read.data as HistoryBody<K>) : ''
}

export const authorWords = ({ author, source }: HistoryEntry): string =>
  author ?? (source === 'customer' ? t('sidebar.history.customer') : t('sidebar.history.system'))

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
