import pg from 'pg'

interface Answered {
  rows?: unknown[]
}
const isAnswer = (answer: unknown): answer is Promise<Answered> => answer instanceof Promise
const textOf = (asked: unknown): string =>
  typeof asked === 'string' ? asked : ((asked as { text?: string } | null)?.text ?? '')

/**
 * PostgreSQL owes no order where none was asked for, and nearly always keeps that of writing: what leans on it fails once in a
 * hundred runs. Here such rows come the other way round, always. Left alone: what is read as a stream, and what a pool asks for
 * itself (`pool.query` answers to a callback), which the app does only while it starts.
 */
const ask = pg.Client.prototype.query as (...asked: unknown[]) => unknown
pg.Client.prototype.query = function query(this: pg.Client, ...asked: unknown[]): unknown {
  const answer = ask.apply(this, asked)
  if (!isAnswer(answer) || /\border by\b/i.test(textOf(asked[0]))) return answer
  return answer.then((said) => {
    said.rows?.reverse()
    return said
  })
} as typeof pg.Client.prototype.query
