import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMailHost, type Letter, type MailHost } from '../../mock/mail/host'
import { mailJob } from '../../src/server/complaint/jobs'
import { takeMail } from '../../src/server/complaint/mail-in'
import { kindOf, numberIn, ownWords } from '../../src/server/complaint/mail-kind'
import { openDesk, type Desk } from '../support/handovers'

/** T-32: the real IMAP and SMTP clients against a mail server on this machine. */
let desk: Desk
let host: MailHost
let officer: Awaited<ReturnType<Desk['member']>>
beforeAll(async () => {
  host = await createMailHost()
  desk = await openDesk({
    COMPLIANCE: 'shenlan',
    MAIL_ADDRESS: host.address,
    MAIL_IMAP_URL: host.imapUrl,
    MAIL_SMTP_URL: host.smtpUrl,
  })
  officer = await desk.member('沈岚', { userid: 'shenlan' })
})
afterAll(async () => {
  await desk.close()
  await host.close()
})
beforeEach(() => {
  desk.clock.now += 86_400_000
  host.fault.smtp = 'none'
})

const run = () => mailJob(desk.deps)
const write = (letter: Partial<Letter> & { from: string }) => host.write({ to: host.address, ...letter })
const complaints = () => desk.db.selectFrom('complaint').selectAll().orderBy('number').execute()
const last = async () => (await complaints()).at(-1)!
const mails = (number: string) =>
  desk.db.selectFrom('complaintMail').selectAll().where('number', '=', number).orderBy('at').orderBy('id').execute()
const sentTo = async (number: string) => (await mails(number)).filter((m) => m.direction === 'out').at(-1)
const received = async (address: string) => Promise.all(host.lying(address).map((raw) => simpleParser(raw)))
const on = (number: string, step: string, body: object = {}) =>
  officer.ask('POST', `/api/complaints/${number}/${step}`, body)

async function decide(number: string) {
  await on(number, 'triage', { kind: 'service', severity: 'normal', about: null, owner: officer.id })
  await on(number, 'begin')
  const reasons = '核对了发货记录，晚发三天，已补发。'
  await on(number, 'decide', { outcome: 'upheld', againstStaff: false, summary: '已补发并致歉', reasons })
}

describe('mail to the compliance address (T-32)', () => {
  it('is one complaint of the same register, is acknowledged by mail with number and date, and once', async () => {
    write({ from: 'wang@customer.example', subject: '没有人回复我', text: '三天了，\n电话也没人接。' })
    await run()
    await run()
    const row = await last()
    expect(await complaints()).toHaveLength(1)
    expect(row).toMatchObject({ channel: 'mail', contact: 'wang@customer.example', state: 'acknowledged' })
    expect(row.text).toBe('没有人回复我\n\n三天了，\n电话也没人接。')
    const [answer, ...more] = await received('wang@customer.example')
    expect(more).toEqual([])
    expect(answer?.subject).toBe(`已收到您的投诉（编号${row.number}）`)
    expect(answer?.text).toMatch(/由个人信息保护办公室处理。我们会在\d+年\d+月\d+日前把结果和理由告诉您/)
    expect(answer?.headers.get('auto-submitted')).toBe('auto-replied')
    const link = /https:\S+/.exec(answer?.text ?? '')?.[0] ?? ''
    expect((await desk.page(new URL(link).pathname)).status).toBe(200)
    const inList = await officer.ask('GET', '/api/complaints')
    expect(inList.body.items[0]).toMatchObject({ number: row.number, channel: 'mail' })
  })

  it('a reply threads by what it answers, or by number from the same address; a stranger’s number is a complaint of its own', async () => {
    const { number } = await last()
    const ours = (await received('wang@customer.example'))[0]?.messageId ?? ''
    write({
      from: 'wang@private.example',
      subject: '补充',
      text: '附上单号 8812\n\n> 引用\n',
      headers: { 'In-Reply-To': ours },
    })
    write({ from: 'WANG@customer.example', subject: `Re: ${number}`, text: '还有一件' })
    write({ from: 'stranger@else.example', subject: `关于 ${number}`, text: '我要看内容' })
    await run()
    expect(await complaints()).toHaveLength(2)
    const events = await desk.db
      .selectFrom('complaintEvent')
      .select('words')
      .where('number', '=', number)
      .where('what', '=', 'material')
      .orderBy('seq')
      .execute()
    expect(events.map((e) => e.words)).toEqual(['附上单号 8812', '还有一件'])
    expect((await last()).contact).toBe('stranger@else.example')
  })

  it('the result goes by mail, and a mail server that took it is proof (E3); a reply later reopens nothing by itself', async () => {
    const { number } = (await complaints())[0]!
    await decide(number)
    expect((await complaints())[0]?.state).toBe('resolved')
    await run()
    expect((await complaints())[0]).toMatchObject({ state: 'result_informed', informedBy: 'mail' })
    const result = (await received('wang@customer.example')).at(-1)
    expect(result?.text).toContain('已处理：已补发并致歉。理由见：')
    expect(result?.text).not.toContain('核对了发货记录')
    expect(result?.references ?? result?.inReplyTo).toBeTruthy()
  })

  it('what comes back is seen, and the customer counts as not told', async () => {
    write({ from: 'nobody@gone.example', subject: '退信的人', text: '请联系我' })
    await run()
    await run()
    const { number } = await last()
    expect((await mails(number)).find((m) => m.kind === 'm6')?.state).toBe('bounced')
    const shown = (await officer.ask('GET', `/api/complaints/${number}`)).body
    expect(shown).toMatchObject({ bounced: true })
    expect(shown.events.map((e: { what: string }) => e.what)).toContain('mail_bounced')
    expect(await complaints()).toHaveLength(3)
  })
})

describe('what is no complaint', () => {
  it('automatic answers, lists, loops and our own mail are ignored, and nothing is kept of them but why', async () => {
    const before = (await complaints()).length
    write({ from: 'a@b.example', subject: 'Out of office', headers: { 'Auto-Submitted': 'auto-replied' } })
    write({ from: 'a@b.example', subject: 'News', headers: { Precedence: 'bulk' } })
    write({ from: 'a@b.example', subject: 'List', headers: { 'List-Id': '<x.example>' } })
    write({ from: host.address, subject: 'loop', text: 'CANARY-LOOP' })
    write({ from: 'MAILER-DAEMON@x.example', subject: 'Returned', text: 'CANARY-DAEMON' })
    await run()
    expect((await complaints()).length).toBe(before)
    const kept = await desk.db.selectFrom('complaintMail').selectAll().where('number', 'is', null).execute()
    expect(kept.map((m) => m.detail).sort()).toEqual(['auto', 'auto', 'auto', 'bounce', 'loop'])
    expect(JSON.stringify(kept)).not.toMatch(/CANARY|a@b|News/)
  })

  it('of a flood from one address twenty a day are taken', async () => {
    const before = (await complaints()).length
    for (let i = 0; i < 22; i++) write({ from: 'flood@x.example', subject: `第 ${i} 封`, text: `内容 ${i}` })
    await takeMail(desk.deps)
    await desk.db.deleteFrom('complaintMail').where('state', '=', 'queued').execute()
    expect((await complaints()).length - before).toBe(20)
  })

  it('attachments are refused: their names stand there, their contents nowhere, and the customer is told', async () => {
    const raw = [
      'From: "x" <file@x.example>',
      `To: ${host.address}`,
      'Subject: with a file',
      'Message-ID: <file.1@x.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>See <b>file</b></p><script>alert(1)</script>',
      '--b',
      'Content-Type: application/octet-stream; name="../../evil.exe"',
      'Content-Disposition: attachment; filename="../../evil.exe"',
      '',
      'CANARY-BYTES',
      '--b--',
      '',
    ].join('\r\n')
    write({ from: 'file@x.example', raw })
    await run()
    const { number, text } = await last()
    expect(text).not.toMatch(/alert|<b>/)
    const incoming = (await mails(number)).find((m) => m.kind === 'complaint')
    expect(incoming?.files).toMatchObject([{ name: '.._.._evil.exe' }])
    const everything = JSON.stringify([await mails(number), await complaints()])
    expect(everything).not.toContain('CANARY-BYTES')
    expect((await received('file@x.example'))[0]?.text).toContain('Attachments were not kept')
  })
})

describe('when the mail server is not well', () => {
  it('what surely was not sent is sent later; whoever does not exist is a failure that somebody sees', async () => {
    host.fault.smtp = 'later'
    write({ from: 'later@x.example', subject: '稍后', text: '稍后' })
    await run()
    const { number } = await last()
    expect(await sentTo(number)).toMatchObject({ state: 'queued', tries: 1, detail: 'SMTP 451' })
    expect((await last()).state).toBe('received')
    host.fault.smtp = 'none'
    await run() // not yet: it waits
    expect((await sentTo(number))?.state).toBe('queued')
    desk.clock.now += 10 * 60_000
    await run()
    expect((await last()).state).toBe('acknowledged')
    host.fault.smtp = 'refuse'
    write({ from: 'refused@x.example', subject: '不存在', text: '不存在' })
    await run()
    const refused = await last()
    expect((await sentTo(refused.number))?.state).toBe('failed')
    expect(refused).toMatchObject({ state: 'received', toldOfAt: null })
  })

  it('whoever dies while sending leaves a mail that nobody sends again by itself', async () => {
    write({ from: 'lost@x.example', subject: '丢失', text: '丢失' })
    host.fault.smtp = 'later'
    await run()
    const { number } = await last()
    await desk.db
      .updateTable('complaintMail')
      .set({ state: 'sending' })
      .where('number', '=', number)
      .where('direction', '=', 'out')
      .execute()
    host.fault.smtp = 'none'
    desk.clock.now += 3_600_000
    await run()
    expect((await sentTo(number))?.state).toBe('unknown')
    expect(await received('lost@x.example')).toEqual([])
  })

  it('a box that was made anew doubles nothing; one that does not answer is seen and loses nothing', async () => {
    const before = (await complaints()).length
    host.renumber()
    await run()
    expect((await complaints()).length).toBe(before)
    const { deps } = desk
    const deaf = { ...deps, config: { ...deps.config, MAIL_IMAP_URL: 'imap://a:b@127.0.0.1:1' } }
    await mailJob(deaf)
    const box = () => desk.db.selectFrom('mailBox').selectAll().executeTakeFirstOrThrow()
    expect((await box()).trouble).toBeTruthy()
    expect((await officer.ask('GET', '/api/complaints')).body.mailTrouble).toBeTruthy()
    await run()
    expect((await box()).trouble).toBe(null)
  })
})

describe('reading', () => {
  it('a number is found wherever it stands in a subject; quoted words are not the customer’s', () => {
    expect(numberIn('回复：ts-20261201-0004 进度')).toBe('TS-20261201-0004')
    expect(numberIn('TS-2026-1')).toBe(null)
    expect(ownWords('好的\n\n在 2026年12月1日，宏远 <a@b.cn> 写道：\n> 原文\n尾')).toBe('好的')
  })

  it('any bytes are a mail, and none of them is an error (hostile input)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const mail = await simpleParser(Buffer.from(bytes))
        expect(['letter', 'bounce', 'auto', 'loop']).toContain(kindOf(mail, 'a@b.cn'))
        expect(typeof ownWords(mail.text ?? '')).toBe('string')
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    )
  })
})
