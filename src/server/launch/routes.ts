import { createHash } from 'node:crypto'
import { canonical } from '../../shared/canonical'
import { Failure } from '../../shared/failure'
import {
  getLaunch,
  launchOpen,
  saveLaunch,
  signLaunch,
  type LaunchAnswers,
  type LaunchShown,
} from '../../shared/launch'
import { act } from '../db/act'
import type { Db } from '../db/open'
import type { Deps } from '../deps'
import { serve, type House } from '../lib/serve'
import { findingsOf } from './findings'
import * as rows from './rows'

/** The review before the first customer is passed on: answered by some, signed by another, and then it stays (T-22). */
export function launch(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, getLaunch, ({ caller }) => shown(db, deps, caller.id))

  serve(house, saveLaunch, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdReview(tx)
      if (held?.signedAt || (held?.digest ?? null) !== input.on) throw new Failure('stale')
      const digest = digestOf(input.answers)
      const writers = [...new Set([...(held?.writers ?? []), caller.id])]
      await rows.putReview(tx, { answers: input.answers, digest, by: caller.id, writers, at: now() })
      audit('launch.saved', 'launch', { digest, open: launchOpen(input.answers) })
      return shown(tx, deps, caller.id)
    }),
  )

  serve(house, signLaunch, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const held = await rows.holdReview(tx)
      if (!held || held.signedAt || held.digest !== input.digest) throw new Failure('stale')
      if (held.writers.includes(caller.id)) throw new Failure('own_launch')
      const findings = await findingsOf(tx, deps)
      const count = launchOpen(held.answers as LaunchAnswers).length + findings.filter(({ met }) => !met).length
      if (count) throw new Failure('launch_open', { count })
      await rows.setSigned(tx, caller.id, now(), findings)
      audit('launch.signed', 'launch', { digest: held.digest, written_by: held.writers })
      return shown(tx, deps, caller.id)
    }),
  )
}

const digestOf = (answers: LaunchAnswers): string => createHash('sha256').update(canonical(answers)).digest('hex')

async function shown(db: Db, deps: Deps, reader: string): Promise<LaunchShown> {
  const row = await rows.reviewNow(db)
  return {
    answers: (row?.answers ?? {}) as LaunchAnswers,
    ...{ digest: row?.digest ?? null, by: row?.writer ?? null, at: row?.writtenAt.toISOString() ?? null },
    mine: row?.writers.includes(reader) ?? false,
    signed: row?.signedAt ? { by: row.signer ?? '', at: row.signedAt.toISOString() } : null,
    findings: row?.found ? (row.found as unknown as LaunchShown['findings']) : await findingsOf(db, deps),
  }
}
