import { maySee } from '../../shared/access'
import { Failure } from '../../shared/failure'
import { stageOfRow, type StandingRow } from './standing'

/** What is service history (F2) is written and read by the successor once the customer is told, and by nobody else. */
export function servingRow<R extends StandingRow>(row: R | undefined, now: Date): R {
  if (!row) throw new Failure('not_found')
  const stage = stageOfRow(row, now)
  if (stage === 'V1') throw new Failure('not_notified')
  if (!maySee('successor', stage, 'F2')) throw new Failure('not_found')
  return row
}
