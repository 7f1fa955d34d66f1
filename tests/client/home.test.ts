import { afterEach, expect, test } from 'vitest'
import { countComplaints } from '../../src/shared/complaintdesk'
import { listInherited } from '../../src/shared/customer'
import { listDepartures } from '../../src/shared/departure'
import { listDuty } from '../../src/shared/duty'
import { listPacks, type Pack } from '../../src/shared/evidence'
import { getMirror } from '../../src/shared/mirror'
import { listPromises } from '../../src/shared/promise'
import { getCoverage, listNewcomers } from '../../src/shared/newcomer'
import { listPlans } from '../../src/shared/plan'
import { listUntold, type UntoldRow } from '../../src/shared/untold'
import { answers, askedOf, close, open, Refusal, see, seen } from '../support/workbench'
import { leaver } from '../support/workbench-cast'

afterEach(close)

const at = '2026-11-24T02:00:00.000Z'
const read = { departments: 1, members: 1, tags: 1, relations: 1, groups: 1 }
const done = { startedAt: at, endedAt: at, step: 'done' as const, read, changes: 0, errcode: null }
const waiting = {
  id: 'p1',
  leaver: '林晓',
  state: 'pending' as const,
  customers: 2,
  groups: 0,
  successors: 1,
  draftedBy: '周敏',
  ...{ due: null, given: 0, needed: 1 },
}

const unreached: UntoldRow = {
  ...{ handover: 'h1', shortName: '王*', leaver: '林晓', successor: '陈一鸣', state: 'unreachable', why: 'not_friend' },
  ...{ since: at, other: null, waiver: null },
}

const pack: Pack = {
  id: 'e1',
  kind: 'departure',
  about: '林晓',
  caseNo: '1',
  purpose: '举证',
  since: null,
  until: null,
  state: 'requested',
  requestedBy: '周敏',
  requestedAt: at,
  decidedBy: null,
  decidedAt: null,
  reason: null,
  bytes: null,
  sha256: null,
  expiresAt: null,
  mine: false,
}

test('What waits for a manager stands first, with its number; one’s own plans are not for oneself to decide', async () => {
  answers(listInherited, () => ({ items: [], next: null, total: 4, toTell: 0, inChat: 0 }))
  answers(listPlans, () => ({
    items: [
      { ...waiting, submittedAt: at, mine: false, approved: false },
      { ...waiting, id: 'p2', submittedAt: at, mine: true, approved: false },
      // The reader's yes was the first of two: another gives the second.
      { ...waiting, id: 'p3', submittedAt: at, mine: false, approved: true },
    ],
    next: null,
  }))
  answers(listDepartures, () => ({
    items: [{ ...leaver, counts: { to_assign: 2, failed: 1 } }],
    next: null,
    mirror: { at, running: false },
  }))
  answers(getMirror, () => ({ last: done, customers: 1, relations: 1, members: 1 }))
  await open('/')
  await see('何志远，您好')
  await see(/方案与审批.*待您审批 1 份.*离职交接.*待分配 1 人 · 例外 1 位.*我承接的客户.*通讯录/)
  expect(seen()).not.toContain('疑问与投诉')
  expect(askedOf(listPlans)[0]?.state).toBe('pending')
})

test('A rep finds the customers to tell, what is recorded of them, and nothing else; a number that fails leaves the door open', async () => {
  answers(listInherited, () => ({ items: [], next: null, total: 4, toTell: 3, inChat: 3 }))
  answers(listDuty, () => ({ items: [], next: null, total: 0, due: 0 }))
  answers(listPromises, () => ({ items: [], next: null, total: 0, soon: 0 }))
  answers(listNewcomers, () => ({ items: [], next: null, total: 0, late: 0 }))
  await open('/', ['rep'])
  await see('还没告知 3 位')
  // Whom to tell, by which rules customers are given, what is recorded.
  expect(document.querySelectorAll('main a').length).toBe(3)
  close()
  answers(listInherited, () => new Refusal('busy', '系统正忙，请稍后再试。'))
  await open('/', ['rep'])
  await see('我承接的客户')
})

test('New customers whom nobody has told stand among what waits, for their colleague and for who answers for it', async () => {
  answers(listInherited, () => ({ items: [], next: null, total: 0, toTell: 0, inChat: 0 }))
  answers(listNewcomers, () => ({ items: [], next: null, total: 3, late: 1 }))
  await open('/', ['rep'])
  await see(/新客户的首次告知.*还没告知 3 位，其中 1 位超过一天/)
  close()
  answers(listUntold, () => ({ items: [], next: null }))
  const all = { inTime: 1, later: 0, waiting: 2, late: 5, gone: 0 }
  answers(getCoverage, () => ({ since: at, all, unfounded: 0, onConsent: 0, byMember: [] }))
  await open('/', ['rep', 'compliance'])
  await see(/告知未送达.*新客户超过一天没告知 5 位/)
  close()
  // One number that could not be had takes no other with it.
  answers(listUntold, () => ({ items: [unreached], next: null }))
  answers(getCoverage, () => new Refusal('busy', '请稍后再试。'))
  await open('/', ['rep', 'compliance'])
  await see(/告知未送达.*待判断 1 件/)
})

test('Compliance sees how many complaints wait, and reads none of them', async () => {
  answers(listInherited, () => ({ items: [], next: null, total: 0, toTell: 0, inChat: 0 }))
  answers(listDepartures, () => ({ items: [], next: null, mirror: { at: null, running: false } }))
  answers(listPlans, () => ({ items: [], next: null }))
  answers(getMirror, () => ({ last: null, customers: 0, relations: 0, members: 0 }))
  answers(countComplaints, () => ({ open: 4, unassigned: 2, mine: 1, red: 1, stopped: 0, yearsMissing: [] }))
  answers(listPacks, () => ({ items: [pack, { ...pack, id: 'e2', mine: true }], next: null }))
  await open('/', ['rep', 'compliance'])
  await see('超过 15 个工作日 1 件 · 待安排 2 件 · 我经办 1 件')
  await see('1 个证据包待批准')
})
