import { printDay } from '../../shared/day'
import type { Language } from '../../shared/lang/fill'
import { visibleClasses, type FieldClass } from '../../shared/access'
import { linkOf } from '../../shared/letter'
import { nextNoticeState, type NoticeState } from '../../shared/notice'
import type { ObjectionOutcome } from '../../shared/objection'
import type { LetterWords } from '../../shared/lang/zh-CN/letter'
import type { Db } from '../db/open'
import { materialChanges } from '../db/text'
import { hashToken } from '../lib/id'
import { comeAfter, complaintsAbout, letterByToken, objectionsTo } from './rows'
import { house, type Params, type Sheet } from './sheet'

/** What stands behind a link: the handover as the customer may know it, and what they may still do here. */
export interface Letter {
  handover: string
  customer: string
  /** Whose letter it is. */
  successor: string
  language: string
  /** Which text was sent, with its version. */
  template: string
  expired: boolean
  names: { old: string; new: string; place: string }
  effective: Date
  notice: NoticeState
  sentAt: Date | null
  openedAt: Date | null
  acknowledgedAt: Date | null
  objection: {
    id: string
    at: Date
    open: boolean
    /** The last moment at which an answer is in time. */
    due: Date
    outcome: ObjectionOutcome | null
    answer: string | null
    handledAt: Date | null
    toldAt: Date | null
  } | null
  complaints: { number: string; at: Date }[]
  /** null: the successor of this letter is the present contact. */
  since: { name: string; at: Date } | 'arranging' | null
  last: string
  /** Of the page the customer was told with, and what has changed of it since, for the customer to know. */
  version: number
  changes: { version: number; at: Date; changed: Record<Language, string> }[]
  may: { acknowledge: boolean; object: boolean }
}

/** A token that is unknown and one whose link was replaced are alike: null. */
export async function readLetter(db: Db, token: string, now: Date): Promise<Letter | null> {
  const row = /^[\w-]{22}$/.test(token) ? await letterByToken(db, hashToken(token)) : undefined
  if (!row) return null
  const link = linkOf(row, now)
  if (link === 'dead') return null
  const [latest] = await objectionsTo(db, row.handover)
  const later = await comeAfter(db, row.handover)
  const objection = latest ? wishOf(latest) : null
  const notice = row.notice as NoticeState
  const version = row.toldWith ?? row.pageVersion ?? 1
  const answerable = link === 'live' && later.length === 0 && !objection?.open
  return {
    handover: row.handover,
    customer: row.customer,
    successor: row.successor,
    language: row.language,
    template: row.template,
    expired: link === 'expired',
    names: { old: row.old, new: row.new, place: [row.department, row.position].filter(Boolean).join(' ') },
    effective: row.effective,
    notice,
    sentAt: row.sentAt,
    openedAt: row.openedAt,
    acknowledgedAt: acknowledgedAt(notice, row.answeredAt, objection?.at ?? null),
    objection,
    complaints: await complaintsAbout(db, row.handover),
    since: presentOf(later),
    version,
    changes: await materialChanges(db, version),
    last: later.find((l) => l.state === 'taken_over')?.name ?? row.new,
    may: { acknowledge: answerable && nextNoticeState(notice, 'acknowledge') !== null, object: answerable },
  }
}

const wishOf = ({ dueAt, outcome, ...row }: Awaited<ReturnType<typeof objectionsTo>>[number]): Letter['objection'] => ({
  ...row,
  open: row.handledAt === null,
  due: dueAt ?? row.at,
  outcome: outcome as ObjectionOutcome | null,
})

/** The notice keeps the time of the first answer; an objection has its own. */
function acknowledgedAt(notice: NoticeState, answeredAt: Date | null, objectedAt: Date | null): Date | null {
  if (!answeredAt || (notice !== 'acknowledged' && notice !== 'objected')) return null
  return notice === 'acknowledged' || (objectedAt && answeredAt < objectedAt) ? answeredAt : null
}

function presentOf(later: { name: string; state: string; settledAt: Date | null }[]): Letter['since'] {
  const [last] = later
  if (!last) return null
  return last.state === 'taken_over' && last.settledAt ? { name: last.name, at: last.settledAt } : 'arranging'
}

const list = (classes: FieldClass[], words: LetterWords): string =>
  classes.map((c) => words.fields[c].name).join(words.listed)

/** The two lists come from the access table and nowhere else (D13). */
export const listsOf = ({ lists, words }: Sheet) => ({
  visible: list(lists.visible, words),
  hidden: list(lists.hidden, words),
})

/** Every value the letter's sentences may name. */
export function paramsOf(letter: Letter, sheet: Sheet): Params {
  const { words, language, config } = sheet
  const name = (given: string): string => given || words.colleague
  const place = letter.names.place && (language === 'en' ? ` (${letter.names.place})` : `（${letter.names.place}）`)
  return {
    ...house(config),
    old: name(letter.names.old),
    new: name(letter.names.new),
    who: name(letter.names.new) + place,
    last: name(letter.last),
    date: printDay(letter.effective, language),
    ...listsOf(sheet),
    purpose: words.purpose,
    version: sheet.text?.version ?? 1,
  }
}

export const dayIn = (at: Date, language: Language): { date: string } => ({ date: printDay(at, language) })

/** Whether an objection closes what the successor saw; the page says so only while the table does it. */
export const objectionCloses = (): boolean => {
  const left = visibleClasses('successor', 'VO')
  return !left.includes('F1') && !left.includes('F2') && !left.includes('F3')
}
