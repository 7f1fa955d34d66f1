import { sql } from 'kysely'
import type { Json } from '../../shared/canonical'
import { shownBody } from './history'
import { looksAt } from './looked'
import type { Db } from './open'
import type { DB } from './tables'

type Table = keyof DB & string

/**
 * What a copy holds (PIPL 45): every table with something about the customer, and of each every column that says something.
 * A test compares both with the schema, so that a new table or column is either in the copy or left out for a reason.
 */
interface Part {
  table: Table
  of: 'customer' | 'handover' | 'complaint'
  /** Only what counts: a decision that waits for its second person is nobody's to read. */
  standing?: true
  order: string
  /** Given by the person, or collected to serve them: what may be moved elsewhere (NDR 25). */
  given?: true
  columns: readonly string[]
  /** Columns that name a member of staff: their name goes in, as the customer knew them. */
  members?: readonly string[]
  left: readonly string[]
}

export const copyParts = [
  {
    ...{ table: 'customer', of: 'customer', order: 'first_seen_at', given: true },
    ...{ columns: ['name', 'kind', 'company', 'title', 'firstSeenAt', 'restrictedAt'], left: ['id'] },
  },
  {
    ...{ table: 'wecomContact', of: 'customer', order: 'external_userid', given: true },
    ...{ columns: ['externalUserid'], left: ['customerId'] },
  },
  {
    ...{ table: 'relation', of: 'customer', order: 'since', given: true, members: ['memberId'] },
    columns: [
      'since',
      'endedAt',
      'endedBy',
      'remark',
      'description',
      'company',
      'mobiles',
      'tags',
      'personalTags',
      'addWay',
    ],
    left: ['customerId', 'tagIds'],
  },
  {
    ...{ table: 'groupCustomer', of: 'customer', order: 'chat_id', given: true },
    ...{ columns: ['chatId'], left: ['customerId'] },
  },
  {
    ...{ table: 'customerCorrection', of: 'customer', order: 'at', given: true },
    ...{ columns: ['at', 'field', 'before', 'value'], left: ['id', 'customerId', 'requestId'] },
  },
  {
    ...{ table: 'customerFact', of: 'customer', order: 'written_at', members: ['writtenBy'] },
    ...{ columns: ['writtenAt', 'field', 'value', 'source'], left: ['customerId'] },
  },
  {
    ...{ table: 'promise', of: 'customer', order: 'made_at', members: ['madeBy', 'keptBy', 'takenBy'] },
    ...{ columns: ['madeAt', 'text', 'due', 'keptAt', 'source'], left: ['id', 'customerId', 'takenAt', 'writtenDue'] },
  },
  {
    ...{ table: 'history', of: 'customer', order: 'at', members: ['authorId'] },
    ...{ columns: ['at', 'kind', 'source', 'body'], left: ['id', 'customerId'] },
  },
  {
    ...{ table: 'handover', of: 'customer', order: 'created_at', members: ['fromId'] },
    ...{ columns: ['createdAt'], left: ['id', 'departureId', 'customerId'] },
  },
  {
    ...{ table: 'transfer', of: 'handover', order: 'submitted_at', members: ['successorId'] },
    columns: ['state', 'submittedAt', 'takeoverAt', 'settledAt'],
    left: ['handoverId', 'planId', 'batchId', 'askedAt', 'hintedAt', 'errcode', 'fullBefore', 'refusedBefore'],
  },
  {
    ...{ table: 'planItem', of: 'handover', order: 'plan_id', members: ['successorId'] },
    ...{ columns: ['checks'], left: ['planId', 'handoverId'] },
  },
  {
    // Scores are about colleagues; what is so of this customer is said by "why this colleague" (request.ts).
    ...{ table: 'planReason', of: 'handover', order: 'plan_id', members: ['chosen'] },
    ...{ columns: [], left: ['planId', 'handoverId', 'why'] },
  },
  {
    ...{ table: 'planOverride', of: 'handover', order: 'at', members: ['fromId', 'toId'] },
    ...{ columns: ['at'], left: ['id', 'planId', 'handoverId', 'byId', 'reason'] },
  },
  {
    ...{ table: 'notice', of: 'handover', order: 'sent_at', members: ['sentBy'] },
    ...{ columns: ['state', 'why', 'promptedAt', 'sentAt', 'openedAt', 'answeredAt'] },
    left: ['handoverId', 'pageVersion', 'stateSince'],
  },
  {
    ...{ table: 'noticeAttempt', of: 'handover', order: 'prepared_at', members: ['preparedBy'] },
    columns: ['preparedAt', 'language', 'template', 'text', 'outcome', 'outcomeAt', 'form', 'script', 'edited'],
    left: ['id', 'handoverId', 'textSha256', 'tokenHash', 'detail', 'consentId', 'pageVersion'],
  },
  {
    ...{ table: 'firstNotice', of: 'customer', order: 'prepared_at', members: ['preparedBy'] },
    columns: ['preparedAt', 'language', 'template', 'text', 'outcome', 'outcomeAt'],
    left: ['id', 'customerId', 'textSha256', 'detail'],
  },
  {
    ...{ table: 'objection', of: 'handover', order: 'at', given: true, members: ['handledBy'] },
    columns: ['at', 'origin', 'about', 'text', 'share', 'due', 'handledAt', 'outcome', 'answer', 'toldAt'],
    left: ['id', 'handoverId', 'dueAt', 'calendar', 'step'],
  },
  {
    ...{ table: 'complaint', of: 'handover', order: 'at', given: true },
    columns: [
      ...['number', 'at', 'channel', 'kind', 'text', 'contact', 'state', 'decideBy'],
      ...['acknowledgedAt', 'askedAt', 'decidedAt', 'informedAt', 'closedAt'],
    ],
    // Who handled it and whom it was about are colleagues, who are persons, too.
    left: [
      ...['handoverId', 'language', 'round', 'linkKey', 'aboutId', 'ownerId', 'pastOwners', 'severity', 'follows'],
      ...['informedBy', 'respondedAt', 'toldOfAt', 'calendar', 'answerBy', 'informBy', 'acknowledgeBy', 'respondBy'],
      ...['stopBy', 'nextBy'],
    ],
  },
  {
    ...{ table: 'complaintDecision', of: 'complaint', order: 'decided_at', standing: true },
    columns: ['number', 'decidedAt', 'outcome', 'summary', 'reasons'],
    left: [...['seq', 'round', 'againstStaff', 'decidedBy', 'state', 'secondBy', 'secondAt', 'secondWords']],
  },
  {
    ...{ table: 'complaintMail', of: 'complaint', order: 'at', given: true },
    columns: ['number', 'at', 'direction', 'subject', 'text', 'files'],
    left: ['id', 'kind', 'messageId', 'peer', 'state', 'detail', 'tries', 'nextAt', 'settledAt'],
  },
  {
    ...{ table: 'rightsRequest', of: 'customer', order: 'at', given: true },
    ...{ members: ['identifiedBy', 'decidedBy', 'executedBy', 'liftedBy'] },
    columns: [
      ...['number', 'kind', 'at', 'about', 'text', 'contact', 'ial', 'state', 'due', 'identifiedHow', 'identifiedAt'],
      ...['decidedAt', 'reason', 'executedAt', 'outcome', 'informedHow', 'informedAt', 'takenAt'],
      ...['liftedAt', 'liftedReason'],
    ],
    left: ['id', 'customerId', 'handoverId', 'tokenHash', 'language', 'dueAt', 'calendar', 'complaint'],
  },
  {
    ...{ table: 'restore', of: 'handover', order: 'asked_at', members: ['askedBy', 'successorId'] },
    columns: ['part', 'fields', 'state', 'askedAt', 'doneAt', 'outcome'],
    left: ['handoverId', 'nextAt', 'sentAt', 'tries', 'errcode', 'value'],
  },
  {
    ...{ table: 'consentRecord', of: 'customer', order: 'created_at', given: true, members: ['askedBy', 'subjectId'] },
    columns: ['createdAt', 'purpose', 'classes', 'language', 'template', 'text', 'until', 'separate', 'guardian'],
    left: ['id', 'customerId', 'handoverId', 'textSha256'],
  },
  {
    ...{ table: 'consentEvent', of: 'customer', order: 'seq', given: true, members: ['memberId'] },
    columns: [
      ...['at', 'type', 'purpose', 'stateBefore', 'state', 'receipt', 'channel', 'entity', 'ial', 'reason'],
      ...['guardianRelation', 'clientTime', 'browser', 'net'],
    ],
    left: ['seq', 'recordId', 'customerId', 'openidHash', 'ui', 'witness'],
  },
  {
    ...{ table: 'massNotice', of: 'handover', order: 'asked_at', members: ['memberId'] },
    columns: ['askedAt', 'state', 'settledAt', 'language'],
    left: ['id', 'handoverId', 'attemptId', 'calledAt', 'errcode', 'msgid', 'polledAt'],
  },
  {
    ...{ table: 'noticeOther', of: 'handover', order: 'chosen_at', members: ['chosenBy', 'doneBy'] },
    ...{ columns: ['chosenAt', 'channel', 'happenedAt', 'doneAt', 'proof'], left: ['id', 'handoverId', 'attemptId'] },
  },
  {
    ...{ table: 'noticeWaiver', of: 'handover', order: 'asked_at', members: ['askedBy', 'decidedBy'] },
    columns: ['askedAt', 'kind', 'citation', 'reason', 'until', 'decidedAt', 'approved', 'endedAt'],
    left: ['id', 'handoverId'],
  },
  {
    ...{ table: 'consentSpoken', of: 'customer', order: 'written_at', members: ['writtenBy', 'confirmedBy'] },
    columns: ['writtenAt', 'channel', 'answer', 'guardianRelation', 'proof', 'confirmedAt'],
    left: ['id', 'customerId', 'recordId', 'textSha256'],
  },
  {
    ...{ table: 'consentDoubt', of: 'customer', order: 'asked_at', members: ['askedBy', 'decidedBy'] },
    ...{ columns: ['askedAt', 'purpose', 'reason', 'decidedAt', 'upheld'], left: ['id', 'customerId', 'recordId'] },
  },
  {
    ...{ table: 'child', of: 'customer', order: 'marked_at', members: ['markedBy'] },
    ...{ columns: ['callName', 'markedAt'], left: ['customerId'] },
  },
  {
    ...{ table: 'rawRecord', of: 'customer', order: 'at', members: ['authorId'] },
    ...{ columns: ['at', 'text'], left: ['id', 'customerId'] },
  },
] as const satisfies readonly Part[]

/** Tables about the customer that are in no copy, and why. */
export const notCopied: Partial<Record<Table, 'looks_by_role' | 'machinery'>> = {
  // Who looked is told by role and day, as on the page: staff are persons, too.
  reveal: 'looks_by_role',
  childAccess: 'looks_by_role',
  emergency: 'looks_by_role',
  // Where each purpose stands now, worked out from the events that are in it.
  consent: 'machinery',
  // Steps and notes of whoever handled it; what was decided and written to the customer is in it.
  complaintEvent: 'machinery',
  // Who wrote which entry of the history, and whom the message of a day told of a promise.
  note: 'machinery',
  promiseReminder: 'machinery',
  mirrorSeen: 'machinery',
  // Sealed with a key that only the member's browser had, for a week.
  keptAnswer: 'machinery',
}

export type CopyRow = Record<string, Json>
export interface Copy {
  parts: { name: string; rows: CopyRow[] }[]
  looks: { day: string; role: string; classes: string[]; times: number }[]
}

/** Everything about one customer. `only`: what the person gave. */
export async function copyOf(db: Db, customerId: string, only: 'all' | 'given'): Promise<Copy> {
  const members = await names(db)
  const tags = new Map((await db.selectFrom('tag').select(['id', 'name']).execute()).map((t) => [t.id, t.name]))
  const groups = await groupNames(db, customerId)
  const parts: Copy['parts'] = []
  for (const part of copyParts as readonly Part[]) {
    if (only === 'given' && !part.given) continue
    const rows = await rowsOf(db, part, customerId)
    parts.push({ name: part.table, rows: rows.map((row) => shown(part, row, { members, tags, groups })) })
  }
  const looks = only === 'all' ? await looksAt(db, customerId) : []
  return { parts, looks: looks.map((l) => ({ ...l, day: l.day.toISOString() })) }
}

/** A note that its author took back may have been meant for somebody else: its entry is there, its words are not. */
const shownHistory = sql`(
  select history.id, history.customer_id, history.at, history.author_id, history.source, history.kind, ${shownBody} as body
    from history left join note on note.id = history.id)`

async function rowsOf(
  db: Db,
  { table, of, order, standing }: Part,
  customerId: string,
): Promise<Record<string, unknown>[]> {
  const handovers = sql`select id from handover where customer_id = ${customerId}`
  const whose = {
    customer: sql`x.customer_id = ${customerId}`,
    handover: sql`x.handover_id in (${handovers})`,
    complaint: sql`x.number in (select number from complaint where handover_id in (${handovers}))`,
  }[of]
  const where =
    table === 'customer' ? sql`x.id = ${customerId}` : standing ? sql`${whose} and x.state = 'standing'` : whose
  const { rows } = await sql<Record<string, unknown>>`
    select x.* from ${table === 'history' ? shownHistory : sql.table(table)} x where ${where} order by x.${sql.ref(order)}`.execute(
    db,
  )
  return rows
}

async function names(db: Db): Promise<Map<string, string>> {
  const all = await db.selectFrom('member').select(['id', 'name']).execute()
  return new Map(all.map((m) => [m.id, m.name]))
}

/** WeCom's ids say nothing to anybody. */
async function groupNames(db: Db, customerId: string): Promise<Map<string, string>> {
  const all = await db
    .selectFrom('groupCustomer')
    .innerJoin('groupChat', 'groupChat.chatId', 'groupCustomer.chatId')
    .select(['groupChat.chatId', 'groupChat.name'])
    .where('groupCustomer.customerId', '=', customerId)
    .execute()
  return new Map(all.map((g) => [g.chatId, g.name]))
}

function shown(
  { columns, members = [] }: Part,
  row: Record<string, unknown>,
  { members: staff, tags, groups }: Record<'members' | 'tags' | 'groups', ReadonlyMap<string, string>>,
): CopyRow {
  const value = (name: string): unknown =>
    name === 'tags'
      ? ((row['tagIds'] ?? []) as string[]).map((id) => tags.get(id) ?? '—')
      : name === 'chatId'
        ? (groups.get(String(row[name])) ?? '—')
        : name === 'value' && ['wants', 'relatives'].includes(String(row['field']))
          ? [row[name]].flat().map((id) => staff.get(String(id)) ?? '—')
          : row[name]
  const said = Object.fromEntries(columns.map((name) => [name, plain(value(name))]))
  const who = Object.fromEntries(members.map((name) => [name, plain(staff.get(String(row[name])) ?? null)]))
  return { ...said, ...who }
}

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json
