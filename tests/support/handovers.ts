import { pino } from 'pino'
import { createApp } from '../../src/server/app'
import { openDb, type Db } from '../../src/server/db/open'
import type { Deps } from '../../src/server/deps'
import { cookieName } from '../../src/server/login/cookie'
import { readConfig } from '../../src/server/lib/config'
import { hashToken, secretToken, timeId } from '../../src/server/lib/id'
import type { Door } from '../../src/server/lib/serve'
import type { NoticeState } from '../../src/shared/notice'
import type { TransferState } from '../../src/shared/transfer'
import { bySelf } from './house'
import { lend } from './lent'

/**
 * The server on a database in which handovers stand where a test wants them: rows written by hand, no simulated WeCom.
 * What leads there is tested elsewhere; here begins what members and customers do with a handover.
 */
export interface Desk {
  db: Db
  doors: readonly Door[]
  deps: Deps
  /** Milliseconds; a test sets it. */
  clock: { now: number }
  /** A member with a live session. */
  member(name: string, more?: { position?: string; userid?: string; departments?: number[] }): Promise<Person>
  handover(wish?: HandoverWish): Promise<Placed>
  request(path: string, init?: RequestInit): Promise<Response>
  /** A page of the customer's, and a form sent from one; no cookie, no script. */
  page(path: string): Promise<{ status: number; html: string; headers: Headers }>
  send(path: string, fields?: Record<string, string>): Promise<Response>
  /** As the owner of the database: what the server itself may not do. */
  asOwner(statement: string): Promise<void>
  audits(): Promise<{ action: string; subject: string; actor: string; detail: unknown }[]>
  close(): Promise<void>
}

interface Person {
  id: string
  name: string
  // The server has checked the answer by its schema; a test says what it expects. `key`: an idempotency key.
  ask(
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    key?: string,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
  ): Promise<{ status: number; body: any; text: string }>
  /** The answer as it comes, for what is no JSON. */
  open(method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<Response>
}

interface HandoverWish {
  transfer?: TransferState
  notice?: NoticeState
  leaver?: Person
  successor?: Person
  customer?: string
  objection?: boolean
}

export interface Placed {
  id: string
  customer: string
  external: string
  leaver: Person
  successor: Person
}

const START = Date.parse('2026-12-01T02:00:00Z')
const PUBLIC = 'https://jb.example.com'

const settings = {
  PUBLIC_URL: PUBLIC,
  SECRET: 's'.repeat(32),
  WECOM_CORP_ID: 'ww1',
  WECOM_AGENT_ID: '1000002',
  WECOM_APP_SECRET: 'x',
  WECOM_APP_TOKEN: 'x',
  WECOM_APP_AES_KEY: 'A'.repeat(43),
  COMPANY_NAME: '宏远',
  COMPANY_FULL_NAME: '宏远服务有限公司',
  COMPANY_ADDRESS: '上海市徐汇区示例路 100 号',
  HOTLINE: '400-000-0000',
  PRIVACY_CONTACT: '沈岚',
  PRIVACY_MAIL: 'privacy@example.com',
  COMPLAINT_DEPARTMENT: '个人信息保护办公室',
  ALTERNATIVE_CHANNEL: '客服热线 400-000-0000',
  RETENTION: '合作期间及结束后三年，之后删除',
  COMPLIANCE: 'shenlan',
}

export async function openDesk(more: Record<string, string> = {}): Promise<Desk> {
  const database = await lend()
  const clock = { now: START }
  const deps: Deps = {
    db: openDb(database.pool),
    wecom: { ask: () => Promise.reject(new Error('no WeCom here')) },
    config: readConfig({ ...settings, ...more }),
    log: pino({ level: 'silent' }),
    now: () => new Date(clock.now),
    id: () => timeId(clock.now),
    wake: () => undefined,
  }
  const { app, doors } = createApp(deps)
  const { db } = deps
  const request = (path: string, init?: RequestInit) => Promise.resolve(app.request(`${PUBLIC}${path}`, init))
  let count = 0

  async function member(
    name: string,
    { position = '客户经理', userid = `u${++count}`, departments = [] as number[] } = {},
  ): Promise<Person> {
    const id = deps.id()
    const token = secretToken()
    const at = deps.now()
    await db
      .insertInto('member')
      .values({
        id,
        userid,
        name,
        position,
        departmentIds: departments,
        status: 'active',
        follows: true,
        firstSeenAt: at,
      })
      .execute()
    await db
      .insertInto('session')
      .values({ idHash: hashToken(token), memberId: id, epoch: 0, createdAt: at, seenAt: at })
      .execute()
    const open = async (method: 'GET' | 'POST', path: string, body: object = {}, key?: string) => {
      const post = { headers: bySelf(deps.config.PUBLIC_URL), body: JSON.stringify(body) }
      // A session is as old as the clock says, and old ones are cleared; tests travel far, people sign in again.
      const times = { createdAt: deps.now(), seenAt: deps.now() }
      await db
        .insertInto('session')
        .values({ idHash: hashToken(token), memberId: id, epoch: 0, ...times })
        .onConflict((conflict) => conflict.column('idHash').doUpdateSet(times))
        .execute()
      return request(path, {
        method,
        ...(method === 'POST' ? post : {}),
        headers: {
          cookie: `${cookieName(deps.config.PUBLIC_URL)}=${token}`,
          ...(method === 'POST' ? post.headers : {}),
          ...(key ? { 'idempotency-key': key } : {}),
        },
      })
    }
    return {
      id,
      name,
      open,
      async ask(method, path, body, key) {
        const answer = await open(method, path, body, key)
        const text = await answer.text()
        return { status: answer.status, body: JSON.parse(text) as unknown, text }
      },
    }
  }

  async function newCustomer(): Promise<string> {
    const id = deps.id()
    const at = deps.now()
    await db
      .insertInto('customer')
      .values({ id, name: '王建国', kind: 'wechat', company: '宏远建材', title: '采购经理', firstSeenAt: at })
      .execute()
    await db
      .insertInto('wecomContact')
      .values({ externalUserid: `wmSECRET${id}`, customerId: id })
      .execute()
    return id
  }

  async function handover(wish: HandoverWish = {}): Promise<Placed> {
    clock.now += 1000
    const at = deps.now()
    const leaver = wish.leaver ?? (await member('林晓'))
    const successor = wish.successor ?? (await member('陈一鸣'))
    const customer = wish.customer ?? (await newCustomer())
    const { transfer = 'taken_over', notice = 'due' } = wish
    const open = await db
      .selectFrom('departure')
      .select('id')
      .where('memberId', '=', leaver.id)
      .where('endedAt', 'is', null)
      .executeTakeFirst()
    const departureId = open?.id ?? deps.id()
    if (!open)
      await db
        .insertInto('departure')
        .values({ id: departureId, memberId: leaver.id, leftAt: at, knownBy: 'unassigned_list', noticedAt: at })
        .execute()
    if (!wish.customer || !(await follows(leaver.id, customer)))
      await db
        .insertInto('relation')
        .values({
          memberId: leaver.id,
          customerId: customer,
          remark: '王总 CANARY-REMARK',
          description: 'CANARY-DESCRIPTION',
          mobiles: ['13812345678'],
          tagIds: ['t1'],
          since: new Date(at.getTime() - 86_400_000),
          endedAt: at,
        })
        .execute()
    await db
      .insertInto('tag')
      .values({ id: 't1', groupName: '等级', name: 'CANARY-TAG' })
      .onConflict((c) => c.doNothing())
      .execute()
    const planner = await member('周敏')
    const approver = await member('何志远')
    const planId = deps.id()
    await db
      .insertInto('plan')
      .values({
        id: planId,
        departureId,
        state: 'approved',
        digest: '0',
        draftedBy: planner.id,
        draftedAt: at,
        submittedAt: at,
        decidedBy: approver.id,
        decidedAt: at,
      })
      .execute()
    const id = deps.id()
    const settled = ['taken_over', 'refused'].includes(transfer) ? at : null
    await db.insertInto('handover').values({ id, departureId, customerId: customer, createdAt: at }).execute()
    await db
      .insertInto('transfer')
      .values({
        handoverId: id,
        state: transfer,
        planId,
        successorId: successor.id,
        submittedAt: at,
        settledAt: settled,
      })
      .execute()
    const told = !['due', 'prompted', 'unreachable', 'alt_channel', 'waived'].includes(notice)
    await db
      .insertInto('notice')
      .values({ handoverId: id, state: notice, sentAt: told ? at : null, sentBy: told ? successor.id : null })
      .execute()
    if (wish.objection)
      await db
        .insertInto('objection')
        .values({ id: deps.id(), handoverId: id, at, text: 'CANARY-OBJECTION', share: false })
        .execute()
    for (const text of ['CANARY-PROMISE', '第二件'])
      await db
        .insertInto('promise')
        .values({ id: deps.id(), customerId: customer, madeBy: leaver.id, madeAt: at, source: 'description', text })
        .onConflict((c) => c.doNothing())
        .execute()
    await db
      .insertInto('history')
      .values({
        id: deps.id(),
        customerId: customer,
        at,
        authorId: leaver.id,
        source: 'mirror',
        kind: 'remark.changed',
        body: JSON.stringify({ before: '', after: 'CANARY-HISTORY' }),
      })
      .execute()
    return { id, customer, external: `wmSECRET${customer}`, leaver, successor }
  }

  const follows = (memberId: string, customerId: string) =>
    db
      .selectFrom('relation')
      .select('since')
      .where('memberId', '=', memberId)
      .where('customerId', '=', customerId)
      .executeTakeFirst()

  return {
    db,
    doors,
    deps,
    clock,
    member,
    handover,
    request,
    async page(path) {
      const answer = await request(path)
      return { status: answer.status, html: await answer.text(), headers: answer.headers }
    },
    // As a browser sends a form from a page with `no-referrer`: no cookie, the origin is the word null.
    send: (path, fields = {}) =>
      request(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: 'null' } }),
    audits: () => db.selectFrom('audit').select(['action', 'subject', 'actor', 'detail']).orderBy('seq').execute(),
    asOwner: database.asOwner,
    async close() {
      await db.destroy()
      await database.back()
    },
  }
}

/** Prepares the notice as its successor and, if wished, says that WeCom sent it. Answers the path of the link. */
export async function tell(
  handover: Placed,
  outcome: 'sent' | 'none' = 'sent',
): Promise<{ path: string; attempt: string }> {
  const prepared = await handover.successor.ask('POST', `/api/handovers/${handover.id}/notice`, { language: 'zh-CN' })
  if (prepared.status !== 200) throw new Error(prepared.text)
  const { id, link } = prepared.body as { id: string; link: string }
  if (outcome === 'sent')
    await handover.successor.ask('POST', `/api/notice-attempts/${id}/outcome`, { form: 'text', outcome })
  return { path: new URL(link).pathname, attempt: id }
}
