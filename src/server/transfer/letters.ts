import { fill, type Language } from '../../shared/lang/fill'
import { told as en } from '../../shared/lang/en/told'
import { told as zh } from '../../shared/lang/zh-CN/told'
import { act } from '../db/act'
import { lettersToSend, type LetterKind, type LetterParams } from '../db/told'
import type { Deps } from '../deps'
import { sendMessage } from '../wecom/apis'
import { AnswerLost, WeComError } from '../wecom/client'
import * as rows from './letter-rows'

/** WeCom's own word for "nobody there could receive it" (facts 8.2): a single receiver is named as invalid instead. */
const NOT_RECEIVED = 81013

/**
 * Sends what members are to be told. A letter counts as sent before it is sent, and is never sent twice: a message that
 * was lost costs nothing, because the same work stands in the workbench; one that comes twice costs trust.
 */
export async function sendLetters(deps: Deps): Promise<void> {
  for (const letter of await lettersToSend(deps.db, deps.now())) {
    const params = await take(deps, letter)
    if (params && !(await send(deps, letter, params))) return
  }
}

type Letter = Awaited<ReturnType<typeof lettersToSend>>[number]

/** False: it surely was not sent, and neither would be the others; they wait for the next run. */
async function send(deps: Deps, letter: Letter, params: unknown): Promise<boolean> {
  const { wecom, log, config } = deps
  try {
    const textcard = cardOf(config.PUBLIC_URL, letter.kind as LetterKind, params)
    const message = { touser: letter.userid, msgtype: 'textcard', agentid: Number(config.WECOM_AGENT_ID), textcard }
    const { invaliduser } = await wecom.ask(sendMessage, message)
    if (invaliduser) await settle(deps, letter, { errcode: NOT_RECEIVED, sentAt: null })
    return true
  } catch (error) {
    log.warn({ err: error, letter: letter.id }, 'message not sent')
    if (error instanceof AnswerLost && !error.notSent) return true
    // Also when it is the receiver who must do something first: the others need not wait for that.
    const final = error instanceof WeComError && ['final', 'person'].includes(error.kind)
    await settle(deps, letter, { errcode: final ? error.errcode : null, sentAt: null })
    return final
  }
}

/** Whoever marks it as sent sends it. */
const take = ({ db, now }: Deps, letter: Letter) =>
  act(db, now(), 'system', async (tx, audit) => {
    const taken = await rows.takeLetter(tx, letter.id, now())
    if (taken) audit('member.told', letter.memberId, { letter: letter.id, kind: letter.kind })
    return taken?.params ?? null
  })

const settle = ({ db, now }: Deps, letter: Letter, outcome: { errcode: number | null; sentAt: null }) =>
  act(db, now(), 'wecom', async (tx, audit) => {
    await rows.setOutcome(tx, letter.id, outcome)
    audit('member.told', letter.memberId, { letter: letter.id, notReceived: true, errcode: outcome.errcode })
  })

const wishWords = { new: 'wish', due: 'wishDue', late: 'wishLate' } as const
const texts = { 'zh-CN': zh, en }

/** A text card (facts 8.2). Nobody has asked for it, so it has no language of its own: it speaks Chinese, like WeCom. */
export function cardOf(publicUrl: string, kind: LetterKind, params: unknown, language: Language = 'zh-CN') {
  const words = texts[language]
  const page = (path: string) => `${publicUrl}/workbench?at=${encodeURIComponent(path)}`
  if (kind === 'inherited') {
    const { customers, customer, groups = 0 } = params as LetterParams['inherited']
    if (customer) return card(words.inheritedOne, {}, page(`/c/${customer}`))
    if (groups && !customers) return card(words.inheritedGroups, { groups }, page('/inherited'))
    if (groups) return card(words.inheritedBoth, { customers, groups }, page('/inherited'))
    return card(words.inherited, { customers }, page('/inherited'))
  }
  if (kind === 'untold') return card(words.untold, { ...(params as LetterParams['untold']) }, page('/inherited'))
  if (kind === 'newcomers')
    return card(words.newcomers, { ...(params as LetterParams['newcomers']) }, page('/newcomers'))
  if (kind === 'promises') return card(words.promises, owedWords(words, params), page('/promises'))
  if (kind === 'wish') {
    const { objection, step } = params as LetterParams['wish']
    return card(words[wishWords[step]], {}, page(`/objections/${objection}`))
  }
  if (kind === 'emergency') return card(words.emergency, params as LetterParams['emergency'], page('/emergencies'))
  if (kind === 'export' || kind === 'export_code') {
    const { export: id, ...said } = params as LetterParams[typeof kind]
    return card(kind === 'export' ? words.export : words.exportCode, said, page(`/exports/${id}`))
  }
  if (kind === 'complaint_new') {
    const { count } = params as LetterParams['complaint_new']
    return card(words.complaintNew, { count }, page('/complaints'))
  }
  if (kind === 'complaint_news' || kind === 'complaint_due') {
    const said = params as LetterParams['complaint_due']
    const which = { soon: words.complaintSoon, late: words.complaintLate, stop: words.complaintStop }
    const { number, what, day = '' } = said
    return card(
      kind === 'complaint_due' ? which[what] : words.complaintNews,
      { number, day },
      page(`/complaints/${number}`),
    )
  }
  if (kind === 'plan_back') {
    const { plan, leaver, how } = params as LetterParams['plan_back']
    const said = how === 'expired' ? words.planBackExpired : words.planBackRejected
    return card(said, { leaver }, page(`/plans/${plan}`))
  }
  if (kind === 'plan_drafted') {
    const { plan, leaver, customers } = params as LetterParams['plan_drafted']
    return card(words.planDrafted, { leaver, customers }, page(`/plans/${plan}`))
  }
  if (kind === 'duty') return card(words.duty, params as LetterParams['duty'], page('/duty'))
  if (kind === 'duty_due') return card(words.dutyDue, params as LetterParams['duty_due'], page('/duty'))
  if (kind === 'plan_stuck') return card(words.planStuck, params as LetterParams['plan_stuck'], page('/rights'))
  const { plan, ...names } = params as LetterParams['plan']
  return card(names.groups ? words.planWithGroups : words.plan, names, page(`/plans/${plan}`))
}

/** Only what there is: "3 today, 1 overdue". */
function owedWords({ promises: words }: typeof zh, params: unknown): { list: string } {
  const said = params as LetterParams['promises']
  const parts = (['overdue', 'today', 'tomorrow'] as const).flatMap((when) =>
    said[when] ? [fill(words[when], { n: said[when] })] : [],
  )
  return { list: parts.join(words.and) }
}

const card = (
  words: { title: string; text: string; button: string },
  params: Record<string, string | number>,
  url: string,
) => {
  const safe = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, plain(value)]))
  const { title, text, button } = words
  return { title: fill(title, safe).slice(0, 128), description: fill(text, safe).slice(0, 512), url, btntxt: button }
}

/** The description takes markup, and a name is whatever somebody typed. */
const plain = (value: string | number): string => String(value).replace(/[<>&]/g, '').slice(0, 40) || '…'
