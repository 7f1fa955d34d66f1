import { act } from '../db/act'
import { holdersOfOffice } from '../db/office'
import type { Deps } from '../deps'
import { fill } from '../../shared/lang/fill'
import { told } from '../../shared/lang/zh-CN/told'
import { sendMessage } from '../wecom/apis'
import { makeHead } from './heads'
import * as rows from './rows'
import { stampHeads } from './stamp'
import { verifyIn } from './verify'

/** Every hour: a signed head over what is new. */
export async function headsJob(deps: Deps): Promise<void> {
  await makeHead(deps)
  await stampHeads(deps)
}

/** Every few minutes: heads that could not be stamped. */
export const stampsJob = (deps: Deps): Promise<void> => stampHeads(deps)

/** Every night: the whole log. What it finds stands on compliance's page; a break is an error in the server's log, too. */
export async function auditJob(deps: Deps): Promise<void> {
  const verdict = await verifyIn(deps.db, [], deps.now())
  const broken = verdict.whole ? null : verdict.broken
  const check = { at: deps.now(), entries: verdict.entries, brokenSeq: broken?.seq ?? null, why: broken?.why ?? null }
  await act(deps.db, deps.now(), 'system', (tx) => rows.addCheck(tx, check))
  if (broken) deps.log.error({ seq: broken.seq, why: broken.why }, 'the audit log is broken')
}

/**
 * Every morning: the newest head goes to the messages of everybody who holds compliance, by settings or by grant, out of
 * reach of whoever holds the database. Written down before it is sent and not repeated: tomorrow's head covers today's.
 */
export async function checkpointJob(deps: Deps): Promise<void> {
  const { config, db, wecom, log } = deps
  const head = await makeHead(deps)
  const holders = await holdersOfOffice(db, 'compliance', config.COMPLIANCE, deps.now())
  if (!head || !holders.length) return
  const said = { size: head.size, root: head.root, by: 'message', to: holders.map((m) => m.id) }
  await act(db, deps.now(), 'system', (_tx, audit) => Promise.resolve(audit('head.exported', String(head.size), said)))
  const params = { size: head.size, root: head.root, time: head.time, key: head.key }
  const textcard = {
    title: told.head.title,
    description: fill(told.head.text, params),
    url: `${config.PUBLIC_URL}/workbench?at=${encodeURIComponent('/evidence')}`,
    btntxt: told.head.button,
  }
  const message = {
    // WeCom takes a thousand at once; an office has a few.
    touser: holders.map((m) => m.userid).join('|'),
    msgtype: 'textcard',
    agentid: Number(config.WECOM_AGENT_ID),
    textcard,
  }
  await wecom
    .ask(sendMessage, message)
    .catch((err: unknown) => log.warn({ err }, 'the head was not sent to compliance'))
}
