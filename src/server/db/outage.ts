/**
 * The database is away, full, restarting, read-only or too slow: classes 08, 53, 57, 58 of PostgreSQL's codes, the losers of
 * a deadlock, and the system's own words for a broken connection. None of it is the caller's fault, and it passes (Q6, Q7).
 */
const CODES =
  /^(08...|53...|57...|58...|40001|40P01|55P03|25006|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** What pg and its pool say without a code. */
const WORDS =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client (was closed|has encountered))/

export function isOutage(error: unknown): error is Error {
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  if (!(error instanceof Error)) return false
  return CODES.test('code' in error ? String(error.code) : '') || WORDS.test(error.message) || isOldPlan(error)
}

/**
 * A table has changed since this connection planned the statement, and the connection will refuse it for ever. The code means
 * other things, too, and the message is in the database's language, so it is known by where PostgreSQL found it.
 */
export const isOldPlan = (error: Error): boolean =>
  'code' in error && error.code === '0A000' && 'routine' in error && error.routine === 'RevalidateCachedQuery'
