import { createHash } from 'node:crypto'
import type { Tx } from '../../db/open'
import type { Rights } from '../../db/roles'
import type { Config } from '../../lib/config'
import type { Head, Signer } from '../../lib/head'
import { zip } from '../../lib/zip'
import { eventsOf, gather, type Event, type Gathered } from './gather'
import { absents, leaving, probesOf } from './leaving'
import { allocation } from './allocation'
import { customerSide } from './customer-side'
import { access, affected } from './looks'
import { profile, secrecy } from './profile'
import { proofsOf, type Proofs } from './proofs'
import { reportOf } from './report'
import { roster, type Section, type Case } from './section'
import { METHOD, VERIFY } from './texts'

const [verifier = ''] = Object.values(
  import.meta.glob<string>('./verify.mjs', { query: '?raw', import: 'default', eager: true }),
)

export interface Order {
  id: string
  kind: string
  subject: string
  caseNo: string
  purpose: string
  since: string | null
  until: string | null
  requestedBy: string
  requestedAt: Date
  decidedBy: string | null
  decidedAt: Date | null
}

interface File {
  name: string
  section: string
  redaction: string
  body: Buffer
}

/** Under which the pack is made: the head it is proven by, who signs it, what is known of the installation. */
export interface Ground {
  head: Head
  key: Signer
  config: Pick<Config, 'TSA_URL' | 'TSA_CA' | 'COMPANY_FULL_NAME'>
  rights: Rights
  now: Date
}

/**
 * The whole pack as a ZIP (compliance 9.4). The same rows, head and time are the same bytes. Nothing that belongs to the case
 * is left out but by the asked-for days, and how many of each kind that took away is said.
 */
export async function buildPack(tx: Tx, order: Order, ground: Ground) {
  const g = await gather(tx, order.kind, order.subject)
  const all = await eventsOf(tx, g, ground.head.size)
  const { kept, removed } = filtered(all, order)
  const { named, nameOf } = roster(g, [order.requestedBy, order.decidedBy])
  const theCase: Case = { g, events: kept, nameOf, members: named, now: ground.now }
  const proofs = await proofsOf(
    tx,
    ground.head,
    kept.map((e) => e.seq),
  )
  const scope = scopeOf(theCase, order, removed)
  const sections = [
    scope,
    profile(theCase),
    secrecy(theCase),
    access(theCase),
    absents.E,
    leaving(theCase, await probesOf(tx, g.leavers)),
    customerSide(theCase),
    absents.H,
    affected(theCase),
    absents.J,
    allocation(theCase),
    chainOf(ground, proofs, kept),
    methodOf(),
  ]
  const files = filesOf(order, ground, g, kept, sections, proofs)
  const manifest = Buffer.from(`${JSON.stringify(manifestOf(order, ground, files, removed), null, 1)}\n`)
  const manifestSha256 = sha(manifest)
  const seal = {
    key: ground.key.id,
    publicKey: ground.key.publicKey,
    signature: ground.key.sign(`jiebang pack v1 ${manifestSha256}`),
  }
  const content = zip([
    { name: 'manifest.json', body: manifest },
    { name: 'manifest.sig.json', body: json(seal) },
    ...files,
  ])
  return { content, manifestSha256, sha256: sha(content) }
}

const sha = (body: Buffer) => createHash('sha256').update(body).digest('hex')
const json = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 1)}\n`)

/** Days are Shanghai's, both included. */
function filtered(events: readonly Event[], { since, until }: Order) {
  const from = since ? Date.parse(`${since}T00:00:00+08:00`) : -Infinity
  const to = until ? Date.parse(`${until}T00:00:00+08:00`) + 86_400_000 : Infinity
  const removed: Record<string, number> = {}
  const kept = events.filter((e) => {
    const inside = e.at.getTime() >= from && e.at.getTime() < to
    if (!inside) removed[e.action] = (removed[e.action] ?? 0) + 1
    return inside
  })
  return { kept, removed: Object.fromEntries(Object.entries(removed).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function scopeOf({ g, events, nameOf }: Case, order: Order, removed: Record<string, number>): Section {
  const counts = new Map<string, number>()
  for (const e of events) counts.set(e.action, (counts.get(e.action) ?? 0) + 1)
  const third = new Set(g.members.map((m) => m.id).filter((id) => nameOf(id)?.startsWith('成员 ')))
  const strangers = new Set(events.map((e) => e.actor).filter((a) => third.has(a))).size
  return {
    letter: 'A',
    title: '清单与范围',
    redaction: '无',
    missing: [],
    notes: [
      `申请 ${nameOf(order.requestedBy)}（${order.requestedAt.toISOString()}），批准 ${nameOf(order.decidedBy)}（${order.decidedAt?.toISOString() ?? ''}）。`,
      `时间范围：${order.since ?? '不限'} 至 ${order.until ?? '不限'}。去掉的条目按类型列在下面；没有其他筛选。`,
      `第三人：与本案无关的成员 ${strangers} 人只以内部编号出现；其他客户若被同一条日志提到，只以内部编号出现，本包没有对应的姓名。理由：最小必要。`,
      `已开始的留存：${
        g.holds
          .filter((h) => !h.releasedAt)
          .map((h) => `${h.caseNo}（自 ${h.beganAt.toISOString()}，复核 ${h.reviewAt.toISOString()}）`)
          .join('；') || '无'
      }。`,
    ],
    tables: [
      { title: '收入的日志条目', head: ['动作', '条数'], rows: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)) },
      { title: '被时间范围去掉的日志条目', head: ['动作', '条数'], rows: Object.entries(removed) },
    ],
  }
}

const chainOf = ({ head, config }: Ground, proofs: Proofs, events: readonly Event[]): Section => ({
  letter: 'L',
  title: '日志链的证明',
  redaction: '无',
  missing: config.TSA_URL ? [] : [{ what: '外部时间戳', why: '没有配置时间戳服务：无外部时间戳', who: '系统管理员' }],
  notes: [
    `本包的树头：${head.size} 条，根 ${head.root}，${head.time}，密钥 ${head.key}。`,
    `${events.length} 条日志各有一条到该树头的路径（proofs/inclusion.json）；验证方法见 VERIFY.md。`,
  ],
  tables: [
    {
      title: '树头（已导出的与最新的）',
      head: ['条数', '时间', '根', '密钥', '时间戳'],
      rows: proofs.heads.map((h) => [
        h.size,
        h.time,
        h.root,
        h.key,
        proofs.stamps.find((s) => s.size === h.size)?.at.toISOString() ?? '无外部时间戳',
      ]),
    },
    { title: '密钥', head: ['编号', '自', '公钥'], rows: proofs.keys.map((k) => [k.id, k.since, k.publicKey]) },
  ],
})

const methodOf = (): Section => ({
  letter: 'M',
  title: '方法说明',
  redaction: '无',
  missing: [],
  notes: ['见 METHOD.md：记录怎样形成、谁能改、证明什么与不证明什么。'],
  tables: [],
})

function filesOf(
  order: Order,
  ground: Ground,
  g: Gathered,
  events: readonly Event[],
  sections: readonly Section[],
  proofs: Proofs,
): File[] {
  const { config, head, now, rights } = ground
  const facts: [string, string][] = [
    ['单位', config.COMPANY_FULL_NAME],
    ['案号', order.caseNo],
    ['用途', order.purpose],
    ['对象', `${order.kind === 'departure' ? '离职' : '客户'} ${order.subject}`],
    ['制作时间', now.toISOString()],
    ['日志树头', `${head.size} 条，${head.root}`],
    ['外部时间戳', config.TSA_URL ? `${proofs.stamps.length} / ${proofs.heads.length} 个树头` : '无外部时间戳'],
  ]
  const file = (name: string, section: string, body: Buffer, redaction = '无'): File => ({
    name,
    section,
    redaction,
    body,
  })
  const method = METHOD({
    ...rights,
    stamped: proofs.stamps.length,
    heads: proofs.heads.length,
    authority: config.TSA_URL ?? null,
  })
  return [
    file('report.html', 'A–M', Buffer.from(reportOf(`证据包 ${order.caseNo}`, facts, sections)), '各节如其所述'),
    file(
      'events.ndjson',
      'D F G K',
      Buffer.from(events.map(({ line }) => `${line}\n`).join('')),
      '本身只有内部编号，没有遮蔽',
    ),
    ...sections.map((s) => file(`sections/${s.letter}.json`, s.letter, json(s), s.redaction)),
    file('proofs/heads.json', 'L', json({ pack: head, heads: proofs.heads, keys: proofs.keys })),
    file('proofs/inclusion.json', 'L', json({ size: head.size, root: head.root, proofs: proofs.inclusions })),
    file('proofs/consistency.json', 'L', json(proofs.grown)),
    ...proofs.stamps.map((s) => file(`proofs/stamps/${s.size}.tsr`, 'L', Buffer.from(s.response, 'base64'))),
    ...(proofs.stamps.length
      ? [file('proofs/tsa-ca.pem', 'L', Buffer.from((config.TSA_CA ?? '').replaceAll('\\n', '\n')))]
      : []),
    ...templatesOf(g).map(({ name, text }) => file(`templates/${name}`, 'G', Buffer.from(text), '链接以 … 代替')),
    file('METHOD.md', 'M', Buffer.from(method)),
    file('VERIFY.md', 'L', Buffer.from(VERIFY)),
    file('verify.mjs', 'L', Buffer.from(verifier)),
  ]
}

/** The notice as it was sent, once for each version and language; the customer's page in the versions it was sent with. */
function templatesOf(g: Gathered): { name: string; text: string }[] {
  const sent = new Map(
    g.attempts.filter((a) => !a.script).map((a) => [`notice-${a.template}-${a.language}.txt`, a.text]),
  )
  return [
    ...[...sent]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => ({ name: name.replace(/[^\w.@-]/g, '_'), text })),
    ...g.pages.map(({ version, digest, class: kind, words, lists, publishedAt }) => ({
      name: `page@${version}.json`,
      text: `${JSON.stringify({ version, digest, class: kind, since: publishedAt, words, lists }, null, 1)}\n`,
    })),
  ]
}

const manifestOf = (
  order: Order,
  { head, now, config }: Ground,
  files: readonly File[],
  removed: Record<string, number>,
) => ({
  format: 'jiebang pack v1',
  case: { number: order.caseNo, purpose: order.purpose, kind: order.kind, subject: order.subject },
  made: now.toISOString(),
  pack: order.id,
  head: { size: head.size, root: head.root },
  filters: { since: order.since, until: order.until, removed },
  services: { timestamp: config.TSA_URL ?? '无外部时间戳', notary: '未使用', blockchain: '未使用' },
  files: files.map((f) => ({
    name: f.name,
    sha256: sha(f.body),
    size: f.body.length,
    section: f.section,
    redaction: f.redaction,
  })),
})
