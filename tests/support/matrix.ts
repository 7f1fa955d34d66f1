import { createHash } from 'node:crypto'
import type { Role } from '../../src/shared/member'
import { builtInBody, builtInRules } from '../../src/shared/rule'
import { makeHead } from '../../src/server/audit/heads'
import { hashToken } from '../../src/server/lib/id'
import { tell, type Desk, type Placed } from './handovers'

/** What the access matrix (tests/server/matrix.test.ts) is made of: the table of doors, who walks them, and what they find. */
export type Person = Awaited<ReturnType<Desk['member']>>
export interface Ids {
  customer: string
  contact: string
  handover: string
  departure: string
  announced: string
  plan: string
  promise: string
  note: string
  attempt: string
  member: string
  /** Who serves the customer now. */
  colleague: string
  chat: string
  /** A group that came to the successor, and what they are about to say to it. */
  group: string
  groupAttempt: string
  /** A customer of the successor's own, new to the company, and what they are about to be told. */
  newcomer: string
  firstAttempt: string
  token: string
  session: string
  export: string
  pack: string
  readyPack: string
  hold: string
  /** About somebody else for `a`, about the only one who may read of it for `b`. */
  block: string
  blockMember: string
  signal: string
  record: string
  doubt: string
  spoken: string
  emergency: string
  objection: string
  /** About the successor for `a`, about the only one who may read of it for `b`. */
  complaint: string
  request: string
  grant: string
  debug: string
  seq: string
  text: string
  other: string
  waiver: string
  assessment: string
  basis: string
  correction: string
}
const digest = 'a'.repeat(64)
const said = { 'zh-CN': { text: '您好' }, en: { text: 'Hello' } }

/**
 * Whose object a door asks for. `successor`: each successor's own; `manager`: of who manages the leaver, or may read there;
 * `asker`: of the manager who asked for it; `office`: of everybody whose office lets them in; `others`: the same, but never
 * what is about themselves (`b`). `colleague`: of a colleague who is not here (emergency.test.ts). `null`: nobody's.
 */
type Whose = 'colleague' | 'successor' | 'manager' | 'asker' | 'office' | 'others' | null
export interface Row {
  whose: Whose
  /** It has its turn in a story that is told elsewhere; out of turn it answers 409. */
  turn?: true
  /** What the path's places, the body and the query are filled with. */
  input?: (ids: Ids) => Record<string, unknown>
}
type Input = Row['input']
const row =
  (whose: Whose) =>
  (input: Input = () => ({})): Row => ({ whose, input })
const [colleague, successor, manager, asker, office, others, nobody] = (
  ['colleague', 'successor', 'manager', 'asker', 'office', 'others', null] as const
).map(row) as [
  (input?: Input) => Row,
  (input?: Input) => Row,
  (input?: Input) => Row,
  (input?: Input) => Row,
  (input?: Input) => Row,
  (input?: Input) => Row,
  (input?: Input) => Row,
]
const nobodys: Row = { whose: null }
const YEAR = Array.from({ length: 12 }, (_, i) => `2027-01-${String(i + 1).padStart(2, '0')},休`).join('\n')
/** A file of nobody: its digest is of nothing to write. */
const FACTS = '账号,地区\nnobody,华东'
const NO_FACTS = createHash('sha256').update('[[],[]]').digest('hex')
export const TICKET = 'T'.repeat(43)

export const rowsFor = (people: Record<string, Person>): Record<string, Row> => ({
  'GET /auth/login': nobodys,
  'GET /auth/callback': nobodys,
  'GET /wecom/callback/app': nobodys,
  'POST /wecom/callback/app': nobodys,
  'GET /wecom/callback/contacts': nobodys,
  'POST /wecom/callback/contacts': nobodys,
  'GET /n/rules': nobodys,
  'GET /n/complaint': nobodys,
  'POST /n/complaint': nobodys,
  'GET /n/complaint/find': nobodys,
  'POST /n/complaint/find': nobodys,
  'GET /n/complaint/:number/:proof': nobodys,
  'POST /n/complaint/:number/:proof/seen': nobodys,
  'POST /n/complaint/:number/:proof/more': nobodys,
  'POST /n/complaint/:number/:proof/again': nobodys,
  'GET /n/:token': nobodys,
  'GET /n/:token/full': nobodys,
  'GET /n/:token/versions': nobodys,
  'GET /n/:token/versions/:version': nobody(() => ({ version: '1' })),
  'GET /letter.css': nobodys,
  'GET /n/:token/record': nobodys,
  'GET /n/:token/full/file': nobodys,
  'GET /n/:token/request': nobodys,
  'POST /n/:token/request': nobodys,
  'POST /n/:token/request/seen': nobodys,
  'POST /n/:token/request/file': nobodys,
  'GET /n/:token/objection': nobodys,
  'GET /n/:token/complaint': nobodys,
  'POST /n/:token/seen': nobodys,
  'POST /n/:token/acknowledge': nobodys,
  'POST /n/:token/objection': nobodys,
  'POST /n/:token/complaint': nobodys,
  'GET /n/known': nobodys,
  'GET /n/:token/identify': nobodys,
  'GET /n/:token/choice/serve': nobodys,
  'POST /n/:token/choice/serve': nobodys,
  'POST /n/:token/choice/serve/seen': nobodys,
  'GET /n/:token/choice/history_raw': nobodys,
  'POST /n/:token/choice/history_raw': nobodys,
  'POST /n/:token/choice/history_raw/seen': nobodys,
  'GET /n/:token/choice/sensitive_use': nobodys,
  'POST /n/:token/choice/sensitive_use': nobodys,
  'POST /n/:token/choice/sensitive_use/seen': nobodys,
  'GET /n/:token/receipt/:number': nobody(() => ({ number: 'HR-20261201-000001' })),
  'GET /n/:token/receipt/:number/file': nobody(() => ({ number: 'HR-20261201-000001' })),
  'POST /csp-reports': nobodys,
  'GET /api/me': nobodys,
  'POST /api/logout': nobodys,
  'GET /api/jssdk': nobodys,
  'GET /api/link': nobodys,
  'GET /api/link/detail': nobodys,
  'POST /api/link/try': nobodys,
  'GET /api/mirror': nobodys,
  'POST /api/mirror/run': nobodys,
  'GET /api/inherited': nobodys,
  'GET /api/departures': nobodys,
  'GET /api/plans': nobodys,
  'GET /api/duty': nobodys,
  'GET /api/figures': nobodys,
  'GET /api/figures/late': nobodys,
  'GET /api/planning': nobodys,
  'POST /api/planning/set': nobody(() => ({ twoAbove: 100, escalateHours: 4, automatic: false, reason: '季度核对' })),
  'GET /api/plans/:plan/duty': manager(),
  'GET /api/calendar': nobodys,
  'POST /api/calendar/years': nobody(() => ({ year: 2027, text: YEAR, source: '通知' })),
  'GET /api/facts/members': nobodys,
  'GET /api/facts/members/:member': manager(),
  'POST /api/facts/members/:member': manager(() => ({ field: 'region', text: '华东' })),
  'GET /api/facts/customers': nobodys,
  'GET /api/facts/customers/:customer': manager(),
  'POST /api/facts/customers/:customer': manager(() => ({ field: 'region', text: '华东' })),
  'GET /api/facts/colleagues': nobody(() => ({ name: '陈' })),
  'POST /api/facts/files/preview': nobody(() => ({ about: 'members', text: FACTS })),
  'POST /api/facts/files': nobody(() => ({ about: 'members', text: FACTS, digest: NO_FACTS })),
  'GET /api/facts/rules': nobodys,
  'POST /api/facts/rules': nobody(() => ({ kind: 'department', key: '10', field: 'region', value: '华东' })),
  'POST /api/facts/rules/drop': nobody(() => ({ kind: 'department', key: '10', field: 'region' })),
  'POST /api/facts/proxies': nobody(() => ({ words: ['毕业年份'], reason: '与年龄相关' })),
  'GET /api/rules': nobodys,
  'GET /api/rules/use': nobodys,
  'GET /api/rules/versions/:version': nobody(() => ({ version: '0' })),
  'POST /api/rules/check': nobody(() => ({ body: builtInBody })),
  'POST /api/rules/try': nobody(() => ({ body: builtInBody })),
  'POST /api/rules/draft': { ...nobody(() => ({ body: builtInBody, on: digest })), turn: true },
  'POST /api/rules/propose': { ...nobody(() => ({ digest, reason: '季度核对' })), turn: true },
  'POST /api/rules/approve': { ...nobody(() => ({ digest })), turn: true },
  'POST /api/rules/reject': { ...nobody(() => ({ digest, reason: '请再看' })), turn: true },
  'POST /api/rules/discard': { ...nobody(() => ({ digest })), turn: true },
  'POST /api/assessments': nobody(() => ({ title: '分级评估', reference: 'PIA-1', until: '2027-01-01' })),
  'POST /api/assessments/:assessment/confirm': { ...office(), turn: true },
  'POST /api/assessments/:assessment/end': office(),
  'GET /api/bases': nobodys,
  'POST /api/bases': nobody(() => ({
    ...{
      purpose: 'serve',
      customers: 'all',
      ground: 'contract',
      source: '服务协议第 3 条',
      since: '2026-01-01',
      until: null,
    },
  })),
  'POST /api/bases/:basis/confirm': { ...office(), turn: true },
  'POST /api/bases/:basis/end': office(() => ({ why: '协议到期' })),
  'GET /api/launch': nobodys,
  'POST /api/launch': { ...nobody(() => ({ answers: {}, on: digest })), turn: true },
  'POST /api/launch/sign': { ...nobody(() => ({ digest })), turn: true },
  'GET /api/me/facts': nobodys,
  'POST /api/me/facts/corrections': nobody(() => ({ field: 'region', said: '我在华南' })),
  'GET /api/facts/corrections': nobodys,
  'POST /api/facts/corrections/:correction': { ...manager(() => ({ changed: true, answer: '已改' })), turn: true },
  'GET /api/complaints': nobodys,
  'GET /api/complaints/count': nobodys,
  'GET /api/complaints/:number': others(({ complaint: number }) => ({ number })),
  'GET /api/complaints/:number/handlers': others(({ complaint: number }) => ({ number })),
  'GET /api/complaints/:number/members': others(({ complaint: number }) => ({ number })),
  'POST /api/complaint-records': nobody(() => ({ channel: 'phone', text: '来电', contact: null })),
  'POST /api/complaints/:number/triage': others(({ complaint: number }) => ({
    number,
    ...{ kind: 'service', severity: 'normal', about: null, owner: people['s']!.id },
  })),
  'POST /api/complaints/:number/assign': others(({ complaint: number }) => ({
    number,
    ...{ owner: people['s']!.id, reason: '换人' },
  })),
  'POST /api/complaints/:number/begin': others(({ complaint: number }) => ({ number })),
  'POST /api/complaints/:number/ask': others(({ complaint: number }) => ({ number, ...{ text: '哪一天？' } })),
  'POST /api/complaints/:number/answer': others(({ complaint: number }) => ({
    number,
    ...{ how: 'phone', text: '周二' },
  })),
  'POST /api/complaints/:number/decide': others(({ complaint: number }) => ({
    number,
    ...{ outcome: 'answered', againstStaff: false, summary: '已解答', reasons: '已在电话里逐条说明。' },
  })),
  'POST /api/complaints/:number/confirm': others(({ complaint: number }) => ({
    number,
    ...{ seq: 1, agree: true, words: null },
  })),
  'POST /api/complaints/:number/contact': others(({ complaint: number }) => ({
    number,
    ...{ how: 'phone', what: 'respond', words: '已致电' },
  })),
  'POST /api/complaints/:number/reopen': others(({ complaint: number }) => ({
    number,
    ...{ how: 'phone', text: '不同意' },
  })),
  'POST /api/complaints/:number/escalate': others(({ complaint: number }) => ({
    number,
    ...{ to: '监管部门', words: '移送' },
  })),
  'POST /api/complaints/:number/note': others(({ complaint: number }) => ({ number, ...{ text: '备注' } })),
  'POST /api/complaints/:number/request': others(({ complaint: number }) => ({
    number,
    ...{ kind: 'copy', text: '请把资料给我一份' },
  })),
  'GET /api/requests': nobodys,
  'GET /api/requests/:request': office(),
  'POST /api/requests/:request/identify': office(() => ({ how: 'in_chat' })),
  'POST /api/requests/:request/accept': office(),
  'POST /api/requests/:request/refuse': office(() => ({ reason: '不适用' })),
  'POST /api/requests/:request/execute': office(() => ({ outcome: '已办' })),
  'POST /api/requests/:request/inform': office(() => ({ how: 'phone' })),
  'POST /api/requests/:request/file': office(),
  'POST /api/requests/:request/lift': office(() => ({ reason: '客户要求' })),
  'GET /api/objections': nobodys,
  'GET /api/objections/:objection': manager(),
  'POST /api/objections/:objection/pass': manager(),
  'POST /api/objections/:objection/answer': manager(() => ({ outcome: 'kept', answer: '请放心' })),
  'GET /api/announcements/members': nobodys,
  'GET /api/retention': nobodys,
  'POST /api/notices/mass': successor(({ handover }) => ({ handovers: [handover], language: 'zh-CN' })),
  'GET /api/notices/untold': nobodys,
  'POST /api/notices/:handover/other': manager(() => ({ channel: 'sms', language: 'zh-CN' })),
  'POST /api/notices/other/:other/done': manager(() => ({ at: '2026-12-01T00:00:00.000Z', proof: '回执' })),
  'POST /api/notices/:handover/waiver': manager(() => ({
    ...{ kind: 'emergency', citation: '第十八条', reason: '救助', until: '2026-12-10' },
  })),
  'POST /api/notices/waivers/:waiver': office(() => ({ approve: false })),
  'GET /api/texts': nobodys,
  'GET /api/texts/:name': office(({ text: name }) => ({ name })),
  'GET /api/texts/:name/versions/:version': office(({ text: name }) => ({ name, version: '1' })),
  'POST /api/texts/:name/check': office(({ text: name }) => ({ name, words: said })),
  'POST /api/text-preview': nobody(() => ({ words: said, language: 'zh-CN', page: 'first' })),
  'POST /api/texts/:name/draft': office(({ text: name }) => ({ name, words: said, on: digest })),
  'POST /api/texts/:name/propose': office(({ text: name }) => ({ name, digest, class: 'editorial', reason: '错字' })),
  'POST /api/texts/:name/confirm': office(({ text: name }) => ({ name, digest, class: 'editorial' })),
  'POST /api/texts/:name/reject': office(({ text: name }) => ({ name, digest, reason: '请再看' })),
  'POST /api/texts/:name/discard': office(({ text: name }) => ({ name, digest })),
  'POST /api/retention/:name': nobody(() => ({ name: 'session', days: 7, reason: '季度核对' })),
  'GET /api/holds': nobodys,
  'POST /api/holds/place': office(({ departure }) => ({
    kind: 'departure',
    subject: departure,
    caseNo: 'A-1',
    reason: '仲裁',
  })),
  'POST /api/holds/:hold/review': office(() => ({ reason: '还在仲裁' })),
  'POST /api/holds/:hold/release': office(() => ({ reason: '已结案' })),
  'GET /api/me/still-here': nobodys,
  'GET /api/me/debug': nobodys,
  'POST /api/me/debug/open': nobodys,
  'GET /api/debug': nobodys,
  'POST /api/debug': office(({ member }) => ({ member, reason: '页面打不开' })),
  'POST /api/debug/:grant/end': office(({ debug }) => ({ grant: debug })),
  'GET /api/me/log': nobodys,
  'GET /api/signals': nobodys,
  'GET /api/signals/:signal': others(),
  'POST /api/signals/:signal/decide': others(() => ({ decision: 'explained', words: '出差' })),
  'GET /api/blocks': nobodys,
  'GET /api/blocks/members': nobodys,
  'POST /api/blocks': others(({ blockMember }) => ({ member: blockMember, reason: 'device', words: '手机被偷' })),
  'POST /api/blocks/:block/confirm': others(),
  'POST /api/blocks/:block/decline': others(),
  'POST /api/blocks/:block/probe': others(),
  'POST /api/blocks/:block/lift': others(() => ({ words: '已找回' })),
  'POST /api/blocks/:block/lift/confirm': others(),
  'POST /api/blocks/:block/lift/decline': others(),
  'GET /api/departures/:departure/probes': manager(),
  'POST /api/departures/:departure/probes': office(),
  'GET /api/leavers': nobodys,
  'POST /api/members/:member/end-sessions': office(() => ({ reason: '手机丢失' })),
  'GET /api/rights': nobodys,
  'POST /api/rights/confirm': office(({ member, grant }) => ({
    member,
    role: 'manager',
    source: 'grant',
    place: grant,
  })),
  'GET /api/rights/departments': nobodys,
  'POST /api/rights/grants': office(({ member }) => ({
    member,
    role: 'hr',
    departments: null,
    reason: '人事',
    until: null,
  })),
  'POST /api/rights/grants/:grant/end': office(() => ({ reason: '不再需要' })),
  'GET /api/rights/members': nobody(() => ({ name: '陈' })),
  'GET /api/sessions': nobodys,
  'POST /api/sessions/:session/end': successor(),
  'POST /api/sessions/end-others': nobodys,
  'GET /api/audit': nobodys,
  'GET /api/audit/entries': nobodys,
  'POST /api/audit/head': nobodys,
  'GET /api/audit/entries/:seq': office(),
  'GET /api/packs': nobodys,
  'POST /api/pack-requests': manager(({ departure }) => ({
    kind: 'departure',
    subject: departure,
    caseNo: 'A-1',
    purpose: '仲裁',
  })),
  'POST /api/packs/:pack/approval': office(),
  'POST /api/packs/:pack/rejection': office(() => ({ reason: '范围太大' })),
  'POST /api/packs/:pack/ticket': office(({ readyPack }) => ({ pack: readyPack })),
  'GET /api/packs/:pack/file': office(({ readyPack }) => ({ pack: readyPack, ticket: TICKET })),
  'GET /api/export-choices': nobodys,
  'GET /api/export-switch': nobodys,
  'POST /api/export-switch/set': nobody(() => ({ on: true, marks: false, reason: '季度核对' })),
  'POST /api/export-preview': manager(({ departure }) => ({
    kind: 'departure',
    departure,
    fields: ['state'],
    format: 'csv',
  })),
  'POST /api/export-requests': manager(({ departure }) => ({
    ...{ kind: 'departure', departure, fields: ['state'], format: 'csv' },
    ...{ purpose: 'handover_check', note: '核对', seal: digest },
  })),
  'GET /api/exports': nobody(() => ({ view: 'mine' })),
  'GET /api/exports/:export': manager(),
  'POST /api/exports/:export/approve': manager(() => ({ digest })),
  'POST /api/exports/:export/reject': manager(() => ({ digest, reason: '请重填' })),
  'POST /api/exports/:export/withdraw': asker(),
  'POST /api/exports/:export/code': asker(),
  'POST /api/exports/:export/file': asker(() => ({ code: '123456' })),
  'GET /api/emergencies': nobodys,
  'POST /api/emergencies': colleague(({ customer }) => ({ customer, reason: 'incident', words: '设备停机' })),
  'POST /api/emergencies/:emergency/end': colleague(),
  'POST /api/emergencies/:emergency/verdict': manager(() => ({ verdict: 'justified', words: '确有急事' })),
  'POST /api/brief': successor(({ contact }) => ({ contact })),
  'GET /api/customers/:customer/history': successor(),
  'GET /api/customers/:customer/groups': successor(),
  'POST /api/customers/:customer/chat': successor(),
  'POST /api/group-chat': successor(({ group: chat }) => ({ chat })),
  'POST /api/group-chat/notice': successor(({ group: chat }) => ({ chat, language: 'zh-CN' })),
  'POST /api/group-notices/:attempt/outcome': successor(({ groupAttempt: attempt }) => ({ attempt, outcome: 'sent' })),
  'GET /api/newcomers': nobodys,
  'GET /api/newcomers/coverage': nobodys,
  'POST /api/newcomers/:customer/notice': successor(({ newcomer: customer }) => ({ customer, language: 'zh-CN' })),
  'POST /api/first-notices/:attempt/outcome': successor(({ firstAttempt: attempt }) => ({
    attempt,
    outcome: 'cancelled',
  })),
  'GET /api/customers/:customer/sight': successor(),
  'POST /api/customers/:customer/reveal': successor(() => ({ field: 'mobiles', reason: 'call' })),
  'POST /api/handovers/:handover/promises': successor(() => ({ text: '补发报价单', due: null })),
  'POST /api/promises/:promise/kept': successor(),
  'POST /api/promises/:promise/day': {
    ...successor(() => ({ from: '2020-01-01', due: '2031-01-01', reason: '客户改期' })),
    turn: true,
  },
  'POST /api/promises/:promise/take': { ...successor(), turn: true },
  'GET /api/promises': nobodys,
  // Of whoever is announced to leave, who is nobody here (leaving.test.ts).
  'GET /api/leaving/customers': colleague(),
  'GET /api/customers/:customer/memo': colleague(),
  'POST /api/customers/:customer/memo': colleague(() => ({ text: '周五回访', once: 'matrix' })),
  'POST /api/leaving/decline': colleague(() => ({ declined: true })),
  'GET /api/departures/:departure/checklist': manager(),
  'POST /api/departures/:departure/checklist/:item': manager(() => ({
    item: 'secrecy',
    event: 'waive',
    note: '已在入职时说明',
  })),
  'POST /api/departures/:departure/finish': { ...manager(), turn: true },
  'POST /api/departures/:departure/archive': { ...manager(), turn: true },
  'GET /api/customers/:customer/notes': successor(),
  'POST /api/handovers/:handover/notes': successor(() => ({ text: '周五回访', once: 'matrix' })),
  'POST /api/notes/:note/withdraw': successor(),
  'GET /api/customers/:customer/first-week': successor(),
  'GET /api/handovers/:handover/scripts/:script': successor(() => ({ script: 'hello', language: 'zh-CN' })),
  'POST /api/handovers/:handover/scripts': successor(() => ({ script: 'hello', language: 'zh-CN', text: '您好' })),
  'GET /api/handovers/:handover/restore': successor(),
  'POST /api/handovers/:handover/restore': successor(() => ({ fields: ['tags'] })),
  'POST /api/handovers/:handover/notice': successor(() => ({ language: 'zh-CN' })),
  'POST /api/notice-attempts/:attempt/outcome': successor(() => ({ form: 'text', outcome: 'sent' })),
  'GET /api/customers/:customer/choices': successor(),
  'GET /api/customers/:customer/pulse': successor(() => ({ mark: 'a' })),
  'POST /api/handovers/:handover/question': successor(() => ({ purpose: 'history_raw', language: 'zh-CN' })),
  'GET /api/handovers/:handover/question/:purpose': successor(() => ({ purpose: 'history_raw', language: 'zh-CN' })),
  'POST /api/handovers/:handover/question/:purpose/spoken': successor(() => ({
    ...{ purpose: 'history_raw', language: 'zh-CN', answer: 'refuse' },
    ...{ channel: 'phone_call', sha256: digest },
  })),
  'POST /api/spoken/:spoken/confirm': office(() => ({})),
  'POST /api/customers/:customer/child': successor(() => ({ callName: '小宝' })),
  'POST /api/customers/:customer/child/end': office(() => ({ reason: '已满 14 周岁' })),
  'POST /api/customers/:customer/child/access': office(({ colleague: member }) => ({
    ...{ member, granted: true, days: 30, reason: '负责课程' },
  })),
  'POST /api/customers/:customer/raw': successor(() => ({ text: '上次说好的事' })),
  'GET /api/children': nobodys,
  'GET /api/consents': nobodys,
  'GET /api/consents/:record/file': office(),
  'POST /api/consents/:record/doubt': office(() => ({ reason: '不是本人' })),
  'POST /api/consents/doubts/:doubt': office(() => ({ upheld: true })),
  'GET /api/departures/:departure': manager(),
  'GET /api/departures/:departure/handovers': manager(),
  'GET /api/departures/:departure/candidates': manager(),
  'GET /api/departures/:departure/restores': manager(),
  'POST /api/departures/:departure/restores': manager(),
  'POST /api/departures/:departure/check': manager(),
  'POST /api/departures/:departure/plans': manager(() => ({ handovers: 'all', successors: [people['s']!.id] })),
  'POST /api/plans/together': manager(({ departure, announced }) => ({
    departures: [departure, announced],
    successors: [people['s']!.id],
  })),
  'POST /api/plans/:plan/items/:handover': manager(() => ({ successor: null })),
  'POST /api/plans/:plan/try': manager(() => ({ weights: builtInRules.weights })),
  'POST /api/plans/:plan/groups/:chat': manager(() => ({ successor: null })),
  'GET /api/plans/:plan': manager(),
  'POST /api/plans/:plan/submit': manager(() => ({ digest })),
  'POST /api/plans/:plan/approve': manager(() => ({ digest })),
  'POST /api/plans/:plan/reject': manager(() => ({ digest, reason: '请重排' })),
  'POST /api/plans/:plan/withdraw': manager(),
  'POST /api/plans/:plan/discard': manager(),
  'GET /api/handovers/:handover/open-call': manager(),
  'POST /api/handovers/:handover/open-call': manager(() => ({ digest, answer: 'under_way' })),
  'POST /api/announcements': manager(({ member }) => ({ member, leavesOn: '2026-12-31' })),
  'POST /api/announcements/:departure/day': manager(({ announced }) => ({
    departure: announced,
    leavesOn: '2026-12-30',
  })),
  'POST /api/announcements/:departure/withdraw': manager(({ announced }) => ({ departure: announced })),
})

/** What everybody is, and whose objects are theirs (a: department 10, successor s; b: department 20, successor t). */
export const callers: Record<
  string,
  { roles: Role[]; successorOf?: 'a' | 'b'; manages?: readonly ('a' | 'b')[]; askedFor?: 'a' | 'b' }
> = {
  s: { roles: ['rep'], successorOf: 'a' },
  t: { roles: ['rep'], successorOf: 'b' },
  leads: { roles: ['rep', 'manager'], manages: ['a'], askedFor: 'a' },
  elsewhere: { roles: ['rep', 'manager'], manages: ['b'], askedFor: 'b' },
  compliance: { roles: ['rep', 'compliance'], manages: ['a', 'b'] },
  admin: { roles: ['rep', 'admin'] },
  hr: { roles: ['rep', 'hr'], manages: ['a', 'b'] },
  auditor: { roles: ['rep', 'auditor'] },
}

/** Whether this one of two is theirs to find. */
export function covers(who: string, { whose }: Row, which: 'a' | 'b' | 'absent'): boolean {
  const caller = callers[who]!
  if (which === 'absent' || whose === 'colleague') return false
  if (whose === 'office') return true
  if (whose === 'others') return which === 'a'
  if (whose === 'successor') return caller.successorOf === which
  if (whose === 'asker') return caller.askedFor === which
  return Boolean(caller.manages?.includes(which))
}

/** Two departures in two departments, each with a customer told, a plan, an announced colleague. */
export async function furnish(
  at: Desk,
): Promise<{ people: Record<string, Person>; objects: Record<'a' | 'b' | 'absent', Ids> }> {
  const { db } = at
  await db
    .insertInto('department')
    .values([
      { id: 10, name: '东区', parentId: 1, leaders: ['leads'] },
      { id: 20, name: '西区', parentId: 1, leaders: ['elsewhere'] },
    ])
    .execute()
  const named = {
    s: await at.member('陈一鸣'),
    t: await at.member('孙婷'),
    leads: await at.member('周敏', { userid: 'leads' }),
    elsewhere: await at.member('何志远', { userid: 'elsewhere' }),
    compliance: await at.member('沈岚', { userid: 'shenlan' }),
    admin: await at.member('管理员', { userid: 'root' }),
    hr: await at.member('韩梅'),
    auditor: await at.member('审计员'),
  }
  await grantOffices(at, named)
  const place = async (department: number, whose: Person): Promise<[Ids, Placed]> => {
    const departments = [department]
    const leaver = await at.member('林晓', { departments })
    const placed = await at.handover({ leaver, successor: whose, notice: 'sent' })
    const { path } = await tell(placed)
    const { attempt } = await tell(placed, 'none')
    const goes = await at.member('马超', { departments })
    const stays = await at.member('王磊', { departments })
    const announced = at.deps.id()
    const now = at.deps.now()
    await db
      .insertInto('departure')
      .values({
        id: announced,
        memberId: goes.id,
        leftAt: new Date(now.getTime() + 20 * 86_400_000),
        knownBy: 'announced',
        noticedAt: now,
        gone: false,
        announcedBy: leaver.id,
        announcedAt: now,
      })
      .execute()
    const one = await db
      .selectFrom('handover')
      .select('departureId')
      .where('id', '=', placed.id)
      .executeTakeFirstOrThrow()
    const plan = await db
      .selectFrom('transfer')
      .select('planId')
      .where('handoverId', '=', placed.id)
      .executeTakeFirstOrThrow()
    const promise = await db
      .selectFrom('promise')
      .select('id')
      .where('customerId', '=', placed.customer)
      .executeTakeFirstOrThrow()
    const written = await whose.ask('POST', `/api/handovers/${placed.id}/notes`, { text: '周五回访', once: 'first' })
    const ids: Ids = {
      customer: placed.customer,
      contact: placed.external,
      handover: placed.id,
      departure: one.departureId,
      announced,
      plan: plan.planId!,
      promise: promise.id,
      note: (written.body as { id: string }).id,
      attempt,
      member: stays.id,
      colleague: whose.id,
      chat: 'chat',
      ...(await groupOf(at, one.departureId, placed)),
      ...(await newcomerOf(at, whose.id)),
      token: path.split('/').at(-1)!,
      ...(await records(at, named, {
        ...{ departure: one.departureId, handover: placed.id, member: stays.id, successor: whose.id, attempt },
        customer: placed.customer,
        ...(department === 10
          ? { asker: named.leads.id, blocked: stays.id, watched: stays.id }
          : { asker: named.elsewhere.id, blocked: named.admin.id, watched: named.compliance.id }),
      })),
    }
    return [ids, placed]
  }
  const [a, placed] = await place(10, named.s)
  const [b] = await place(20, named.t)
  // Its link was replaced by a newer one that was sent.
  await db
    .updateTable('noticeAttempt')
    .set({ outcome: 'replaced' })
    .where('handoverId', '=', b.handover)
    .where('outcome', '=', 'sent')
    .execute()
  await db.updateTable('member').set({ status: 'left' }).where('id', '=', placed.leaver.id).execute()
  const absent = Object.fromEntries(
    Object.keys(a).map((name) => [name, name === 'token' ? 'A'.repeat(22) : name === 'seq' ? '1000000000' : 'nobody']),
  ) as unknown as Ids
  return { people: { ...named, departed: placed.leaver }, objects: { a, b, absent } }
}

async function groupOf({ db, deps }: Desk, departureId: string, { customer, leaver, successor }: Placed) {
  const [at, chatId, id] = [deps.now(), `wr${departureId}`, deps.id()]
  await db
    .insertInto('groupChat')
    .values({ chatId, name: '对账群', ownerId: successor.id, status: 3, members: 5, staff: [] })
    .execute()
  await db.insertInto('groupCustomer').values({ chatId, customerId: customer }).execute()
  await db
    .insertInto('groupTransfer')
    .values({ departureId, chatId, name: '对账群', state: 'moved', successorId: successor.id, settledAt: at })
    .execute()
  await db
    .insertInto('groupNotice')
    .values({
      ...{ id, departureId, chatId, preparedBy: successor.id, preparedAt: at, language: 'zh-CN', template: 'M10@1' },
      ...{ text: leaver.name, textSha256: digest, outcome: 'prepared' },
    })
    .execute()
  return { group: chatId, groupAttempt: id }
}

async function newcomerOf({ db, deps }: Desk, memberId: string) {
  const [at, newcomer, firstAttempt] = [deps.now(), deps.id(), deps.id()]
  const read = { id: deps.id(), startedAt: new Date(0), endedAt: new Date(1), step: 'done', read: '{}' }
  await db.insertInto('mirrorRun').values(read).execute()
  await db.insertInto('customer').values({ id: newcomer, name: '赵敏', kind: 'wechat', firstSeenAt: at }).execute()
  await db.insertInto('relation').values({ memberId, customerId: newcomer, since: at }).execute()
  await db
    .insertInto('firstNotice')
    .values({
      ...{ id: firstAttempt, customerId: newcomer, preparedBy: memberId, preparedAt: at, language: 'zh-CN' },
      ...{ template: 'M8@1', text: '您好', textSha256: digest, outcome: 'prepared' },
    })
    .execute()
  return { newcomer, firstAttempt }
}

/** Who reads by an office that is granted, not configured; exporting is switched on. */
async function grantOffices({ db, deps }: Desk, { hr, auditor, admin }: Record<'hr' | 'auditor' | 'admin', Person>) {
  const at = deps.now()
  const until = new Date(at.getTime() + 30 * 86_400_000)
  for (const [role, { id }] of [
    ['hr', hr],
    ['auditor', auditor],
  ] as const)
    await db
      .insertInto('roleGrant')
      .values({ id: deps.id(), memberId: id, role, reason: '年度审计', grantedBy: admin.id, grantedAt: at, until })
      .execute()
  await db
    .insertInto('setting')
    .values({
      name: 'export',
      value: JSON.stringify({ on: true, marks: false }),
      reason: '核对',
      changedBy: admin.id,
      changedAt: at,
    })
    .execute()
}

/** What offices keep about one departure: requests, packs, holds, stops, questions, grants, logins, entries. */
async function records(
  { db, deps }: Desk,
  people: Record<'admin' | 'compliance' | 'leads' | 'elsewhere', Person>,
  of: {
    departure: string
    handover: string
    attempt: string
    member: string
    successor: string
    customer: string
    asker: string
    blocked: string
    watched: string
  },
) {
  const at = deps.now()
  const later = new Date(at.getTime() + 86_400_000)
  const id = {
    session: deps.id(),
    export: deps.id(),
    pack: deps.id(),
    readyPack: deps.id(),
    hold: deps.id(),
    block: deps.id(),
    signal: deps.id(),
    record: deps.id(),
    doubt: deps.id(),
    spoken: deps.id(),
    emergency: deps.id(),
    objection: deps.id(),
    complaint: `TS-20261201-${of.departure.slice(-8)}`,
    request: deps.id(),
    grant: deps.id(),
    debug: deps.id(),
    text: of.asker === people.leads.id ? 'M2' : 'M4',
    other: deps.id(),
    waiver: deps.id(),
    assessment: deps.id(),
    basis: deps.id(),
    correction: deps.id(),
  }
  await db
    .insertInto('session')
    .values({ id: id.session, idHash: id.session, memberId: of.successor, epoch: 0, createdAt: at, seenAt: at })
    .execute()
  await db
    .insertInto('impactAssessment')
    .values({
      ...{ id: id.assessment, title: '分级评估', reference: 'PIA-1', until: '2027-01-01' },
      ...{ recordedBy: people.compliance.id, recordedAt: at },
    })
    .execute()
  await db
    .insertInto('factCorrection')
    .values({ id: id.correction, memberId: of.member, field: 'region', said: '我在华南', askedAt: at })
    .execute()
  await db
    .insertInto('legalBasis')
    .values({
      ...{ id: id.basis, purpose: 'serve', customers: 'all', ground: 'contract', source: '服务协议第 3 条' },
      ...{ since: '2026-01-01', writtenBy: people.compliance.id, writtenAt: at },
    })
    .execute()
  await db
    .insertInto('noticeOther')
    .values({
      ...{ id: id.other, handoverId: of.handover, attemptId: of.attempt, channel: 'sms' },
      ...{ chosenBy: of.asker, chosenAt: at },
    })
    .execute()
  await db
    .insertInto('noticeWaiver')
    .values({
      ...{ id: id.waiver, handoverId: of.handover, kind: 'emergency', citation: '第十八条', reason: '救助' },
      ...{ until: later, askedBy: of.asker, askedAt: at },
    })
    .execute()
  await db
    .insertInto('exportRequest')
    .values({
      ...{ id: id.export, kind: 'departure', departureId: of.departure, purpose: 'handover_check', note: '核对' },
      ...{ format: 'csv', language: 'zh-CN', fields: ['state'], keys: [of.handover], digest, needsCompliance: false },
      ...{ state: 'pending', askedBy: of.asker, askedAt: at },
    })
    .execute()
  const pack = {
    kind: 'departure',
    subject: of.departure,
    caseNo: 'A-1',
    purpose: '仲裁',
    requestedBy: of.asker,
    requestedAt: at,
  }
  await db
    .insertInto('evidencePack')
    .values(
      [
        { ...pack, id: id.pack, state: 'requested' },
        {
          ...{ ...pack, id: id.readyPack, state: 'ready', content: Buffer.from('zip'), bytes: 3, expiresAt: later },
          ...{ ticketHash: hashToken(TICKET), ticketFor: people.compliance.id, ticketUntil: later },
        },
      ].map((p) => ({
        content: null,
        bytes: null,
        expiresAt: null,
        ticketHash: null,
        ticketFor: null,
        ticketUntil: null,
        ...p,
      })),
    )
    .execute()
  await db
    .insertInto('legalHold')
    .values({
      ...{ id: id.hold, subjectKind: 'departure', subjectId: of.departure, reason: '仲裁', caseNo: 'A-1' },
      ...{ beganBy: people.compliance.id, beganAt: at, reviewAt: later },
    })
    .execute()
  await db
    .insertInto('memberBlock')
    .values({
      id: id.block,
      memberId: of.blocked,
      reason: 'device',
      words: '手机被偷',
      askedBy: people.leads.id,
      askedAt: at,
    })
    .execute()
  await db
    .insertInto('signal')
    .values({
      ...{ id: id.signal, memberId: of.watched, kind: 'bulk', span: id.signal, since: at, until: at, foundAt: at },
      facts: JSON.stringify({ count: 51, usual: null }),
    })
    .execute()
  await db
    .insertInto('roleGrant')
    .values({
      id: id.grant,
      memberId: of.member,
      role: 'compliance',
      reason: '代班',
      grantedBy: people.admin.id,
      grantedAt: at,
    })
    .execute()
  await db
    .insertInto('debugGrant')
    .values({
      ...{ id: id.debug, memberId: of.member, reason: '页面打不开', grantedBy: people.admin.id, grantedAt: at },
      until: new Date(at.getTime() + 3600_000),
    })
    .execute()
  await db
    .insertInto('rightsRequest')
    .values({
      ...{ id: id.request, number: `QQ-${id.request}`, kind: 'explain_rules', language: 'zh-CN' },
      ...{ at, ial: 'IAL0', state: 'received', due: '2026-12-22', dueAt: at, calendar: '2026.1' },
    })
    .execute()
  // Answered: an open one would close the customer to the successor whose doors are walked.
  await db
    .insertInto('objection')
    .values({
      ...{ id: id.objection, handoverId: of.handover, at, text: '想换人', share: false },
      ...{ due: '2026-12-02', dueAt: later, handledAt: at, outcome: 'kept', answer: '请放心' },
    })
    .execute()
  await db
    .insertInto('complaint')
    .values({
      ...{ number: id.complaint, at, text: '没人回复', aboutId: of.watched, state: 'acknowledged', calendar: '2026.1' },
      ...{ acknowledgedAt: at, respondBy: '2026-12-04', decideBy: '2026-12-22', stopBy: '2026-12-31' },
    })
    .execute()
  await db
    .insertInto('emergency')
    .values({
      ...{ id: id.emergency, handoverId: of.handover, memberId: of.member, reason: 'incident', words: '设备停机' },
      ...{ openedAt: at, until: new Date(at.getTime() + 3_600_000) },
    })
    .execute()
  const question = {
    ...{ id: id.record, customerId: of.customer, purpose: 'history_raw', handoverId: of.handover },
    ...{ subjectId: of.successor, askedBy: of.successor, createdAt: at, language: 'zh-CN', template: 'M3@1' },
    ...{ text: '请您决定', textSha256: digest, classes: ['F4'], separate: true, guardian: false, until: later },
  }
  await db.insertInto('consentRecord').values(question).execute()
  await db.insertInto('relation').values({ customerId: of.customer, memberId: of.successor, since: at }).execute()
  await db
    .insertInto('consent')
    .values({
      ...{ customerId: of.customer, purpose: 'history_raw', state: 'given', recordId: id.record },
      ...{ subjectId: of.successor, until: later, askedAt: at, movedAt: at },
    })
    .execute()
  await db
    .insertInto('consentSpoken')
    .values({
      ...{ id: id.spoken, recordId: id.record, customerId: of.customer, answer: 'agree', channel: 'paper' },
      ...{ proof: '扫描 1', textSha256: digest, writtenBy: of.successor, writtenAt: at },
    })
    .execute()
  await db
    .insertInto('consentDoubt')
    .values({
      ...{ id: id.doubt, recordId: id.record, customerId: of.customer, purpose: 'history_raw', reason: '不是本人' },
      ...{ askedBy: people.leads.id, askedAt: at },
    })
    .execute()
  const head = await makeHead(deps)
  return { ...id, blockMember: of.blocked, seq: String(head?.size ?? 1) }
}
