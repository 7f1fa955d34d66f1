/** A request as it leaves the page. `shows`: it changes nothing. `bytes`: the answer is a file. */
export interface Sent {
  method: 'GET' | 'POST'
  url: string
  params: Record<string, unknown>
  /** JSON. */
  data?: string
  headers: Record<string, string>
  bytes: boolean
  shows: boolean
}

export interface Answer {
  status: number
  data: unknown
  headers: unknown
}

export const TIMEOUT_MS = 15_000

/**
 * What only shows is asked with fetch, which every web view has; axios carries what changes something, and comes after the first
 * screen, of which it would be a fifth. Throws when there is no answer; a `code` says that it took too long.
 */
export const wire = {
  carry: (sent: Sent): Promise<Answer> => (sent.shows ? byFetch(sent) : byAxios(sent)),
}

async function byAxios(sent: Sent): Promise<Answer> {
  // A file that did not come once never comes again on some clients; what somebody wrote must not wait for it.
  const come = await import('./axios').catch(() => undefined)
  if (!come) return byFetch(sent)
  const { method, url, params, data, headers, bytes } = sent
  return come.http.request<unknown>({
    ...{ method, url, params, data, headers, timeout: TIMEOUT_MS },
    ...(bytes ? { responseType: 'arraybuffer' as const } : {}),
  })
}

async function byFetch({ method, url, params, data, headers, bytes }: Sent): Promise<Answer> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS)
  try {
    const body = data === undefined ? {} : { body: data }
    const answer = await fetch(url + queryOf(params), { method, headers, signal: stop.signal, ...body })
    const read = bytes ? await answer.arrayBuffer() : parsed(await answer.text())
    return { status: answer.status, data: read, headers: Object.fromEntries(answer.headers) }
  } catch (thrown) {
    throw stop.signal.aborted ? Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }) : thrown
  } finally {
    clearTimeout(timer)
  }
}

function queryOf(params: Record<string, unknown>): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null)
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return query && `?${query}`
}

/** A proxy in between answers with a page of its own. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
