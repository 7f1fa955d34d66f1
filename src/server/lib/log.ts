import { pino, type DestinationStream, type Logger } from 'pino'

/**
 * The log: JSON lines without anybody's data. Ids of our own, doors' patterns, codes and times may stand in it; names,
 * numbers, texts, links, addresses and secrets may not (DESIGN "Security", Q48).
 */
export const createLog = (level: string, to?: DestinationStream): Logger =>
  pino(
    { level, base: null, redact: ['req', 'res', 'url', 'body', 'headers'], serializers: { err: bare } },
    ...(to ? [to] : []),
  )

/**
 * An error without the data it happened to: PostgreSQL's `detail` shows the row, a parser's message the text it stumbled
 * over. Where it happened, what kind it is and which constraint said no is what mends it.
 */
function bare(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const own = error as Error & Record<string, unknown>
  const kept = ['code', 'errcode', 'path', 'why', 'table', 'column', 'constraint', 'routine']
  return {
    type: error.name,
    message: wordsOnly(error.message),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...Object.fromEntries(
      kept.flatMap((name) => (['string', 'number'].includes(typeof own[name]) ? [[name, own[name]]] : [])),
    ),
    ...(error.cause instanceof Error ? { cause: bare(error.cause) } : {}),
  }
}

/** What is quoted was somebody's, and so is a long number. Our own sentences and the engine's stay readable. */
const wordsOnly = (message: string): string =>
  message
    .slice(0, 500)
    .replace(/"[^"]*"?|'[^']*'?|“[^”]*”?|`[^`]*`?/g, '"…"')
    .replace(/\d{5,}/g, '…')
    .replace(/[^\x20-\x7e…]+/g, '…')
