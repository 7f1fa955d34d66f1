/** One call to our server or to the client: which, by its pattern; how it ended; nothing of what was asked or answered. */
export interface Traced {
  what: string
  how: string | number
  ms: number
  at: number
  /** The request's number. */
  number: string
}

const MOST = 40
/** The last ones, in memory only, for whoever looks for a fault (client/debug). */
export const traced: Traced[] = []

export function trace(what: string, how: string | number, at: number, number = ''): void {
  traced.push({ what, how, at, number, ms: Date.now() - at })
  if (traced.length > MOST) traced.shift()
}
