import {
  askable,
  askProblem,
  consentPurposes,
  REMIND_MS,
  type AskablePurpose,
  type AskProblem,
  type ConsentState,
} from '../../shared/consent'
import { sensitiveIn } from '../../shared/mask'
import type { NoticeState } from '../../shared/notice'
import type { TransferState } from '../../shared/transfer'
import type { Tx } from '../db/open'
import type { StandingRow } from '../db/standing'
import * as rows from './rows'

export interface Place {
  state: ConsentState
  at: rows.ConsentAt | undefined
  problem: AskProblem | 'ask_needless' | null
  /** The question is open: what may be done is the one reminder. */
  reminds: boolean
}

type Row = StandingRow & { customer: string; successor: string | null }

/**
 * How a purpose stands with a customer, and whether it may be asked for now. A purpose that nothing here would open is not needed:
 * nobody is asked for what there is not (PIPL 6).
 */
export async function placesOf(tx: Tx, row: Row, now: Date): Promise<Record<AskablePurpose, Place>> {
  const standing = await rows.consentsAt(tx, row.customer)
  const needed = await needsOf(tx, row.customer)
  const place = (purpose: AskablePurpose): Place => {
    const at = standing.find((one) => one.purpose === purpose)
    const before = (at?.state ?? 'not_needed') as ConsentState
    const state = before === 'not_needed' && needed[purpose] ? 'required' : before
    const problem = askProblem(
      {
        state,
        forOther: at?.subjectId !== row.successor,
        askedAt: at?.askedAt ?? null,
        reminded: at?.remindedAt != null,
        transfer: row.transfer as TransferState,
        notice: row.notice as NoticeState,
        objectionOpen: row.objectionOpen,
      },
      now,
    )
    const needless = !needed[purpose] && !['given', 'requested', 'unanswered'].includes(state)
    const open = state === 'requested' || state === 'unanswered'
    return { state, at, problem: needless ? 'ask_needless' : problem, reminds: open && at?.subjectId === row.successor }
  }
  return Object.fromEntries(askable.map((purpose) => [purpose, place(purpose)])) as Record<AskablePurpose, Place>
}

/** The triggers of D3, as this customer's record shows them. */
async function needsOf(tx: Tx, customer: string): Promise<Record<AskablePurpose, boolean>> {
  const sensitive = (await rows.textsOf(tx, customer)).flatMap(sensitiveIn)
  return {
    serve: (await rows.childOf(tx, customer)) !== undefined,
    history_raw: (await rows.rawCount(tx, customer)) > 0,
    sensitive_use: sensitive.some((kind) => kind === 'health' || kind === 'finance'),
  }
}

export const reminderFrom = ({ at }: Place): string | null =>
  at?.askedAt ? new Date(at.askedAt.getTime() + REMIND_MS).toISOString() : null

export const untilOf = (purpose: AskablePurpose, now: Date): Date =>
  new Date(now.getTime() + consentPurposes[purpose].days * 86_400_000)
