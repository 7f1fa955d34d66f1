import type { Answer } from './http'

/**
 * What public/early.js asked while our own files were on their way, if it was this and the answer is a good one; each is taken
 * once. null: it has to be asked now, and a failure is told in the reader's language.
 */
export async function earlyAnswer(name: string): Promise<Answer | null> {
  const all = (window as { jiebangEarly?: Record<string, Promise<Early | undefined> | undefined> }).jiebangEarly
  const asked = all?.[name]
  if (!asked) return null
  all[name] = undefined
  const answer = await asked
  // Of another release it may be something else.
  return answer && 'data' in answer ? { ...answer, headers: Object.fromEntries(answer.headers) } : null
}

interface Early {
  status: number
  data: unknown
  headers: Headers
}
