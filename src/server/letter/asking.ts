import { fill } from '../../shared/lang/fill'
import { isFile, requestKinds, type RequestKind } from '../../shared/request'
import { copyFile } from '../db/copy-file'
import { allocationOf, fileRequest, moveRequest, requestsOf, takeOnce, type RequestRow } from '../db/request'
import { hashToken } from '../lib/id'
import { createLimit } from '../lib/limit'
import type { House } from '../lib/serve'
import { fields, look, page, tooOften, type Door, type Visit } from './doors'
import { identifyPath, inWeChat } from './identity'
import { dayIn, paramsOf } from './letter'
import { levelOf } from './level'
import { readRequest, requestFormPage } from './request-form'
import { choicePage, requestPage } from './requests'
import { house as houseOf, to } from './sheet'

const REQUESTS_A_MINUTE = 10

/** To see, copy, correct, delete, restrict … one's own information: asked here, answered here (compliance 5.5, L24 to L28). */
export function requestDoors(house: House, door: Door): void {
  const mayAsk = createLimit(REQUESTS_A_MINUTE, house.deps.now)

  door('GET', '/request', async (v) => {
    const row = await theirs(v)
    look(v, row ? 'request' : 'requests')
    if (row) return page(v.c, await shown(v, row))
    const kind = kindIn(v.c.req.query('kind'))
    if (!kind) return page(v.c, choicePage(v.sheet, await identifyAt(v)))
    return page(v.c, requestFormPage(v.sheet, kind, await levelOf(v), paramsOf(v.letter, v.sheet)))
  })

  door('POST', '/request', async (v) => {
    const read = readRequest(await fields(v.c), v.sheet)
    if (!read) return page(v.c, choicePage(v.sheet, await identifyAt(v)), 400)
    const { kind, given } = read
    if ('why' in given)
      return page(v.c, requestFormPage(v.sheet, kind, await levelOf(v), paramsOf(v.letter, v.sheet), given), 400)
    const seconds = mayAsk(v.letter.handover)
    if (seconds) return tooOften(v.c, v.sheet, seconds)
    const filed = await fileRequest(v.tx, v.audit, v.at, v.secret, {
      ...{
        id: v.id(),
        customer: v.letter.customer,
        handover: v.letter.handover,
        kind,
        level: await levelOf(v),
        ...given,
      },
      ...{ language: v.sheet.language, tokenHash: hashToken(v.base.slice('/n/'.length)) },
    })
    if (filed.fresh) await answerAtOnce(v, filed.id, kind)
    return v.c.redirect(to(v.sheet, `${v.base}/request`, { number: filed.number }), 303)
  })

  door('POST', '/request/seen', async (v) => {
    const row = await theirs(v)
    if (row) await moveRequest(v.tx, v.audit, row.id, 'inform', { informedHow: 'page', informedAt: v.at })
    return v.c.body(null, 204)
  })

  door('POST', '/request/file', async (v) => {
    const row = await theirs(v)
    if (!row || (await takeOf(v, row)) !== 'may' || !(await takeOnce(v.tx, row.id, v.at)))
      return v.c.redirect(to(v.sheet, `${v.base}/request`, row ? { number: row.number } : {}), 303)
    const { company, person, mail, tel } = houseOf(v.sheet.config)
    const body = await copyFile(v.tx, v.letter.customer, {
      ...{ number: row.number, at: v.at, language: v.sheet.language, kind: row.kind === 'move' ? 'given' : 'all' },
      house: { company: company!, person: person!, mail: mail!, tel: tel! },
    })
    v.audit('request.file', row.number, { to: 'customer', bytes: body.length })
    v.c.header('cache-control', 'no-store')
    v.c.header('content-disposition', `attachment; filename="${row.number}.zip"`)
    return v.c.body(new Uint8Array(body), 200, { 'content-type': 'application/zip' })
  })
}

const kindIn = (given: string | undefined): RequestKind | undefined => requestKinds.find((kind) => kind === given)

const theirs = async ({ tx, letter, c }: Visit): Promise<RequestRow | undefined> => {
  const number = c.req.query('number')
  return number ? (await requestsOf(tx, letter.customer)).find((row) => row.number === number) : undefined
}

/** A copy is given here to whom WeChat vouches for; otherwise by a person who has looked. */
async function takeOf(v: Visit, row: RequestRow): Promise<'may' | 'by_us' | null> {
  if (!isFile(row.kind as RequestKind) || !row.executedAt) return null
  return (await levelOf(v)) === 'IAL2' && !row.takenAt ? 'may' : 'by_us'
}

async function shown(v: Visit, row: RequestRow) {
  const unseen = row.state === 'executed' || row.state === 'refused'
  const seen = unseen ? to(v.sheet, `${v.base}/request/seen`, { number: row.number }) : undefined
  return requestPage(v.sheet, {
    row,
    now: v.at,
    take: await takeOf(v, row),
    identify: await identifyAt(v),
    ...(seen ? { seen } : {}),
  })
}

/** Only WeChat's browser can say who reads, and whom it has vouched for need not ask again. */
const identifyAt = async (v: Visit): Promise<string | null> =>
  inWeChat(v.c) && (await levelOf(v)) !== 'IAL2' ? identifyPath(v.base, 'request') : null

/** What needs nobody: why this colleague, from what was frozen with the plan; a copy for whom WeChat vouches. */
async function answerAtOnce(v: Visit, id: string, kind: RequestKind): Promise<void> {
  const own = isFile(kind) && (await levelOf(v)) === 'IAL2'
  if (!own && kind !== 'explain_allocation') return
  const outcome = own ? v.sheet.words.request.take_once : await whyThem(v)
  await moveRequest(v.tx, v.audit, id, 'accept', { decidedAt: v.at })
  await moveRequest(v.tx, v.audit, id, 'execute', { executedAt: v.at, outcome })
}

/** In the order in which they are said; nothing of performance, tenure or value is ever among them (T-64). */
const tellable = ['asked_for', 'knows', 'region', 'industry', 'language', 'preference', 'room'] as const

async function whyThem(v: Visit): Promise<string> {
  const { request } = v.sheet.words
  const found = await allocationOf(v.tx, v.letter.handover)
  const params = {
    ...paramsOf(v.letter, v.sheet),
    ...dayIn(found?.decidedAt ?? v.letter.effective, v.sheet.language),
    successors: found?.successors || 1,
    customers: found?.customers || 1,
  }
  if (found?.wish) return fill(request.why_wish, params)
  if (!found?.ruled) return fill(request.why, params)
  // Whom a person has named instead: what the rules had found is not why.
  if (!found.matched) return fill(request.why_person, params)
  const by = tellable.filter((one) => found.matched?.includes(one)).map((one) => request.why_by[one])
  return fill(request.why_rules, { ...params, by: by.join(request.why_and) })
}
