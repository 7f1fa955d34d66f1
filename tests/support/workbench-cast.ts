import type { Departure, getDeparture, HandoverRow, listCandidates } from '../../src/shared/departure'
import type { Output } from '../../src/shared/endpoint'
import type { Plan } from '../../src/shared/plan'

export const DIGEST = 'a1b2c3d4'.padEnd(64, '0')
export const OTHER_DIGEST = 'e5f60718'.padEnd(64, '0')

export const leaver: Departure = {
  id: 'd1',
  name: '林晓',
  department: '华东销售一部',
  leftAt: new Date(Date.now() - 24 * 86_400_000).toISOString(),
  knownBy: 'event',
  gone: true,
  ended: false,
  announced: null,
  customers: 3,
  counts: { to_assign: 3 },
  groups: 0,
  groupsToAssign: 0,
  daysLeft: 341,
}

export const departure = (more: Partial<Output<typeof getDeparture>> = {}): Output<typeof getDeparture> => ({
  ...leaver,
  groupList: [],
  plan: null,
  deleted: { byMember: 0, byCustomer: 0 },
  underWay: null,
  ...more,
})

export const row = (id: string, more: Partial<HandoverRow> = {}): HandoverRow => ({
  handover: id,
  label: 'to_assign',
  transfer: 'unassigned',
  notice: 'due',
  submittedAt: null,
  takeoverAt: null,
  settledAt: null,
  sentAt: null,
  openedAt: null,
  answeredAt: null,
  errcode: null,
  shortName: '王*',
  company: null,
  region: null,
  successor: null,
  waitingDays: 3,
  objectedAt: null,
  complaint: null,
  ...more,
})

type Candidate = Output<typeof listCandidates>['items'][number]
export const candidate = (id: string, name: string, problems: string[] = []): Candidate => ({
  id,
  name,
  position: '',
  department: '华东销售二部',
  customers: 120,
  arriving: 3,
  problems,
})

type Round = Plan['rounds'][number]
export const round = (more: Partial<Round> = {}): Round => ({
  ...{ round: 1, askedBy: '周敏', askedAt: new Date(Date.now() - 3_600_000).toISOString() },
  ...{ due: new Date(Date.now() + 47 * 3_600_000).toISOString(), needed: 1, why: [], outcome: null, endedAt: null },
  votes: [],
  asked: [{ name: '何志远', at: new Date(Date.now() - 3_600_000).toISOString(), passed: false }],
  ...more,
})

export const plan = (more: Partial<Plan> = {}): Plan => ({
  id: 'p1',
  departure: 'd1',
  leaver: '林晓',
  state: 'pending',
  digest: DIGEST,
  items: [
    { handover: 'h1', shortName: '王*', company: null, successor: 'm1', successorName: '陈一鸣', checks: [] },
    {
      handover: 'h2',
      shortName: '李*',
      company: null,
      successor: 'm2',
      successorName: '赵敏',
      checks: ['already_follows'],
    },
  ],
  groups: [],
  split: [
    { successor: 'm1', name: '陈一鸣', before: 120, added: 1, groups: 0 },
    { successor: 'm2', name: '赵敏', before: 300, added: 1, groups: 0 },
  ],
  draftedBy: '周敏',
  draftedAt: new Date(Date.now() - 7_200_000).toISOString(),
  automatic: false,
  mine: false,
  submittedAt: new Date(Date.now() - 3_600_000).toISOString(),
  duty: null,
  rounds: [round()],
  able: 1,
  decidedBy: null,
  decidedAt: null,
  reason: null,
  decision: 'may_decide',
  ...more,
})
