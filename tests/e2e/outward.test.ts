import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMailHost, type MailHost } from '../../mock/mail/host'
import { STORY } from '../../mock/people'
import type { Cast } from '../../mock/wecom/cast'
import { freshDatabase, type FreshDatabase } from '../support/postgres'
import { playScene } from '../support/scene'
import { openStage, type Stage } from '../support/stage'

/**
 * Q44: whatever addresses WeCom, customers and members write, nobody follows them. A canary listens, and every socket that
 * this process opens is looked at, the app's and ours.
 */
let canary: Server
let heard = 0
let database: FreshDatabase
let mail: MailHost
let stage: Stage
const opened = new Set<string>()
const watch = (message: unknown) => {
  const { socket } = message as { socket: Socket }
  socket.on('lookup', (_error, _address, _family, host) => opened.add(host))
  socket.on('connectionAttempt', (ip: string, port: number) => opened.add(`${ip}:${port}`))
}

/** The canary, as an address can be written to look like another one. */
function bait(): string[] {
  const { port } = canary.address() as AddressInfo
  const hosts = [
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::1]',
  ]
  return [
    ...hosts.flatMap((host) => [`http://${host}:${port}/a.png`, `https://wework.qpic.cn@${host}:${port}/b`]),
    `//127.0.0.1:${port}/c.png`,
    `ftp://127.0.0.1:${port}/d`,
    `http://canary.example:${port}/e.png`,
  ]
}

/** Every text and picture that comes from WeCom is an address of the canary's. */
function lure(cast: Cast): void {
  const baits = bait()
  let n = 0
  const next = () => baits[n++ % baits.length]!
  const written = () => `<img src="${next()}"> ${next()}`
  for (const c of cast.customers) {
    c.avatar = next()
    if (c.externalUserid !== STORY.customer) c.name = next().slice(0, 60)
    if (c.corpName) [c.corpName, c.corpFullName] = [next(), written()]
    c.position = next()
  }
  for (const r of cast.relations) {
    r.remark = next().slice(0, 20)
    r.description = written().slice(0, 150)
    if (r.remarkCorpName) r.remarkCorpName = next()
  }
  for (const g of cast.groups) [g.name, g.notice] = [next(), written()]
  for (const g of cast.tagGroups) for (const tag of g.tags) tag.name = next().slice(0, 30)
}

beforeAll(async () => {
  // At every address of this machine, whether or not it has those of version 6.
  canary = createServer((socket) => {
    heard++
    socket.destroy()
  }).listen(0)
  await once(canary, 'listening')
  database = await freshDatabase()
  mail = await createMailHost()
  subscribe('net.client.socket', watch)
  const box = { MAIL_ADDRESS: mail.address, MAIL_IMAP_URL: mail.imapUrl, MAIL_SMTP_URL: mail.smtpUrl }
  stage = await openStage({ ...database.urls, ...box }, lure)
}, 120_000)
afterAll(async () => {
  await stage.close()
  unsubscribe('net.client.socket', watch)
  await mail.close()
  await database.drop()
  canary.close()
})

it('an address that somebody wrote is never opened by the server, in any form (Q44)', async () => {
  const baits = bait()
  const { letters } = await playScene(stage, 6, (where) =>
    `${where}: ${baits[where.length % baits.length]}`.slice(0, 90),
  )
  const letter = `${stage.appUrl}${letters[0]!}`
  const { db } = stage.running.deps
  const counted = async (channel: string) =>
    (await db.selectFrom('complaint').select('number').where('channel', '=', channel).execute()).length
  const lived = await counted('page')
  for (const url of baits) {
    const complaint = new URLSearchParams({ text: `请看 ${url}`, contact: url.slice(0, 60) })
    const form = { method: 'POST', headers: { origin: 'null' }, body: complaint, redirect: 'manual' } as const
    expect((await fetch(`${letter}/complaint`, form)).status).toBe(303)
    const headers = { 'Content-Type': 'text/html', 'Message-ID': `<${url}>` }
    const text = `<p>请看 ${url}</p><img src="${url}"><link rel="stylesheet" href="${url}">`
    mail.write({ from: 'lihua@example.org', to: mail.address, subject: `投诉 ${url}`, headers, text })
  }
  const complaints = async () => {
    stage.running.deps.wake('mail')
    return [await counted('page'), await counted('mail')]
  }
  await expect.poll(complaints, { timeout: 60_000, interval: 500 }).toEqual([lived + baits.length, baits.length])
  expect((await fetch(letter)).status).toBe(200)

  expect(heard).toBe(0)
  const ours = [stage.appUrl, stage.windowUrl, stage.running.deps.config.WECOM_API_URL, mail.imapUrl, mail.smtpUrl]
  const known = new Set(ours.map((url) => new URL(url).port))
  const ports = [...opened].filter((at) => /:\d+$/.test(at)).map((at) => at.replace(/.*:/, ''))
  const { port } = canary.address() as AddressInfo
  expect(ports).not.toContain(String(port))
  expect(ports.filter((at) => !known.has(at) && !database.urls.DATABASE_URL.includes(`:${at}/`))).toEqual([])
  expect([...opened].filter((at) => /canary|qpic/.test(at))).toEqual([])

  // And the canary sings, and the watch sees it: so that the silence above means something.
  await fetch(bait()[0]!).catch(() => undefined)
  expect(heard).toBe(1)
  expect([...opened].join(' ')).toContain(`:${port}`)
})
