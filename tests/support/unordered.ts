import pg from 'pg'

/**
 * PostgreSQL owes no order where none was asked for, and nearly always keeps that of writing: what leans on it fails once in a
 * hundred runs. Here such rows come the other way round, always.
 */
interface Answered {
  rows?: unknown[]
}
const isAnswer = (answer: unknown): answer is Promise<Answered> => answer instanceof Promise
const textOf = (asked: unknown): string =>
  typeof asked === 'string' ? asked : ((asked as { text?: string } | null)?.text ?? '')

const ask = pg.Client.prototype.query as (...asked: unknown[]) => unknown
pg.Client.prototype.query = function query(this: pg.Client, ...asked: unknown[]): unknown {
  const answer = ask.apply(this, asked)
  if (!isAnswer(answer) || /\border by\b/i.test(textOf(asked[0]))) return answer
  return answer.then((said) => {
    said.rows?.reverse()
    return said
  })
} as typeof pg.Client.prototype.query
