import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UNDO_MS } from '../../src/shared/note'
import { openDesk, type Desk, type Placed } from '../support/handovers'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let count = 0
const write = (placed: Placed, text: string, more: object = {}) =>
  placed.successor.ask('POST', `/api/handovers/${placed.id}/notes`, { text, once: `w${++count}`, ...more })
const notes = async (placed: Placed) =>
  (await placed.successor.ask('GET', `/api/customers/${placed.customer}/notes`)).body.items
const historyOf = async (placed: Placed) =>
  (await placed.successor.ask('GET', `/api/customers/${placed.customer}/history`)).body.items

describe('a note', () => {
  it('is an entry of the history with its author, and a double tap is one', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const taps = await Promise.all([1, 2, 3].map(() => write(placed, '周五回访', { once: 'tap' })))
    expect(taps.map((t) => t.status)).toEqual([200, 200, 200])
    expect(new Set(taps.map((t) => t.body.id)).size).toBe(1)
    expect(await notes(placed)).toMatchObject([{ text: '周五回访', author: '陈一鸣', mine: true, kind: 'note' }])
    const [entry] = await historyOf(placed)
    expect(entry).toMatchObject({ kind: 'note.written', author: '陈一鸣', body: { text: '周五回访' } })
  })

  it('is never written to another customer than the one it was begun for (Q67)', async () => {
    const [one, other] = [await desk.handover({ notice: 'sent' }), await desk.handover({ notice: 'sent' })]
    const here = await desk.handover({ notice: 'sent', successor: one.successor })
    await write(one, '给第一位', { once: 'same' })
    expect((await write(here, '给第一位', { once: 'same' })).body.code).toBe('stale')
    expect(await notes(here)).toEqual([])
    // Somebody else's name for a writing is their own.
    expect((await write(other, '给第一位', { once: 'same' })).status).toBe(200)
  })

  it('is put right by a new entry that names the old one, which stays', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const { id } = (await write(placed, '每月 5 号对账')).body
    desk.clock.now += 60_000
    expect((await write(placed, '每月 8 号对账', { corrects: id })).status).toBe(200)
    expect(await notes(placed)).toMatchObject([
      { text: '每月 8 号对账', corrects: { author: '陈一鸣' }, corrected: false },
      { text: '每月 5 号对账', corrects: null, corrected: true },
    ])
    expect((await historyOf(placed))[0]).toMatchObject({ kind: 'note.corrected', body: { of: '陈一鸣' } })
    const other = await desk.handover({ notice: 'sent' })
    expect((await write(other, '别人的', { corrects: id })).body.code).toBe('not_found')
  })

  it('is taken back by its author within ten minutes: entry and log stay, the words are nowhere', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const { id, undoUntil } = (await write(placed, 'NOTE-MISTAKEN')).body
    expect(Date.parse(undoUntil)).toBe(desk.clock.now + UNDO_MS)
    const stranger = await desk.member('马超')
    expect((await stranger.ask('POST', `/api/notes/${id}/withdraw`)).body.code).toBe('not_found')
    desk.clock.now += UNDO_MS - 1000
    const undo = () => placed.successor.ask('POST', `/api/notes/${id}/withdraw`)
    expect((await Promise.all([undo(), undo()])).map((u) => u.status)).toEqual([200, 200])
    expect(await notes(placed)).toMatchObject([{ text: null, undoUntil: null }])
    const shown = await placed.successor.ask('GET', `/api/customers/${placed.customer}/history`)
    expect(shown.text).not.toContain('NOTE-MISTAKEN')
    expect(shown.body.items.map((e: { kind: string }) => e.kind).slice(0, 2)).toEqual([
      'note.withdrawn',
      'note.written',
    ])
    const reveal = { customer: placed.customer, field: 'history', entry: id, reason: 'call' }
    expect((await placed.successor.ask('POST', `/api/customers/${placed.customer}/reveal`, reveal)).body.code).toBe(
      'not_found',
    )
    expect((await write(placed, '更正它', { corrects: id })).body.code).toBe('stale')
    expect((await desk.audits()).filter((a) => a.subject === id).map((a) => a.action)).toEqual([
      'note.written',
      'note.withdrawn',
    ])
    const row = await desk.db.selectFrom('history').select('body').where('id', '=', id).executeTakeFirst()
    expect(row?.body).toEqual({ text: 'NOTE-MISTAKEN' })
  })

  it('stays once ten minutes are over', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const { id } = (await write(placed, '写错了')).body
    desk.clock.now += UNDO_MS
    expect((await placed.successor.ask('POST', `/api/notes/${id}/withdraw`)).body.code).toBe('note_late')
    expect(await notes(placed)).toMatchObject([{ text: '写错了', undoUntil: null }])
  })

  it('with something sensitive in it is asked about, masked where it is shown, and in no entry of the log (T-16)', async () => {
    const placed = await desk.handover({ notice: 'sent' })
    const text = '客户有糖尿病，手机 13812345678'
    const first = await write(placed, text)
    expect(first.body).toMatchObject({ code: 'think_twice' })
    expect(first.body.message).toContain('健康信息')
    expect(await notes(placed)).toEqual([])
    expect((await write(placed, text, { sure: true })).status).toBe(200)
    const [note] = await notes(placed)
    expect(note.text).toBe('〔健康信息〕，手机 138****5678')
    const log = (await desk.audits()).filter((a) => a.action === 'note.written').at(-1)
    expect(log?.detail).toMatchObject({ sure_of: ['health'] })
    expect(JSON.stringify(log)).not.toContain('糖尿病')
  })

  it('is closed before the customer is told, to an objection and to everybody else', async () => {
    const placed = await desk.handover()
    expect((await write(placed, '早了')).body.code).toBe('not_notified')
    expect((await placed.successor.ask('GET', `/api/customers/${placed.customer}/notes`)).body.code).toBe(
      'not_notified',
    )
    const objected = await desk.handover({ notice: 'sent', objection: true })
    expect((await write(objected, '不行')).body.code).toBe('not_found')
    const told = await desk.handover({ notice: 'sent' })
    const body = { text: '不是我的', once: 'x' }
    const stranger = await told.leaver.ask('POST', `/api/handovers/${told.id}/notes`, body)
    const nobody = await told.leaver.ask('POST', '/api/handovers/none/notes', body)
    expect([stranger.status, stranger.body.code]).toEqual([nobody.status, nobody.body.code])
  })
})
