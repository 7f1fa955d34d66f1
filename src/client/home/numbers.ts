import { listBases } from '../../shared/basis'
import { listBlocks } from '../../shared/block'
import { countComplaints } from '../../shared/complaintdesk'
import { listInherited } from '../../shared/customer'
import { listCorrections } from '../../shared/correction'
import { listDuty } from '../../shared/duty'
import { listEmergencies } from '../../shared/emergency'
import { listPacks } from '../../shared/evidence'
import { listLate } from '../../shared/figure'
import { getCalendar } from '../../shared/holiday'
import { listDepartures } from '../../shared/departure'
import { exceptions } from '../../shared/handover'
import { listObjections } from '../../shared/objection'
import { listExports } from '../../shared/export'
import type { Me, Role } from '../../shared/member'
import { getLaunch } from '../../shared/launch'
import { getMirror } from '../../shared/mirror'
import { getCoverage, listNewcomers } from '../../shared/newcomer'
import { listUntold } from '../../shared/untold'
import { listPromises } from '../../shared/promise'
import { listPlans } from '../../shared/plan'
import { listRequests } from '../../shared/request'
import { listHolds } from '../../shared/retention'
import { getRules } from '../../shared/rule'
import { listSignals } from '../../shared/signal'
import { listTexts } from '../../shared/text'
import { call } from '../lib/api'
import { timeWords } from '../lib/when'
import { t } from '../lib/words'

/** What waits behind a door. `urgent`: somebody waits for the reader. */
export interface Waiting {
  words: string
  urgent: boolean
  /** A door that leads nowhere for this reader now. */
  hidden?: boolean
}
const PAGE = 100
const quiet = { words: '', urgent: false }

async function inherited(): Promise<Waiting> {
  const { toTell: count } = await call(listInherited, { limit: 1 })
  return count ? { words: t('workbench.home.to_tell', { count }), urgent: true } : quiet
}

/** The reader's own customers who are new to the company, and untold. */
async function newcomers(): Promise<Waiting> {
  const { total: count, late } = await call(listNewcomers, { limit: 1 })
  if (!count) return { ...quiet, hidden: true }
  const words = late ? t('workbench.home.newcomers_late', { count, late }) : t('workbench.home.to_tell', { count })
  return { words, urgent: true }
}

/** What the reader owes customers. */
async function promises(): Promise<Waiting> {
  const { total, soon } = await call(listPromises, { limit: 1 })
  if (!total) return { ...quiet, hidden: true }
  return soon
    ? { words: t('workbench.home.promises_soon', { total, soon }), urgent: true }
    : { words: t('workbench.home.promises', { total }), urgent: false }
}

/** For whom the reader answers while WeCom waits. */
async function duty(): Promise<Waiting> {
  const { total, due } = await call(listDuty, { limit: 1 })
  if (!total) return { ...quiet, hidden: true }
  const words = due ? t('workbench.home.duty_due', { total, due }) : t('workbench.home.duty', { total })
  return { words, urgent: true }
}

async function departures(): Promise<Waiting> {
  const { items, next } = await call(listDepartures, { limit: PAGE })
  const leavers = items.filter(({ counts, groupsToAssign }) => counts.to_assign || groupsToAssign).length
  const odd = items.reduce((sum, { counts }) => exceptions.reduce((n, label) => n + (counts[label] ?? 0), sum), 0)
  // All that managers are told of complaints: that one is beyond the hard stop.
  const stopped = await call(countComplaints, {}).then(
    (count) => count.stopped,
    () => 0,
  )
  const words = [
    ...(stopped ? [t('workbench.home.complaints_stopped', { count: stopped })] : []),
    ...(leavers ? [t(`workbench.home.${next ? 'leavers_more' : 'leavers'}`, { count: leavers })] : []),
    ...(odd ? [t('workbench.home.exceptions', { count: odd })] : []),
  ]
  return { words: words.join(' · '), urgent: words.length > 0 }
}

/** Somebody else must decide one's own plans, and give the second approval; neither is counted. */
async function plans(): Promise<Waiting> {
  const { items, next } = await call(listPlans, { state: 'pending', limit: PAGE })
  const count = items.filter(({ mine, approved }) => !mine && !approved).length
  return count ? { words: t(`workbench.home.${next ? 'decide_more' : 'decide'}`, { count }), urgent: true } : quiet
}

/** What waits for the reader's decision. */
async function exports(): Promise<Waiting> {
  const { items } = await call(listExports, { view: 'decide', limit: PAGE })
  const count = items.filter(({ decision }) => decision === 'may_decide').length
  return count ? { words: t('workbench.home.decide', { count }), urgent: true } : quiet
}

/** Holds that must be looked at again. */
async function retention(): Promise<Waiting> {
  const { items } = await call(listHolds, { limit: PAGE })
  const count = items.filter(({ overdue }) => overdue).length
  return count ? { words: t('workbench.home.holds', { count }), urgent: true } : quiet
}

/** Numbers only: every complaint that is read is a look that is written down. */
async function complaints(): Promise<Waiting> {
  const { mine, unassigned, red, stopped } = await call(countComplaints, {})
  const words = [
    ...(stopped ? [t('workbench.home.complaints_stopped', { count: stopped })] : []),
    ...(red ? [t('workbench.home.complaints_red', { count: red })] : []),
    ...(unassigned ? [t('workbench.home.complaints_unassigned', { count: unassigned })] : []),
    ...(mine ? [t('workbench.home.complaints_mine', { count: mine })] : []),
  ]
  return { words: words.join(' · '), urgent: words.length > 0 }
}

/** Late ones are said first. */
async function objections(): Promise<Waiting> {
  const { open: count, late } = await call(listObjections, { limit: 1 })
  if (!count) return quiet
  const words = late ? t('workbench.home.objections_late', { count, late }) : t('workbench.home.objections', { count })
  return { words, urgent: true }
}

/** Whom nobody has told for a week and more. */
async function figures(): Promise<Waiting> {
  const { items, next } = await call(listLate, { limit: PAGE })
  const count = items.length
  return count ? { words: t(`workbench.home.${next ? 'late_more' : 'late'}`, { count }), urgent: true } : quiet
}

async function requests(): Promise<Waiting> {
  const { open: count, late } = await call(listRequests, { limit: 1 })
  if (!count) return quiet
  const words = late ? t('workbench.home.objections_late', { count, late }) : t('workbench.home.objections', { count })
  return { words, urgent: true }
}

/** Packs that wait for the reader: one's own are somebody else's to approve. */
async function evidence(): Promise<Waiting> {
  const { items, next } = await call(listPacks, { limit: PAGE })
  const count = items.filter(({ mine, state }) => state === 'requested' && !mine).length
  return count ? { words: t(`workbench.home.${next ? 'packs_more' : 'packs'}`, { count }), urgent: true } : quiet
}

/** Whom somebody must still reach; those who lawfully wait are no work. */
async function untold(): Promise<Waiting> {
  const { items } = await call(listUntold, { limit: PAGE })
  const count = items.filter(({ state, waiver }) => state !== 'waived' || (waiver && !waiver.approvedBy)).length
  const late = await call(getCoverage, {}).then(
    ({ all }) => all.late,
    () => 0,
  )
  const words = [
    ...(count ? [t('workbench.home.signals', { count })] : []),
    ...(late ? [t('workbench.home.newcomers_untold', { count: late })] : []),
  ]
  return { words: words.join(' · '), urgent: words.length > 0 }
}

/** Texts that wait for a second person; one's own are somebody else's. */
async function texts(): Promise<Waiting> {
  const { items } = await call(listTexts, {})
  const count = items.filter(({ draft }) => draft?.state === 'proposed' && !draft.mine).length
  return count ? { words: t('workbench.home.blocks', { count }), urgent: true } : quiet
}

async function mirror(): Promise<Waiting> {
  const { last } = await call(getMirror, {})
  if (!last) return { words: t('workbench.home.mirror_never'), urgent: true }
  if (!last.endedAt) return { words: t('workbench.home.mirror_running'), urgent: false }
  if (last.step !== 'done') return { words: t('workbench.home.mirror_failed'), urgent: true }
  return { words: t('workbench.mirror_line.at', { time: timeWords(last.endedAt) }), urgent: false }
}

/** Somebody else must confirm one's own requests. */
async function blocks(): Promise<Waiting> {
  const { items } = await call(listBlocks, { limit: PAGE })
  const count = items.filter(({ state, mine }) => !mine && (state === 'asked' || state === 'lift_asked')).length
  return count ? { words: t('workbench.home.blocks', { count }), urgent: true } : quiet
}

async function signals(): Promise<Waiting> {
  const { open: count } = await call(listSignals, { limit: 1 })
  return count ? { words: t('workbench.home.signals', { count }), urgent: true } : quiet
}

async function calendar(): Promise<Waiting> {
  const { missing } = await call(getCalendar, {})
  return missing.length
    ? { words: t('workbench.home.years_missing', { years: missing.join(', ') }), urgent: true }
    : quiet
}

async function emergencies(): Promise<Waiting> {
  const { items } = await call(listEmergencies, { limit: PAGE })
  const count = items.filter(({ mine }) => mine !== null).length
  return count ? { words: t('workbench.home.emergencies', { count }), urgent: true } : quiet
}

/** Rules that wait for a second person; one's own are somebody else's. */
async function rules(): Promise<Waiting> {
  const { draft } = await call(getRules, {})
  return draft?.state === 'proposed' && !draft.mine
    ? { words: t('workbench.home.blocks', { count: 1 }), urgent: true }
    : quiet
}

/** A member says that something known of them is wrong, and waits for an answer. */
async function facts(): Promise<Waiting> {
  const { items } = await call(listCorrections, { limit: PAGE })
  return items.length ? { words: t('workbench.home.corrections', { count: items.length }), urgent: true } : quiet
}

/** Nobody can be passed on before the review is signed; afterwards what waits for the reader's confirmation. */
async function launch(): Promise<Waiting> {
  const { signed, mine, digest } = await call(getLaunch, {})
  const { items, missing } = await call(listBases, {})
  const count = items.filter((one) => one.state === 'waits' && !one.mine).length
  const words = [
    ...(signed ? [] : [t(digest && !mine ? 'workbench.home.launch_sign' : 'workbench.home.launch')]),
    ...(signed && missing.length ? [t('workbench.home.bases_missing', { count: missing.length })] : []),
    ...(count ? [t('workbench.home.blocks', { count })] : []),
  ]
  return { words: words.join(' · '), urgent: words.length > 0 }
}

/** Nothing waits there by itself. */
const still = () => Promise.resolve(quiet)

/** Administrators set the switch and the periods; for decisions and holds the server would refuse them. */
const asks: Partial<Record<Door, readonly Role[]>> = {
  exports: ['manager', 'compliance'],
  retention: ['compliance'],
  rules: ['manager', 'compliance'],
  facts: ['manager', 'hr'],
}
const mayAsk = (door: Door, roles: readonly Role[]) => asks[door]?.some((role) => roles.includes(role)) ?? true

const askers = {
  inherited,
  newcomers,
  promises,
  duty,
  departures,
  plans,
  objections,
  complaints,
  requests,
  evidence,
  exports,
  retention,
  signals,
  texts,
  untold,
  figures,
  blocks,
  emergencies,
  mirror,
  calendar,
  rules,
  facts,
  launch,
  own: still,
  consents: still,
  leavers: still,
  planning: still,
  rights: still,
}
export type Door = keyof typeof askers

/** A number that could not be had leaves its door open all the same. */
export const waitingBehind = (door: Door, me: Me): Promise<Waiting> =>
  mayAsk(door, me.roles) ? askers[door]().catch(() => quiet) : still()
